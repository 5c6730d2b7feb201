import { button, make, tell } from "./elements.js";
import { state } from "./state.js";
import { money, number, t } from "./words.js";

/** The names of stated limits that the answer says were set aside. */
export const setAside = ({ dropped }) => dropped.filter((item) => item.set_aside).map(({ field, op }) => `${field} ${op}`);

/** Every condition of the search as one chip: what held, what gave way, what could not be applied, what was set aside. */
export function filterChips({ honoured, relaxed, dropped }, view) {
  return [
    ...honoured.map((item) => chip("honoured", condition(item), because(item), toggle(view, item))),
    ...relaxed.map((item) => chip("relaxed", condition(item), t("filter_relaxed"))),
    ...dropped.map((item) => droppedChip(item, honoured, view)),
    ...view.features.filter(({ name }) => view.without.includes(name)).map((feature) => featureChip(feature, view)),
  ];
}

function chip(fate, text, reason, press) {
  const what = make(fate === "honoured" ? "b" : "s", { text });
  const item = make("li", { className: `chip ${fate}` }, what, ...(reason ? [`: ${reason}`] : []));
  if (press) item.append(press(text));
  return item;
}

function droppedChip(item, honoured, view) {
  const reason = item.set_aside ? t("filter_aside") : whyDropped(item, honoured);
  return chip("dropped", condition(item, item.set_aside ? "aside" : "dropped"), reason, item.set_aside ? toggle(view, item) : null);
}

/** What rested on a feature is not even listed once the feature is set aside. */
const featureChip = ({ name, display_name }, view) => chip("dropped", display_name, t("filter_aside"), toggle(view, { feature: name }));

/** Sets a condition aside, or takes it back; what the shop itself insists on cannot be. */
function toggle(view, { feature, origin, field, op }) {
  const name = feature ?? (origin === "stated" ? `${field} ${op}` : null);
  if (!name || !view.repeatable) return null;
  const aside = view.without.includes(name);
  const without = aside ? view.without.filter((other) => other !== name) : [...view.without, name];
  return (text) => {
    const press = button("", () => tell("again", { without }), aside ? "put-back" : "set-aside");
    press.ariaLabel = t(aside ? "filter_put_back" : "filter_set_aside", { what: text });
    press.title = press.ariaLabel;
    press.dataset.place = `chip ${name}`;
    return press;
  };
}

function condition({ field, op, value, unit, origin, reason }, fate) {
  if (field === "stock" || field === "declared_limits") return t(`filter_${field}`);
  if (fate === "dropped" && origin === "stated") return reason.replace(/: [^:]*$/, ""); // the shopper's own words, which may hold a colon
  const values = { field: named(field), value: [shown(field, value), unit].filter(Boolean).join(" ") };
  if (value === "yes") return t(op === "in" ? "filter_with" : "filter_without", values);
  return t(`filter_${field}_${op}`, values) || t(`filter_${op}`, values);
}

/** An attribute by the words of its name, several as alternatives. */
function named(field) {
  return field.replace(/^attribute:/, "").split("|").map((name) => name.replaceAll("_", " ").trim()).join(" / ");
}

function shown(field, value) {
  if (field === "price") return money(value, state.currency, { trailingZeroDisplay: "stripIfInteger" });
  return [value].flat().map((entry) => (typeof entry === "number" ? number(entry) : entry)).join(", ");
}

const because = ({ origin, field }) => t(`because_${origin}_${field}`) || t(`because_${origin}`);

/** Replaced by what was said now, in another currency, or about what this shop's products do not say. */
function whyDropped({ origin, field, reason }, honoured) {
  const replaced = origin === "declared" && honoured.some((held) => held.origin === "stated" && held.field === field);
  if (replaced) return t("dropped_replaced");
  return t(`dropped_${origin}_${field}`) || t(reason.includes("currency") ? "dropped_currency" : "dropped_untold");
}
