import { later } from "./later.js";
import { byId } from "./state.js";

const showProduct = later(() => import("./product.js"), "showProduct");
const hideProduct = later(() => import("./product.js"), "hideProduct");
let left = { scroll: 0 }; // where the conversation was when it was left, and what had the focus

history.scrollRestoration = "manual"; // the conversation is scrolled back to where it was left

/** The product an address names, and the answer it was shown in; null for the conversation. */
export function placeOf({ pathname, search, hash }) {
  if (!pathname.startsWith("/products/")) return null;
  const id = decoded(pathname.slice("/products/".length));
  return { id, run: new URLSearchParams(search).get("run"), hash: hash.slice(1) };
}

/** What cannot be decoded names no product, which is for the server to say. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Opens a product's page in front of the conversation. */
export function follow(anchor) {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  byId("source").hidePopover();
  const language = new URLSearchParams(location.search).get("lang");
  const url = new URL(anchor.href);
  if (language) url.searchParams.set("lang", language);
  history.pushState({ inside: true }, "", url);
  open({ ...placeOf(url), by: positionOf(anchor) });
}

/** Back to the conversation as it was; nothing when it is there already. */
export function goHome() {
  if (!placeOf(location)) return;
  const language = new URLSearchParams(location.search).get("lang");
  history.pushState({}, "", language ? `/?lang=${language}` : "/");
  show();
}

/** The address with what changed of it; without a change, what is at it is shown. */
export function here({ lang }) {
  const url = new URL(location.href);
  if (lang) url.searchParams.set("lang", lang);
  history.replaceState(history.state, "", url);
  show();
}

function show() {
  const place = placeOf(location);
  if (place) return open(place);
  if (!byId("main").classList.contains("away")) return;
  byId("main").classList.remove("away");
  hideProduct();
  scrollTo(0, left.scroll || document.body.scrollHeight);
  left.focus?.focus({ preventScroll: true });
}

function open(place) {
  const away = byId("main").classList;
  if (!away.contains("away")) left = { scroll: scrollY, focus: document.activeElement };
  away.add("away");
  showProduct(place).then(() => byId("product").children.length || placeOf(location)?.id !== place.id || goHome());
}

/** Where among the cards of its answer a product stands. */
function positionOf(anchor) {
  const cards = [...(anchor.closest(".cards")?.querySelectorAll(".card") ?? [])];
  const position = cards.indexOf(anchor.closest(".card"));
  return position < 0 ? {} : { position };
}

addEventListener("popstate", show);
document.addEventListener("home", goHome);
