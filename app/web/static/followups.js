import { button, make, tell } from "./elements.js";
import { t } from "./words.js";

const MOST = 3;
const CART = ["add_to_cart", "change_cart", "remove_from_cart", "view_cart"];

/** What may be asked next about what was shown or done; nothing while a question of ours is open. */
export function followUps({ products, actions, asks_back }) {
  if (asks_back || actions.some(({ status }) => status === "proposed")) return [];
  const wishes = actions.length ? actions.flatMap(afterAction) : afterProducts(products);
  return [...new Set(wishes)].slice(0, MOST);
}

/** Questions to press. */
export const questions = (texts) => texts.map((text) => make("li", {}, button(text, () => tell("ask", text), "")));

function afterProducts(products) {
  const [first] = products;
  if (!first) return [];
  const buyable = first.price !== null && first.in_stock !== false;
  return [
    ...(products.some(({ price }) => price !== null) ? [t("follow_cheaper")] : []),
    ...(products.length > 1 ? [t("follow_compare")] : []),
    ...(buyable ? [t("follow_add")] : []),
  ];
}

function afterAction({ tool, status, receipt }) {
  if (status === "refused") return (receipt?.allowed ?? []).map((reason) => because(receipt.order_id, reason));
  if (status !== "done") return [];
  if (tool === "place_order") return [t("ask_where", { id: receipt.order_id })];
  return CART.includes(tool) && receipt.cart?.lines.length ? [t("ask_checkout"), t("follow_cart")] : [];
}

/** The shop's reasons are a short list of its own; one without words here is said as it is spelt. */
function because(id, reason) {
  return t("follow_cancel", { id, reason: t(`reason_${reason.replaceAll(" ", "_")}`) || reason });
}
