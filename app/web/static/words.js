import { page, state } from "./state.js";

/** A word of the page in the shopper's language; empty when there is none. */
export function t(key, values = {}) {
  const words = page.strings[state.lang][key] ?? "";
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export const number = (value, options = { maximumFractionDigits: 2 }) =>
  new Intl.NumberFormat(state.lang, options).format(value);

export const money = (amount, currency, options = {}) =>
  number(amount, { style: "currency", currency, currencyDisplay: "narrowSymbol", ...options });

export function ago(seconds) {
  const steps = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const [unit, size] = steps.find(([, least]) => seconds >= least) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(state.lang, { numeric: "auto" }).format(-Math.floor(seconds / size), unit);
}

/** A value as text, whatever its shape: one, several, or figures by name with the largest first. */
export function rendered({ value, unit }) {
  if (Array.isArray(value)) return value.map((entry) => figure(entry, unit)).join(", ");
  if (value === null || typeof value !== "object") return value === null ? "–" : figure(value, unit);
  const entries = Object.entries(value).sort(([, a], [, b]) => (typeof a === "number" ? b - a : 0));
  return entries.map(([name, entry]) => `${name} ${figure(entry, unit)}`).join(", ");
}

function figure(value, unit) {
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "string") {
    const time = /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : NaN;
    return Number.isNaN(time) ? value : ago(Math.max(0, (Date.now() - time) / 1000));
  }
  if (unit === "currency") return money(value, state.currency, { trailingZeroDisplay: "stripIfInteger" });
  return t(`unit_${unit}`, { n: number(value) }) || number(value);
}
