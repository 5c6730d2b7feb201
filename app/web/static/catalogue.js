import { call } from "./api.js";

const looked = new Map(); // product id -> its row, as a promise

/** The catalogue's row; rejects with a line fit for the shopper, and status 404 for what is not sold any more. */
export function findProduct(id) {
  if (!looked.has(id)) {
    const found = call(`/api/products/${encodeURIComponent(id)}`);
    looked.set(id, found);
    found.catch(() => looked.delete(id));
  }
  return looked.get(id);
}

/** Asked anew, since prices and stock are live. */
export function freshProduct(id) {
  looked.delete(id);
  return findProduct(id);
}

/** With the passages that an answer cited of it, if that answer is the shopper's own. */
export function citedProduct(id, run) {
  const cited = call(`/api/products/${encodeURIComponent(id)}?run_id=${encodeURIComponent(run)}`);
  return cited.catch((error) => (error.status ? freshProduct(id) : Promise.reject(error)));
}

/** Every variant of it with its own price and stock; a product without a choice has none. */
export async function variantsOf(id) {
  const { items } = await call(`/api/products/${encodeURIComponent(id)}/options`).catch(() => ({ items: [] }));
  return items.length > 1 ? items : [];
}
