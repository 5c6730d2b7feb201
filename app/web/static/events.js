import { newKey, send } from "./api.js";
import { shopperId } from "./state.js";

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

const MOST = 50; // events of one request
let unheard = []; // [shopper, event] of what the server could not be told, the oldest first
let lost = 0;

/** Survives the page; a beacon could not say who is asking. What is not heard is told again with the next event: its key
 makes it happen once. What there is no room for is counted, and the server is told how many. */
async function tellShop(event) {
  const shopper = shopperId();
  const mine = [...unheard.filter(([who]) => who === shopper), [shopper, { event_id: newKey(), ...event }]];
  unheard = unheard.filter(([who]) => who !== shopper);
  const told = mine.slice(-MOST);
  const given = lost + mine.length - told.length;
  lost = 0;
  const body = { events: told.map(([, each]) => each), ...(given && { lost: given }) };
  await send("/api/events", { method: "POST", keepalive: true, body, shopper }).catch(({ status }) => {
    lost += given;
    if (!status || status >= 500) unheard = [...told, ...unheard];
    else lost += told.length - 1; // it was refused for one of them
  });
}
