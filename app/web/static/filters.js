import { make } from "./elements.js";
import { state } from "./state.js";
import { money, number, t } from "./words.js";

/** Every condition of the search as one chip: what held, what gave way, what could not be applied. */
export function filterChips({ honoured, relaxed, dropped }) {
  return [
    ...honoured.map((item) => chip("honoured", condition(item), because(item))),
    ...relaxed.map((item) => chip("relaxed", condition(item), t("filter_relaxed"))),
    ...dropped.map((item) => chip("dropped", condition(item, "dropped"), whyDropped(item))),
  ];
}

function chip(fate, text, reason) {
  const what = make(fate === "honoured" ? "b" : "s", { text });
  return make("li", { className: `chip ${fate}` }, what, ...(reason ? [`: ${reason}`] : []));
}

function condition({ field, op, value, origin, reason }, fate) {
  if (field === "stock" || field === "declared_limits") return t(`filter_${field}`);
  if (fate === "dropped" && origin === "stated") return reason.split(":")[0]; // another currency: the shopper's own words
  const values = { field: field.replaceAll("_", " "), value: shown(field, value) };
  return t(`filter_${field}_${op}`, values) || t(`filter_${op}`, values);
}

function shown(field, value) {
  if (field === "price") return money(value, state.currency, { trailingZeroDisplay: "stripIfInteger" });
  return [value].flat().map((entry) => (typeof entry === "number" ? number(entry) : entry)).join(", ");
}

const because = ({ origin, field }) => t(`because_${origin}_${field}`) || t(`because_${origin}`);
const whyDropped = ({ origin, field }) => t(`dropped_${origin}_${field}`) || t(`dropped_${origin}`);
