import { Declined, turnEvents } from "./chat.js";
import { button, make } from "./elements.js";
import { showKnown } from "./known.js";
import { openProduct } from "./sheet.js";
import { byId, page, reasons, shopper, state } from "./state.js";
import { TurnView } from "./turn.js";
import { t } from "./words.js";

const wide = matchMedia("(min-width: 62rem)");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const question = byId("question");

// One turn

const handlers = {
  run: (view, run) => (state.thread = run.thread_id),
  features: (view, { features }) => showKnown((view.features = features)),
  products: (view, { products }) => view.show(products),
  sentence: (view, { text }) => view.append(text),
  citations: (view, { citations }) => view.cite(citations),
  degraded: (view, { notices }) => notices.forEach((text) => view.notice(text)),
  error: (view, { error }) => fail(view, error),
  final(view, answer) {
    view.agree(answer.answer);
    view.show(answer.products);
    view.finish(answer, suggestions());
    const used = new Set(answer.features.filter((feature) => feature.used).map((feature) => feature.name));
    showKnown((view.features = view.features.map((feature) => ({ ...feature, used: used.has(feature.name) }))));
    end(); // before the stream closes: whoever is quick with the next question must not find the page busy
    byId("status").textContent = t("answered");
  },
};

async function ask(text) {
  const view = new TurnView(text);
  const turn = begin(view);
  try {
    for await (const [event, data] of turnEvents(text, turn.signal)) handlers[event]?.(view, data);
    if (!view.finished) fail(view, t("cut"));
  } catch (error) {
    if (view.finished) return; // a connection lost after the whole answer lost nothing
    if (turn.signal.aborted) fail(view, t("stopped"));
    else fail(view, error instanceof Declined ? error.message : t("unreachable"));
  } finally {
    if (state.running === turn) end();
  }
}

function begin(view) {
  state.running?.abort();
  state.running = new AbortController();
  byId("welcome").hidden = true;
  byId("conversation").append(view.element);
  view.element.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  byId("status").textContent = t("working");
  label();
  return state.running;
}

function end() {
  state.running = null;
  label();
}

function fail(view, message) {
  byId("status").textContent = ""; // the message itself is announced
  view.fail(message, () => {
    view.element.remove();
    ask(view.question);
  });
}

// Who and in which language

function greet() {
  const who = shopper();
  byId("who").textContent = who?.blurb[state.lang] ?? "";
  byId("greeting").textContent = who ? t("welcome", { name: who.name }) : t("welcome_guest");
  byId("suggestions").replaceChildren(...suggestions());
}

function suggestions() {
  const usual = [t("suggestion_1"), t("suggestion_2"), t("suggestion_3")];
  const own = shopper()?.suggestions[state.lang] ?? [];
  return (own.length ? own : usual).map((text) => make("li", {}, button(text, () => ask(text), "")));
}

function startOver() {
  state.running?.abort();
  state.thread = null;
  reasons.clear();
  byId("conversation").replaceChildren();
  byId("welcome").hidden = false;
  byId("status").textContent = "";
  showKnown([]);
  greet();
}

function label() {
  byId("send").textContent = t(state.running ? "stop" : "send");
  byId("send").classList.toggle("stop", Boolean(state.running));
}

function speak(lang) {
  state.lang = lang;
  document.documentElement.lang = lang;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) element.ariaLabel = t(element.dataset.tLabel);
  for (const element of document.querySelectorAll("[data-blurb]")) {
    element.textContent = page.shoppers.find(({ user_id }) => user_id === element.dataset.blurb).blurb[lang];
  }
  question.placeholder = t("placeholder");
  for (const choice of document.querySelectorAll("[data-lang]")) choice.ariaPressed = String(choice.dataset.lang === lang);
  history.replaceState(null, "", `${location.pathname}?lang=${lang}`);
  showKnown(state.features);
  greet();
  label();
}

// Wiring

function submit(event) {
  event.preventDefault();
  if (state.running) return state.running.abort();
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
  if (event.target === byId("product")) byId("product").close();
  const anchor = event.target.closest?.('a[href^="/products/"]');
  if (!anchor || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  openProduct(productIn(anchor.pathname));
}

const productIn = (path) => decodeURIComponent(path.slice("/products/".length));

byId("ask").addEventListener("submit", submit);
question.addEventListener("keydown", onKey);
document.addEventListener("click", onClick);
document.addEventListener("change", (event) => event.target.name === "shopper" && startOver());
for (const choice of document.querySelectorAll("[data-lang]")) {
  choice.addEventListener("click", () => speak(choice.dataset.lang));
}
byId("known").open = wide.matches;
greet();
if (location.pathname.startsWith("/products/")) openProduct(productIn(location.pathname));
