import { newKey, send } from "./api.js";

/** A product's page was asked for; the server sees for itself what is put in the cart and bought. */
export const clicked = (product_id, where) => tellShop({ kind: "click", product_id, ...where });

/** Counts how long a product is looked at: until the function returned is called, or the page is hidden. Told once. */
export function watch(product_id, where) {
  const began = performance.now();
  const left = new AbortController();
  const leave = () => {
    if (left.signal.aborted) return;
    left.abort();
    tellShop({ kind: "view", product_id, ...where, dwell_s: Math.round((performance.now() - began) / 100) / 10 });
  };
  document.addEventListener("visibilitychange", () => document.hidden && leave(), { signal: left.signal });
  addEventListener("pagehide", leave, { signal: left.signal });
  return leave;
}

/** Survives the page; a beacon could not say who is asking. What is not heard is lost, and nobody is told. */
const tellShop = (event) =>
  send("/api/events", { method: "POST", keepalive: true, body: { events: [{ event_id: newKey(), ...event }] } }).catch(() => null);
