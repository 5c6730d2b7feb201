import { make } from "./elements.js";
import { state } from "./state.js";
import { money, number, rendered, t } from "./words.js";

export const toolName = ({ tool }) => t(`tool_${tool}`) || tool.replaceAll("_", " ");
export const standing = ({ status }) => t(`action_${status}`);

/** One line under the answer that unfolds to the receipt; null when there is nothing to show beyond the answer. */
export function receiptCard(action) {
  const said = [make("b", { text: toolName(action) }), ` · ${standing(action)}`];
  const className = `deed ${action.status}`;
  if (action.status !== "done") return make("p", { className }, ...said);
  const body = receiptBody(action);
  return body.length ? make("details", { className }, make("summary", {}, ...said), ...body) : null;
}

/** Lines, amounts and places of a receipt: only what it holds. A proposal has not come to any state yet. */
export function receiptBody({ receipt, status: standing }) {
  const { orders, ...own } = receipt ?? {};
  if (orders) return orders.flatMap((order) => receiptBody({ receipt: order }));
  const held = own.lines ? own : { ...own.cart, ...own };
  const currency = own.currency ?? state.currency;
  const lines = held.lines ?? [];
  return [...(lines.length ? [lineList(lines, currency)] : []), ...factList(facts(held, currency, standing !== "proposed"))];
}

export function lineList(lines, currency) {
  return make("ul", { className: "lines" }, ...lines.map((line) => make("li", {}, ...lineParts(line, currency))));
}

/** A price nobody can vouch for now is not a price. */
export const amount = (value, currency) => (value === null ? t("price_unknown") : money(value, currency));

function lineParts({ title, options, quantity, price }, currency) {
  const chosen = Object.values(options ?? {}).join(", ");
  return [
    make("span", { className: "what", text: `${number(quantity)} × ${title}${chosen ? ` (${chosen})` : ""}` }),
    make("span", { className: "sum", text: amount(price === null ? null : price * quantity, currency) }),
  ];
}

function facts(held, currency, happened) {
  const { order_id, status, total, payment, refund, difference, address, returned, ticket, value } = held;
  return [
    ["order", order_id],
    ["order_state", happened && order_id && t(`state_${status}`)],
    ["total", (held.lines?.length ?? 0) > 0 && total !== undefined && amount(total, currency)],
    ["given_back", returned?.map(({ title }) => title).join(", ")],
    ["difference", difference > 0 && money(difference, currency)],
    ["payment", payment && method(payment)],
    ...(refund ? (refund.parts ?? [refund]) : []).map((part) => ["refund", refunded(part, currency)]),
    ["address", address && place(address)],
    ["ticket", ticket],
    ["saved", value !== undefined && rendered({ value })],
  ];
}

function factList(rows) {
  const known = rows.filter(([, text]) => text);
  const row = ([name, text]) => make("div", {}, make("dt", { text: t(`receipt_${name}`) }), make("dd", { text: String(text) }));
  return known.length ? [make("dl", { className: "receipt" }, ...known.map(row))] : [];
}

const method = ({ kind, label }) => (kind === "mock" ? t("payment_mock") : label);
const place = ({ line1, line2, city, state: region, zip, country }) =>
  [line1, line2, city, region, zip, country].filter(Boolean).join(", ");

function refunded(part, currency) {
  const { min_days, max_days } = part.when ?? {};
  const days = max_days && t("refund_days", { days: [...new Set([min_days, max_days])].map((count) => number(count)).join("–") });
  const when = part.when && (days || t("refund_at_once"));
  return [money(part.amount, currency), when, method(part.to)].filter(Boolean).join(" · ");
}
