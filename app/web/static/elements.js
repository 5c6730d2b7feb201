import { byId } from "./state.js";
import { t } from "./words.js";

/** Text goes in as text: nothing from a model or a document is ever parsed as HTML. */
export function make(tag, { text, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...(text === undefined ? [] : [text]), ...children);
  return element;
}

export function button(text, onClick, className = "quiet") {
  const element = make("button", { type: "button", className, text });
  element.addEventListener("click", (event) => onClick(element, event));
  return element;
}

/** Says on the document that something is wanted (`ask`, `decide`) or has happened; whoever cares listens there. */
export const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

/** A function of a module that the first paint can do without: it is fetched when it is first wanted. */
export const later = (load, name) => (...given) =>
  load().then((module) => module[name](...given), () => (byId("status").textContent = t("unreachable")));

export const copy = (id) => byId(id).content.firstElementChild.cloneNode(true);
export const local = (url) => (/^\/(?![/\\])/.test(url ?? "") ? url : null);
export const safe = (url) => local(url) ?? (/^https:\/\//.test(url ?? "") ? url : null);
export const productAddress = (id) => `/products/${encodeURIComponent(id)}`;

export function link(url, text) {
  const away = local(url) ? {} : { target: "_blank", rel: "noopener noreferrer" };
  return make("a", { href: url, text, ...away });
}

export function fillPicture(holder, url, title) {
  const initial = () => holder.replaceChildren(make("span", { text: title.slice(0, 1), ariaHidden: "true" }));
  if (!local(url)) return initial();
  holder.replaceChildren(make("img", { src: url, alt: "", width: 400, height: 400, onerror: initial }));
}
