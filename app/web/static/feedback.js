import { call } from "./api.js";
import { button, make } from "./elements.js";
import { byId } from "./state.js";
import { t } from "./words.js";

const THUMB = "M7 10v10H3V10zM7 11l4-8c1.7 0 2.6 1.2 2.2 2.9L12.5 9H19a2 2 0 0 1 2 2.4l-1.5 7A2 2 0 0 1 17.5 20H7";
const SVG = "http://www.w3.org/2000/svg";

/** Two thumbs and, once one is pressed, room for a word. A second press takes it back. */
export function showFeedback(view) {
  const bar = view.part("feedback");
  const problem = make("span", { className: "trouble", role: "alert" });
  const state = { score: view.feedback?.score ?? 0, comment: view.feedback?.comment ?? "" };
  const word = wordForm(state, (comment) => post({ comment }));
  const post = (change) => give(view, state, change, problem).then(() => (mark(), word.show(true)));
  const thumbs = [1, -1].map((score) => thumb(score, () => post({ score: state.score === score ? 0 : score })));
  const mark = () => {
    for (const [place, score] of [1, -1].entries()) thumbs[place].ariaPressed = String(state.score === score);
  };
  bar.ariaLabel = t("feedback");
  bar.replaceChildren(...thumbs, word.element, problem);
  mark();
  word.show();
}

async function give(view, state, change, problem) {
  const wanted = { ...state, ...change };
  if (!wanted.score) wanted.comment = "";
  problem.textContent = "";
  const { score, comment } = wanted;
  const body = { run_id: view.run, score, ...(comment && { comment }) };
  await call("/api/feedback", { method: "POST", body }).then(
    () => Object.assign(state, wanted),
    ({ message }) => (problem.textContent = message),
  );
}

function thumb(score, onPress) {
  const press = button("", onPress, `thumb ${score > 0 ? "up" : "down"}`);
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.append(document.createElementNS(SVG, "path"));
  icon.firstChild.setAttribute("d", THUMB);
  press.append(icon);
  press.ariaLabel = t(score > 0 ? "thumb_up" : "thumb_down");
  return press;
}

/** Shown beside a pressed thumb; what was sent is shown instead of the field. */
function wordForm(state, send) {
  const wish = t("feedback_word");
  const input = make("input", { type: "text", maxLength: 1000, autocomplete: "off", ariaLabel: wish, placeholder: wish });
  const form = make("form", {}, input, make("button", { type: "submit", className: "quiet", text: t("feedback_send") }));
  const said = make("span", { className: "hint" });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) send(input.value.trim());
  });
  const show = (announced) => {
    form.hidden = !state.score || Boolean(state.comment);
    said.textContent = state.comment ? t("feedback_said", { comment: state.comment }) : state.score ? t("feedback_thanks") : "";
    if (announced) byId("status").textContent = said.textContent;
  };
  return { element: make("div", { className: "word" }, said, form), show };
}
