/** What the page was served with, and what changes while it is open. */
export const page = JSON.parse(document.getElementById("page-data").textContent);
export const state = { lang: page.lang, currency: "USD", features: [], thread: null, running: null, unfolded: false };

/** Why each product was shown last, by product id: the cards have room for one reason, the sheet for all. */
export const reasons = new Map();

export const byId = (id) => document.getElementById(id);
export const shopperId = () => document.querySelector("[name=shopper]:checked")?.value;
export const shopper = () => page.shoppers.find(({ user_id }) => user_id === shopperId());
