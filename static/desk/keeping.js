/** Wires what loses nothing: the store, this browser's storage, the network and the steps. */

import { Network } from "./network.js";
import { Steps } from "./steps.js";
import { Trouble } from "./trouble.js";
import { Waiting } from "./waiting.js";
import { newId } from "./decisions.js";

const UNKEPT = "This browser keeps nothing for the desk (its storage is full or shut off): do not close the page while decisions wait to be sent.";

/**
 * @param {{state: object, store, notices, names, goTo: (id: string) => void}} parts
 * @returns {{network, steps, settle: () => Promise<void>, signIn: () => Promise<void>, tab: string}}
 *   `settle` opens the list of choices, `signIn` the dialog of a session that ran out
 */
export function keeping({ state, store, notices, names, goTo }) {
  const { me, revision, urls } = state;
  const tab = newId();
  const waiting = new Waiting({ user: me, article: state.article, title: document.querySelector("h1").textContent, tab });
  let signing = null;
  const signIn = () =>
    (signing ??= import("./sign_in.js").then(
      ({ SignIn }) => new SignIn({ url: urls.signIn, me, store, network, notices }),
      (error) => {
        signing = null;
        throw error;
      },
    ));
  const trouble = new Trouble({ store, notices, me, signIn });
  const network = new Network({
    url: urls.decisions,
    cookie: state.csrfCookie,
    wire: (step) => steps.wire(step),
    answered: (...answer) => steps.answered(...answer),
    trouble: (...news) => trouble.show(...news),
  });
  const steps = new Steps({
    store,
    waiting,
    network,
    me,
    revision,
    steps: state.steps,
    rowsOf: async (step) => (await network.get(urls.step.replace(state.anyId, step))).body.rows ?? null,
    refused,
    unkept: () => notices.stand("unkept", UNKEPT),
  });

  // Needed only when something was refused: then the network is there.
  let unsettled = null;
  const choosing = () =>
    (unsettled ??= import("./unsettled.js").then(
      ({ Unsettled }) => new Unsettled({ store, steps, waiting, notices, names, goTo }),
    ));

  function refused(refusals) {
    const choices = refusals.filter((one) => "kept" in one);
    if (choices.length) choosing().then((list) => list.take(choices));
    for (const { answer, kept } of refusals) {
      if (answer.annotation && store.get(answer.annotation)) goTo(answer.annotation);
      if (kept === undefined) notices.warn(`Not stored: ${answer.detail ?? "the server refused it."}`);
    }
  }

  store.subscribe(() => trouble.update());
  // A form that was drawn before somebody signed in anew has an older token.
  addEventListener("submit", ({ target }) => {
    const field = target.elements.csrfmiddlewaretoken;
    if (field) field.value = network.token();
  });
  addEventListener("beforeunload", (event) => waiting.unkept.size && event.preventDefault());
  waiting.adopt((items) => steps.resume(items));
  const left = waiting.choices();
  if (left.length) choosing().then((list) => list.take(left));
  document.body.dataset.waiting = store.waiting;
  return {
    network,
    steps,
    tab,
    settle: () => choosing().then((list) => list.open()),
    // Without the dialog there is still the page: what waits stays in this browser.
    signIn: () => signIn().then((dialog) => dialog.open(), () => location.assign(`${urls.signIn}?next=${location.pathname}`)),
  };
}
