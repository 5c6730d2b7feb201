import { call, Declined } from "./api.js";
import { keep } from "./cart.js";
import { stopRun, turnEvents } from "./chat.js";
import { button, make } from "./elements.js";
import { followUps, questions } from "./followups.js";
import { showKnown } from "./known.js";
import { pastTurn } from "./past.js";
import { release, settle } from "./proposal.js";
import { enter, learnUnits } from "./session.js";
import { byId, shopper, shopperId, state } from "./state.js";
import { TurnView } from "./turn.js";
import { t } from "./words.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

const handlers = {
  run(view, run) {
    enter(run.thread_id);
    state.running.run = run.run_id;
  },
  features(view, { features }) {
    learnUnits(features);
    showKnown((view.features = features));
  },
  products: (view, { products }) => view.show(products),
  sentence: (view, { text }) => view.append(text),
  citations: (view, { citations }) => view.cite(citations),
  degraded: (view, { notices }) => notices.forEach((text) => view.notice(text)),
  confirm: (view, { actions }) => view.act(actions),
  error: (view, { error }) => fail(view, error),
  final(view, answer) {
    fill(view, answer);
    settle(answer.actions);
    for (const { status, receipt } of answer.actions) if (status === "done") keep(receipt ?? {});
    const used = new Set(answer.features.filter((feature) => feature.used).map((feature) => feature.name));
    showKnown((view.features = view.features.map((feature) => ({ ...feature, used: used.has(feature.name) }))));
    end(); // before the stream closes: whoever is quick with the next question must not find the page busy
    byId("status").textContent = t(answer.actions.some(({ status }) => status === "proposed") ? "proposed" : "answered");
  },
};

export const ask = (text) => take(new TurnView(text), { message: text });

/** The shopper's word on a proposal. Repeated it is the same word, so that trying again is safe. */
export const decide = ({ action_id, accept }) =>
  take(new TurnView(t(accept ? "accepted" : "declined")), { confirm: { action_id, accept } });

export function stop() {
  if (!state.running) return;
  if (state.running.run) stopRun(state.running.run, state.running.shopper);
  state.running.abort();
}

export function startOver() {
  stop();
  enter(null);
  byId("conversation").replaceChildren();
  byId("welcome").hidden = false;
  byId("status").textContent = "";
  showKnown([]);
}

/** Tells a conversation again as it was; one that is gone, or somebody else's, is left for a new one. */
export async function resume(thread) {
  startOver();
  enter(thread);
  const told = byId("conversation");
  byId("welcome").hidden = true;
  const past = await call(`/api/threads/${thread}`).catch((error) => error);
  if (state.thread !== thread || told.children.length) return; // the shopper was quicker
  if (past.length) return tellAgain(past);
  if (past.status === 404) enter(null);
  if (past.status === 404 || past.length === 0) return (byId("welcome").hidden = false);
  const again = button(t("retry"), () => resume(thread));
  told.replaceChildren(make("div", { className: "problem", role: "alert" }, make("p", { text: past.message }), again));
}

function tellAgain(past) {
  const views = past.map((exchange) => {
    const view = pastTurn(exchange);
    fill(view, exchange.answer);
    return view.element;
  });
  byId("conversation").replaceChildren(...views); // whole: nothing of it is announced sentence by sentence
  for (const { answer } of past) settle(answer.actions);
  views.at(-1).scrollIntoView({ block: "start" });
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

async function take(view, request) {
  view.request = request;
  const turn = begin(view);
  try {
    for await (const [event, data] of turnEvents(request, turn.signal)) handlers[event]?.(view, data);
    if (!view.finished) fail(view, t(turn.signal.aborted ? "stopped" : "cut"));
  } catch (error) {
    if (view.finished) return; // a connection lost after the whole answer lost nothing
    if (turn.signal.aborted) fail(view, t("stopped"));
    else fail(view, error instanceof Declined ? error.message : t("unreachable"));
  } finally {
    if (state.running === turn) end();
  }
}

function begin(view) {
  stop();
  state.running = Object.assign(new AbortController(), { shopper: shopperId() });
  byId("welcome").hidden = true;
  byId("conversation").append(view.element);
  view.element.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  byId("status").textContent = t("working");
  if (view.request.confirm) view.part("asked").focus({ preventScroll: true }); // the pressed button goes away
  label();
  return state.running;
}

function fill(view, answer) {
  view.agree(answer.answer);
  view.show(answer.products);
  view.act(answer.actions);
  view.finish(answer, answer.guard.action === "refuse" ? suggestions() : questions(followUps(answer)));
}

function end() {
  state.running = null;
  label();
}

function fail(view, message) {
  byId("status").textContent = ""; // the message itself is announced
  if (view.request.confirm) release(view.request.confirm.action_id);
  view.fail(message, () => {
    view.element.remove();
    take(new TurnView(view.question), view.request);
  });
}
