/** Takes in what colleagues and the machine do: changes, the reading, and who is where. */

import { make } from "./elements.js";
import { Live } from "./live.js";

const SUBJECTS = { annotation: "annotation", attribution: "tie" };
const DID = { publish: "published", correct: "corrected" };
// Taken in together: a reading ends with hundreds of changes.
const GATHERING = 30;
const STANDING_STILL = 250;

/**
 * @param {{state: object, store, notices, network, tab: string, root: HTMLElement,
 *   goTo: (id: string) => void, taken: () => void, read: (run: object) => void}} parts
 * @returns {(id: string | null) => void} to be told at which tag the editor is
 */
export function colleagues({ state, store, notices, network, tab, root, goTo, taken, read }) {
  const { revision, urls } = state;
  let news = { annotation: [], tie: [] };
  let taking = null;

  function takeIn() {
    taking = null;
    const { annotation, tie } = news;
    news = { annotation: [], tie: [] };
    store.confirm("annotation", annotation);
    store.confirm("tie", tie);
    taken();
  }

  function hear({ subject_type: type, action, actor, after }) {
    const subject = SUBJECTS[type];
    if (subject) {
      news[subject].push(after);
      taking ??= setTimeout(takeIn, GATHERING);
    } else if (type === "revision" && after.number !== revision) {
      notices.stand("article", "The text was revised: load the page again to go on. What you decide is carried over.", reload());
    } else if (type === "article" && after.revision === revision && after.version > state.version) {
      notices.stand("article", `${actor ?? "Somebody"} ${DID[action] ?? "moved"} the article.`, reload());
    }
  }

  let together = null;
  async function meet(people) {
    if (!together && !people.length) return;
    together ??= import("./together.js").then(({ Together }) => new Together({ store, root, goTo }));
    (await together).show(people);
  }

  new Live({
    url: `${urls.live}?tab=${tab}`,
    after: state.seq,
    heard: {
      change: hear,
      here: meet,
      // After the changes that came before it, so that the counts are right when it is said.
      run: (found) => found?.revision === revision && setTimeout(() => read(found), 2 * GATHERING),
    },
  });

  let telling = null;
  return (at) => {
    clearTimeout(telling);
    telling = setTimeout(() => network.ask(urls.here, { tab, at }), STANDING_STILL);
  };
}

const reload = () => make("a", { href: location.pathname }, "Load again");
