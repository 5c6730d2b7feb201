import { heldLines, heldTotal, loadCart, setQuantity } from "./cart.js";
import { button, link, make, productAddress, tell } from "./elements.js";
import { loadOrders, showOrders } from "./orders.js";
import { amount } from "./receipt.js";
import { byId, state } from "./state.js";
import { number, t } from "./words.js";

/** The sheet of the cart and the orders. */
export async function openBasket() {
  problem("");
  byId("basket").showModal();
  showBasket();
  showOrders(null);
  await Promise.all([loadCart(), loadOrders()]).catch((error) => problem(error.message));
}

/** Drawn anew; the button that was pressed keeps the focus. */
export function showBasket() {
  if (!byId("basket").open) return;
  const focused = document.activeElement?.dataset.place;
  const lines = heldLines();
  const list = make("ul", { className: "basket-lines", role: "list" }, ...lines.map(row));
  const shown = lines.length ? [list, sum(), checkout()] : [make("p", { className: "hint", text: t("cart_empty") })];
  byId("basket-lines").replaceChildren(...shown);
  if (focused) (byId("basket").querySelector(`[data-place="${CSS.escape(focused)}"]`) ?? byId("basket-title")).focus();
}

function row(line) {
  const { item_id, product_id, title, options, quantity, price } = line;
  const chosen = Object.values(options).join(", ");
  return make(
    "li",
    {},
    make("div", { className: "what" }, link(productAddress(product_id), title), ...(chosen ? [` (${chosen})`] : [])),
    make("span", { className: "sum", text: amount(price === null ? null : price * quantity, state.currency) }),
    make(
      "div",
      { className: "stepper", role: "group", ariaLabel: t("quantity_of", { title }) },
      step(line, "−", quantity - 1, "less"),
      make("output", { text: number(quantity), ariaLabel: t("quantity_now", { n: number(quantity) }) }),
      step(line, "+", quantity + 1, "more"),
    ),
    step(line, t("remove"), 0, "remove", "quiet"),
  );
}

function step({ item_id, title }, text, quantity, name, className = "step") {
  const press = button(text, () => change(item_id, quantity), className);
  press.dataset.place = `${name} ${item_id}`;
  press.ariaLabel = t(`${name}_named`, { title });
  return press;
}

/** One change at a time, each made to the cart as it is shown. */
async function change(item_id, quantity) {
  const lines = byId("basket-lines");
  if (lines.ariaBusy === "true") return;
  lines.ariaBusy = "true";
  problem("");
  await setQuantity(item_id, quantity).catch((error) => problem(error.message));
  lines.ariaBusy = "false";
  showBasket();
}

function sum() {
  return make("p", { className: "total" }, make("span", { text: t("receipt_total") }), make("b", { text: amount(heldTotal(), state.currency) }));
}

/** The assistant prepares the order, so that it is confirmed where everything is. */
function checkout() {
  return button(t("checkout"), () => {
    byId("basket").close();
    tell("ask", t("ask_checkout"));
  }, "primary");
}

function problem(text) {
  byId("basket-problem").textContent = text;
  byId("basket-problem").hidden = !text;
}
