import { make } from "./elements.js";
import { state } from "./state.js";
import { money, number, t } from "./words.js";

/** Every condition of the search as one chip: what held, what gave way, what could not be applied. */
export function filterChips({ honoured, relaxed, dropped }) {
  return [
    ...honoured.map((item) => chip("honoured", condition(item), because(item))),
    ...relaxed.map((item) => chip("relaxed", condition(item), t("filter_relaxed"))),
    ...dropped.map((item) => chip("dropped", condition(item, "dropped"), whyDropped(item, honoured))),
  ];
}

function chip(fate, text, reason) {
  const what = make(fate === "honoured" ? "b" : "s", { text });
  return make("li", { className: `chip ${fate}` }, what, ...(reason ? [`: ${reason}`] : []));
}

function condition({ field, op, value, unit, origin, reason }, fate) {
  if (field === "stock" || field === "declared_limits") return t(`filter_${field}`);
  if (fate === "dropped" && origin === "stated") return reason.split(":")[0]; // the shopper's own words
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
