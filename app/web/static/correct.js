import { button, make } from "./elements.js";
import { correct } from "./profile.js";
import { t } from "./words.js";

const COMMA = /\s*[,、，]\s*/;
const split = (text) => text.split(COMMA).filter(Boolean);
const paired = (value) => Object.entries(value).map((pair) => pair.join(": ")).join(", ");
const pairs = (text) => split(text).map((entry) => entry.split(/\s*[:：]\s*/)).filter(([name, value]) => name && value);

/** How a value of each kind is written in a line, and read back from it. */
const KINDS = {
  number: { written: String, read: Number, input: { type: "number", min: "0", step: "any", inputMode: "decimal" } },
  text: { written: String, read: (text) => text },
  list: { written: (value) => value.join(", "), read: split, hint: "correct_list" },
  map: { written: paired, read: (text) => Object.fromEntries(pairs(text)), hint: "correct_map" },
};

/** A value corrected where it stands: saved, erased or left alone. */
export function editor(feature, done, back) {
  const kind = KINDS[feature.kind] ?? KINDS.text;
  const problem = make("p", { className: "trouble", role: "alert" });
  const input = field(feature, kind);
  const save = (value) => correct({ [feature.name]: value }).then(done, ({ message }) => (problem.textContent = message));
  const form = make("form", { className: "correct" }, input, ...hint(kind), actions(feature, save, back), problem);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    save(text ? kind.read(text) : null);
  });
  form.addEventListener("keydown", (event) => event.key === "Escape" && back());
  return form;
}

/** Once it is saved the focus goes to the button in its place. */
function field({ name, display_name, value }, { written, input }) {
  const text = value === null ? "" : written(value);
  const line = make("input", { type: "text", maxLength: 200, autocomplete: "off", ...input, value: text, ariaLabel: display_name });
  line.dataset.place = `correct ${name}`;
  return line;
}

const hint = (kind) => (kind.hint ? [make("p", { className: "hint", text: t(kind.hint) })] : []);

function actions({ value }, save, back) {
  const erase = value === null ? [] : [button(t("correct_erase"), () => save(null))];
  const send = make("button", { type: "submit", className: "quiet", text: t("correct_save") });
  return make("div", { className: "answers" }, send, ...erase, button(t("keep"), back));
}
