import { call } from "./api.js";
import { button, make, tell } from "./elements.js";
import { amount, lineList } from "./receipt.js";
import { byId, shopperId, state } from "./state.js";
import { t } from "./words.js";

const OFFERED = { pending: ["where", "cancel"], pending_items_changed: ["where"], delivered: ["where", "return"] };

export async function loadOrders() {
  const who = shopperId();
  const { orders } = await call(`/api/orders?lang=${state.lang}`);
  if (who === shopperId()) showOrders(orders);
}

/** Null while they are not known. */
export function showOrders(orders) {
  const none = orders && !orders.length ? [make("p", { className: "hint", text: t("no_orders") })] : [];
  byId("orders").replaceChildren(...none, ...(orders ?? []).map(card));
}

function card({ order_id, status, placed_at, lines, total, currency }) {
  const placed = placed_at && new Intl.DateTimeFormat(state.lang, { dateStyle: "medium" }).format(new Date(placed_at));
  const hint = [t(`state_${status}`), placed].filter(Boolean).join(" · ");
  const offered = (OFFERED[status] ?? ["where"]).map((wish) => asking(wish, order_id));
  return make(
    "article",
    { className: "order" },
    make("h4", { text: t("order_named", { id: order_id }) }),
    make("p", { className: "hint", text: hint }),
    lineList(lines, currency),
    make("p", { className: "total" }, make("span", { text: t("receipt_total") }), make("b", { text: amount(total, currency) })),
    make("div", { className: "answers" }, ...offered),
  );
}

/** Said to the assistant, which proposes what changes anything. */
function asking(wish, id) {
  const ask = button(t(`order_${wish}`), () => {
    byId("basket").close();
    tell("ask", t(`ask_${wish}`, { id }));
  });
  ask.ariaLabel = t("order_wish", { wish: t(`order_${wish}`), id });
  return ask;
}
