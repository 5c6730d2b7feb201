import { byId } from "./state.js";

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

export const copy = (id) => byId(id).content.firstElementChild.cloneNode(true);
export const local = (url) => (/^\/(?![/\\])/.test(url ?? "") ? url : null);
export const safe = (url) => local(url) ?? (/^https:\/\//.test(url ?? "") ? url : null);

/** With the answer it was shown in, whose passages the page then quotes. */
export const productAddress = (id, run) => `/products/${encodeURIComponent(id)}${run ? `?run=${encodeURIComponent(run)}` : ""}`;

export function link(url, text) {
  const away = local(url) ? {} : { target: "_blank", rel: "noopener noreferrer" };
  return make("a", { href: url, text, ...away });
}

export function fillPicture(holder, url, title) {
  const initial = () => holder.replaceChildren(make("span", { text: title.slice(0, 1), ariaHidden: "true" }));
  if (!local(url)) return initial();
  holder.replaceChildren(make("img", { src: url, alt: "", width: 400, height: 400, onerror: initial }));
}
