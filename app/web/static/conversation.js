import { call, Declined, wordsFor } from "./api.js";
import { keep as keepCart, loadCart } from "./cart.js";
import { stopRun, turnEvents } from "./chat.js";
import { button, make } from "./elements.js";
import { followUps, questions } from "./followups.js";
import { later } from "./later.js";
import { release, settle } from "./proposal.js";
import { enter, keep } from "./session.js";
import { byId, shopper, shopperId, state } from "./state.js";
import { TurnView } from "./turn.js";
import { t } from "./words.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const pastTurns = later(() => import("./past.js"), "pastTurns");
const showFeedback = later(() => import("./feedback.js"), "showFeedback");
const tellChange = later(() => import("./again.js"), "tellChange");
export const showKnown = later(() => import("./known.js"), "showKnown");
let latest = null; // the turn that can be looked for again

const handlers = {
  run(view, run) {
    enter(run.thread_id);
    state.running.run = view.run = run.run_id;
  },
  features(view, { features }) {
    view.features = features;
    showKnown(view);
  },
  products: (view, { products }) => view.show(products),
  sentence: (view, { text }) => view.append(text),
  citations: (view, { citations }) => view.cite(citations),
  degraded: (view, { notices }) => notices.forEach((text) => view.notice(text)),
  confirm: (view, { actions }) => view.act(actions),
  error: (view, trouble) => fail(view, wordsFor(trouble)),
  final(view, answer) {
    const used = new Set(answer.features.filter((feature) => feature.used).map((feature) => feature.name));
    view.features = view.features.map((feature) => ({ ...feature, used: used.has(feature.name) }));
    fill(view, answer);
    settle(answer.actions);
    for (const { status, receipt } of answer.actions) if (status === "done") keepCart(receipt ?? {});
    if (answer.actions.some(({ status }) => status === "refused")) loadCart().catch(() => null); // it may be why
    end(); // before the stream closes: whoever is quick with the next question must not find the page busy
    keep({ asking: null, aside: { run: view.run, without: view.without } });
    byId("status").textContent = t(answer.actions.some(({ status }) => status === "proposed") ? "proposed" : "answered");
    showKnown((latest = view)).then(() => view.instead && tellChange(view));
  },
};

export function ask(text) {
  keep({ asking: text }); // an answer that a reload cuts short is in no conversation
  take(new TurnView(text), { message: text });
}

/** The shopper's word on a proposal. Repeated it is the same word, so that trying again is safe. */
export const decide = ({ action_id, accept }) =>
  take(new TurnView(t(accept ? "accepted" : "declined")), { confirm: { action_id, accept } });

/** Looks for the latest answer again `without` some facts or limits; the old one stays if that cannot be. */
export function again({ without }) {
  if (!latest?.repeatable || state.running) return;
  const view = new TurnView(latest.question);
  Object.assign(view, { without, instead: latest, pressed: document.activeElement?.dataset.place });
  take(view, { rerun: { run_id: latest.run, without } });
}

export function stop() {
  if (!state.running) return;
  if (state.running.run) stopRun(state.running.run, state.running.shopper);
  state.running.abort();
}

export function startOver() {
  stop();
  enter(null);
  latest = null;
  byId("conversation").replaceChildren();
  byId("welcome").hidden = false;
  byId("status").textContent = byId("known-change").textContent = "";
  showKnown(null);
}

/** Tells a conversation again as it was; one that is gone, or somebody else's, is left for a new one. */
export async function resume(thread) {
  startOver();
  enter(thread);
  const told = byId("conversation");
  byId("welcome").hidden = true;
  const past = await call(`/api/threads/${thread}`).catch((error) => error);
  const views = past.length ? await pastTurns(past) : [];
  if (state.thread !== thread || told.children.length) return; // the shopper was quicker
  if (views?.length) return tellAgain(past, views);
  if (past.status === 404) enter(null);
  if (past.status === 404 || past.length === 0) return (byId("welcome").hidden = false);
  const again = button(t("retry"), () => resume(thread));
  told.replaceChildren(make("div", { className: "problem", role: "alert" }, make("p", { text: past.message ?? t("unreachable") }), again));
}

function tellAgain(past, views) {
  for (const [place, { answer }] of past.entries()) fill(views[place], answer);
  latest = views.at(-1);
  // Whole, so that nothing of it is announced sentence by sentence.
  byId("conversation").replaceChildren(...views.map(({ element }) => element));
  for (const { answer } of past) settle(answer.actions);
  latest.element.scrollIntoView({ block: "start" });
  showKnown(latest);
}

export function suggestions() {
  const usual = [t("suggestion_1"), t("suggestion_2"), t("suggestion_3")];
  const own = shopper()?.suggestions[state.lang] ?? [];
  return questions(own.length ? own : usual);
}

export function label() {
  byId("send").textContent = t(state.running ? "stop" : "send");
  byId("send").classList.toggle("stop", Boolean(state.running));
}

/** The turn the panel tells of, or none before the first answer. */
export const latestTurn = () => latest;

async function take(view, request) {
  view.request = request;
  const turn = begin(view);
  try {
    for await (const [event, data] of turnEvents(request, turn.signal)) handlers[event]?.(view, data);
    if (!view.finished) fail(view, t(turn.signal.aborted ? "stopped" : "cut"));
  } catch (error) {
    if (view.finished) return; // a connection lost after the whole answer lost nothing
    if (turn.signal.aborted) fail(view, t("stopped"));
    else fail(view, error instanceof Declined ? error.message : t("cut"));
  } finally {
    if (state.running === turn) end();
  }
}

function begin(view) {
  stop();
  state.running = Object.assign(new AbortController(), { shopper: shopperId() });
  byId("welcome").hidden = true;
  if (view.instead) view.instead.element.replaceWith(view.element);
  else byId("conversation").append(view.element);
  byId("status").textContent = t("working");
  byId("known-change").textContent = "";
  if (!focusStays(view)) view.part("asked").focus({ preventScroll: true });
  if (!view.instead) view.element.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  label();
  return state.running;
}

/** Whoever types goes on typing, and a switch goes on switching; every other button goes away or is far from the answer. */
function focusStays({ instead }) {
  const held = document.activeElement;
  return byId("ask").contains(held) || (instead && held !== document.body);
}

function fill(view, answer) {
  view.agree(answer.answer);
  view.show(answer.products);
  view.act(answer.actions);
  view.finish(answer, answer.guard.action === "refuse" ? suggestions() : questions(followUps(answer)));
  showFeedback(view);
}

function end() {
  state.running = null;
  label();
}

function fail(view, message) {
  byId("status").textContent = ""; // the message itself is announced
  if (view.instead) return putBack(view, message);
  if (view.request.confirm) release(view.request.confirm.action_id);
  view.fail(message, () => {
    view.element.remove();
    take(new TurnView(view.question), view.request);
  });
  view.part("problem").scrollIntoView({ block: "nearest" }); // not behind the field
  showKnown(latest); // what a lost answer would have used nobody knows
}

/** The answer that was to be replaced is still the answer. */
function putBack(view, message) {
  if (!view.element.isConnected) return; // the conversation was left
  view.finished = true;
  view.element.replaceWith(view.instead.element);
  view.instead.complain(message);
  showKnown(view.instead);
}
