import { button, make, tell } from "./elements.js";
import { receiptBody, toolName } from "./receipt.js";
import { t } from "./words.js";

/** What would happen, in full, and the two answers to it. Nothing has happened yet. */
export function proposalCard(action) {
  const title = t("proposal", { what: toolName(action) });
  const answers = make("div", { className: "answers" }, answer(action, true), answer(action, false));
  const card = make("section", { className: "proposal", role: "group", ariaLabel: title });
  card.dataset.action = action.action_id;
  card.append(make("h3", { text: title }), ...receiptBody(action), answers);
  return card;
}

/** Shows on every card of what was decided, here or elsewhere, how it ended. */
export function settle(actions) {
  for (const { action_id, status, receipt } of actions.filter((action) => action.action_id)) {
    if (status === "failed") release(action_id);
    else if (status !== "proposed") for (const card of cards(action_id)) close(card, status, receipt?.reason);
  }
}

/** Lets the shopper answer again, when nobody knows what became of the answer: the first one counts. */
export function release(action_id) {
  for (const card of cards(action_id)) for (const each of card.querySelectorAll("button")) each.disabled = false;
}

const cards = (action_id) => document.querySelectorAll(`.proposal[data-action="${CSS.escape(action_id)}"]`);

function answer({ action_id }, accept) {
  const className = accept ? "primary" : "quiet";
  return button(t(accept ? "confirm" : "not_now"), (pressed) => {
    for (const each of pressed.parentElement.children) each.disabled = true;
    tell("decide", { action_id, accept });
  }, className);
}

function close(card, status, reason) {
  const words = (status === "done" && t("settled_done")) || t(`settled_${reason}`) || t("settled_refused");
  card.classList.add("settled");
  card.querySelector(".answers")?.replaceWith(make("p", { className: "outcome", text: words }));
}
