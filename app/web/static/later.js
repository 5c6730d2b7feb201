import { call } from "./api.js";
import { make } from "./elements.js";
import { byId, page, state } from "./state.js";
import { t } from "./words.js";

let looks = null; // the second style sheet, as a promise
const whole = new Map(); // language -> all of its words, as a promise

/** A function of a module that the first paint can do without: it is fetched when first wanted, with look and words. */
export function later(load, name) {
  let ready = null;
  const fetched = ([module]) => {
    complain("");
    return (ready = module[name]);
  };
  const failed = () => () => complain(t("unreachable"));
  const fetchAll = () => Promise.all([load(), look(), learn(state.lang)]).then(fetched, failed);
  return (...given) => (ready ? ready(...given) : fetchAll().then((wanted) => wanted(...given)));
}

/** Seen wherever the page is scrolled to, until something arrives again. */
export function complain(text) {
  byId("adrift").textContent = text;
  byId("adrift").hidden = !text;
}

/** The page is served with the words of its first paint in one language; this fetches all of a language. */
export function learn(lang) {
  if (!whole.has(lang)) {
    const words = call(`/strings/${lang}.json`).then((all) => (page.strings[lang] = all));
    whole.set(lang, words);
    words.catch(() => whole.delete(lang));
  }
  return whole.get(lang);
}

const look = () =>
  (looks ??= new Promise((resolve, reject) => {
    const failed = () => reject((looks = null));
    document.head.append(make("link", { rel: "stylesheet", href: "/static/later.css", onload: resolve, onerror: failed }));
  }));
