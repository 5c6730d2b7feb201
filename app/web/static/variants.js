import { make } from "./elements.js";
import { t } from "./words.js";

/** One group of choices an option; a combination that does not exist gives way to one with the option just chosen. */
export function variantPicker(items, show) {
  const first = items.find(({ available }) => available) ?? items[0];
  const chosen = { ...first.options };
  const groups = optionNames(items).map((name) => group(name, items, chosen, () => choose(name)));
  const choose = (name) => {
    const item = closest(items, chosen, name);
    Object.assign(chosen, item.options);
    for (const each of groups) each.mark();
    show(item);
  };
  for (const each of groups) each.mark();
  show(first);
  return make("div", { className: "variants" }, ...groups.map(({ element }) => element));
}

const optionNames = (items) => [...new Set(items.flatMap(({ options }) => Object.keys(options)))];

function group(name, items, chosen, onChoice) {
  const values = [...new Set(items.map(({ options }) => options[name]).filter(Boolean))];
  const boxes = values.map((value) => {
    const box = make("input", { type: "radio", name: `option-${name}`, value });
    box.addEventListener("change", () => ((chosen[name] = value), onChoice()));
    return box;
  });
  const labels = boxes.map((box) => make("label", { className: "choice" }, box, make("span", { text: box.value })));
  const element = make("fieldset", {}, make("legend", { text: name }), ...labels);
  const mark = () => {
    for (const [place, box] of boxes.entries()) {
      box.checked = chosen[name] === box.value;
      const gone = items.filter(({ options }) => options[name] === box.value).every(({ available }) => !available);
      labels[place].classList.toggle("gone", gone);
      labels[place].title = gone ? t("out_of_stock") : "";
    }
  };
  return { element, mark };
}

/** With the value just chosen, and as much of the rest as there is. */
function closest(items, chosen, name) {
  const agreeing = ({ options }) => Object.keys(chosen).filter((each) => options[each] === chosen[each]).length;
  const fitting = items.filter(({ options }) => options[name] === chosen[name]);
  return fitting.sort((a, b) => agreeing(b) - agreeing(a))[0];
}
