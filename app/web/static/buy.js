import { newKey } from "./api.js";
import { addOne, heldOf } from "./cart.js";
import { button } from "./elements.js";
import { byId } from "./state.js";
import { t } from "./words.js";

/** Adds one piece a click; the second click of a double click is no wish for two. `report` gets what went wrong, and
 `run` is the answer it is offered in, if any. */
export function buyButton({ product_id, item_id = product_id, title }, className, report, run) {
  let key = null; // the same for a click that is repeated because nobody knows what became of it
  const buy = button("", async (pressed, event) => {
    if (event.detail > 1) return;
    key ??= newKey();
    pressed.disabled = true;
    report("");
    try {
      await addOne(item_id, key, run);
      key = null;
      byId("status").textContent = t("added", { title });
    } catch (error) {
      if (error.status) key = null;
      report(error.message);
    }
    pressed.disabled = false;
    if (document.activeElement === document.body) pressed.focus({ preventScroll: true });
  }, className);
  buy.dataset.item = item_id;
  buy.dataset.title = title;
  return mark(buy);
}

export const markAll = () => document.querySelectorAll("[data-item]").forEach(mark);

/** Small ones show a sign, large ones say how many the cart holds already. */
function mark(buy) {
  const { item, title } = buy.dataset;
  const held = heldOf(item);
  const words = held ? t("add_more", { n: held }) : t("add");
  if (buy.classList.contains("add")) buy.textContent = held ? "✓" : "+";
  else buy.textContent = words;
  buy.classList.toggle("held", held > 0);
  buy.ariaLabel = `${words}: ${title}`;
  return buy;
}
