import { markAll } from "./buy.js";
import { forgetCart, loadCart, showCount } from "./cart.js";
import { again, ask, decide, label, latestTurn, resume, showKnown, startOver, stop, suggestions } from "./conversation.js";
import { complain, later, learn } from "./later.js";
import { follow, goHome, here, placeOf } from "./places.js";
import { keep, recall } from "./session.js";
import { byId, page, reasons, shopper, state } from "./state.js";
import { t } from "./words.js";

const wide = matchMedia("(min-width: 62rem)");
const question = byId("question");
const openBasket = later(() => import("./basket.js"), "openBasket");
const showBasket = later(() => import("./basket.js"), "showBasket");

function greet() {
  const who = shopper();
  byId("who").textContent = who?.blurb[state.lang] ?? "";
  byId("greeting").textContent = who ? t("welcome", { name: who.name }) : t("welcome_guest");
  byId("suggestions").replaceChildren(...suggestions());
}

function anew() {
  keep({ asking: null });
  reasons.clear();
  startOver();
  greet();
}

function become() {
  anew();
  forgetCart();
  count();
}

/** Nobody waits for the number: the cart says what is wrong when it is opened. */
const count = () => loadCart().catch(() => null);

function onCart() {
  showCount();
  if (byId("basket").open) showBasket();
  markAll();
}

/** Words that were not served with the page are fetched; without them everything stays as it is. */
async function speak(lang) {
  if (!(await learn(lang).catch(({ message }) => complain(message)))) return;
  state.lang = lang;
  document.documentElement.lang = lang;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) element.ariaLabel = t(element.dataset.tLabel);
  for (const element of document.querySelectorAll("[data-blurb]")) {
    element.textContent = page.shoppers.find(({ user_id }) => user_id === element.dataset.blurb).blurb[lang];
  }
  question.placeholder = t("placeholder");
  for (const choice of document.querySelectorAll("[data-lang]")) choice.ariaPressed = String(choice.dataset.lang === lang);
  here({ lang });
  showKnown(latestTurn());
  onCart();
  greet();
  label();
}

function submit(event) {
  event.preventDefault();
  if (state.running) return stop();
  const text = question.value.trim();
  if (!text) return question.focus();
  question.value = "";
  ask(text);
}

function onKey(event) {
  // While a Hangul syllable is being composed, Enter belongs to the input method.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!state.running) byId("ask").requestSubmit();
}

function onClick(event) {
  if (event.target.tagName === "DIALOG") event.target.close(); // beside the sheet
  const anchor = event.target.closest?.('a[href^="/products/"], a.brand');
  if (!anchor || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (anchor.matches(".brand") && !placeOf(location)) return;
  event.preventDefault();
  if (anchor.matches(".brand")) goHome();
  else follow(anchor);
}

/** Asking brings the conversation back from behind a product. */
function inChat(act) {
  return ({ detail }) => {
    goHome();
    act(detail);
  };
}

byId("ask").addEventListener("submit", submit);
question.addEventListener("keydown", onKey);
document.addEventListener("click", onClick);
document.addEventListener("change", (event) => event.target.name === "shopper" && become());
document.addEventListener("ask", inChat(ask));
document.addEventListener("decide", ({ detail }) => decide(detail));
document.addEventListener("again", inChat(again));
document.addEventListener("cart", onCart);
document.addEventListener("anew", inChat(anew));
document.addEventListener("forgotten", inChat(become));
document.addEventListener("resume", inChat(resume));
byId("open-basket").addEventListener("click", openBasket);
byId("open-threads").addEventListener("click", later(() => import("./threads.js"), "openThreads"));
for (const choice of document.querySelectorAll("[data-lang]")) {
  choice.addEventListener("click", () => speak(choice.dataset.lang));
}
/** Before anything is read: what is read is the shopper's. */
function goOn() {
  const before = recall();
  const who = [...document.getElementsByName("shopper")].find(({ value }) => value === before.shopper);
  if (who) who.checked = true;
  question.value = before.asking ?? "";
  if (before.thread && (who || !page.shoppers.length)) resume(before.thread);
  else showKnown(null);
}

addEventListener("focus", count); // another tab may have changed the cart
addEventListener("offline", () => complain(t("unreachable")));
addEventListener("online", () => complain(""));
byId("known").open = wide.matches;
goOn();
greet();
count();
here({});
