/** On the queue: the stories of which this browser still holds decisions, with what is needed. */

import { make } from "./elements.js";

const place = document.getElementById("waits");
const { me } = place.dataset;

/** Of each story and person: how many decisions wait to be sent, and how many to be chosen about. */
function waits() {
  const found = new Map();
  for (let index = 0; index < localStorage.length; index += 1) {
    const key = localStorage.key(index);
    const [begins, sort, user, article] = key.split("/");
    if (begins !== "newsdesk" || !article) continue;
    const item = JSON.parse(localStorage.getItem(key));
    const one = found.get(`${user}/${article}`) ?? { user: decodeURIComponent(user), article, step: 0, choice: 0 };
    one.title = item.title;
    one[sort] += sort === "step" ? item.pairs.length : 1;
    found.set(`${user}/${article}`, one);
  }
  return [...found.values()];
}

function row({ user, article, title, step, choice }) {
  const parts = [
    step && `${step} ${step === 1 ? "decision waits" : "decisions wait"} to be sent`,
    choice && `${choice} ${choice === 1 ? "was" : "were"} not stored and ${choice === 1 ? "needs" : "need"} a choice`,
  ];
  const words = parts.filter(Boolean).join(", ");
  const href = place.dataset.article.replace("/0/", `/${article}/`);
  const whose = user === me ? "" : ` These are ${user}’s: sign in as ${user} to send them.`;
  return make("li", {}, make("a", { href }, title || `Story ${article}`), `: ${words}.${whose}`);
}

function show() {
  let found = [];
  try {
    found = waits();
  } catch {
    // A browser that keeps nothing has nothing that waits.
  }
  place.hidden = !found.length;
  place.replaceChildren(make("h2", {}, "Waiting in this browser"), make("ul", {}, ...found.map(row)));
}

show();
addEventListener("storage", show);
