import { call, newKey } from "./api.js";
import { tell } from "./elements.js";
import { byId, shopperId, state } from "./state.js";
import { number, t } from "./words.js";

const UNKNOWN = { lines: [], total: 0, version: -1 };
let cart = UNKNOWN;

/** As last heard of; `cart` is told on the document whenever it changes. */
export const heldLines = () => cart.lines;
export const heldTotal = () => cart.total;
export const heldOf = (item_id) => cart.lines.find((line) => line.item_id === item_id)?.quantity ?? 0;
const pieces = () => cart.lines.reduce((sum, { quantity }) => sum + quantity, 0);

/** The cart of a receipt, unless a later one is known already. */
export function keep({ cart: heard, currency }) {
  if (!heard || heard.version < cart.version) return;
  cart = heard;
  state.currency = currency ?? state.currency;
  tell("cart");
}

export function showCount() {
  const count = pieces();
  byId("cart-count").textContent = count ? number(count) : "";
  byId("open-basket").ariaLabel = t("cart_pieces", { n: number(count) });
}

export function forgetCart() {
  cart = UNKNOWN;
  tell("cart");
}

export async function loadCart() {
  const who = shopperId();
  const receipt = await call(`/api/cart?lang=${state.lang}`);
  if (who === shopperId()) keep(receipt);
}

/** One more of an item; with the same `key` it stays one. */
export async function addOne(item_id, key, run_id) {
  if (cart === UNKNOWN) await loadCart();
  await setQuantity(item_id, heldOf(item_id) + 1, key, run_id);
}

/** Refused when the cart has changed since it was shown, and the cart as it is now is kept. */
export async function setQuantity(item_id, quantity, key = newKey(), run_id = undefined) {
  const who = shopperId();
  const version = heldOf(item_id) ? { version: cart.version } : {};
  const body = { item_id, quantity, ...version, run_id };
  const heard = (receipt) => who === shopperId() && keep(receipt);
  try {
    heard(await call(`/api/cart?lang=${state.lang}`, { method: "PUT", body, key }));
  } catch (error) {
    if (error.body?.now) heard(error.body.now);
    throw error;
  }
}
