import { button, make, tell } from "./elements.js";
import { correct } from "./profile.js";
import { keep, recall } from "./session.js";
import { byId, shopperId, state } from "./state.js";
import { t } from "./words.js";

const CATEGORIES = "user_profile:onboarding_categories";
const BUDGET = "user_profile:onboarding_budget";
const me = () => shopperId() ?? "";

/** Two questions for somebody nothing is known about; the answers count from the next answer on. */
export function showOnboarding(profile) {
  const wanted = profile?.onboarding.needed && recall().skipped !== me();
  const shown = byId("onboarding");
  if (!wanted) return shown.replaceChildren();
  if (!shown.children.length) shown.append(form(profile.onboarding));
}

function form({ categories, currency }) {
  const problem = make("p", { className: "trouble", role: "alert" });
  const send = make("button", { type: "submit", className: "primary", text: t("onboarding_save") });
  const asked = make(
    "form",
    {},
    make("h3", { text: t("onboarding") }),
    make("fieldset", {}, make("legend", { text: t("onboarding_categories") }), ...categories.map(choice)),
    budget(currency),
    make("div", { className: "answers" }, send, button(t("onboarding_skip"), skip)),
    problem,
  );
  asked.addEventListener("submit", (event) => save(event, asked, problem));
  return asked;
}

function choice(category) {
  const box = make("input", { type: "checkbox", name: "category", value: category });
  return make("label", { className: "choice" }, box, make("span", { text: category }));
}

function budget(currency) {
  const input = make("input", { type: "number", name: "budget", min: "1", step: "any", inputMode: "decimal", autocomplete: "off" });
  const amount = make("span", { className: "amount" }, input, make("span", { className: "hint", text: currency }));
  return make("label", { className: "budget" }, make("span", { text: t("onboarding_budget") }), amount);
}

async function save(event, asked, problem) {
  event.preventDefault();
  const said = new FormData(asked);
  const values = {
    ...(said.has("category") && { [CATEGORIES]: said.getAll("category") }),
    ...(said.get("budget") && { [BUDGET]: Number(said.get("budget")) }),
  };
  if (!Object.keys(values).length) return skip();
  try {
    await correct(values);
    leave("onboarding_saved");
  } catch ({ message }) {
    problem.textContent = message;
  }
}

function skip() {
  keep({ skipped: me() });
  leave("onboarding_skipped");
}

function leave(word) {
  byId("onboarding").replaceChildren();
  byId("status").textContent = t(word);
  byId("question").focus();
  tell("corrected");
}
