import { make } from "./elements.js";
import { money, number, rendered, t } from "./words.js";

/** Price, rating and stock, in this order; no rating is no fact. */
export function shelfFacts({ price, currency, rating, in_stock }) {
  const stock = in_stock === null ? "stock_unknown" : in_stock ? "in_stock" : "out_of_stock";
  const unknown = price === null ? " unknown" : "";
  const facts = [
    make("span", { className: `price${unknown}`, text: unknown ? t("price_unknown") : money(price, currency) }),
    make("span", { className: `stock ${stock}`, text: t(stock) }),
  ];
  if (rating !== null) {
    const score = number(rating, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    const label = t("rating", { rating: score });
    facts.splice(1, 0, make("span", { className: "rating", text: `★ ${score}`, role: "img", ariaLabel: label }));
  }
  return facts;
}

/** The same of a catalogue's row, which counts its stock. */
export const rowFacts = (product) => shelfFacts({ ...product, in_stock: product.stock === null ? null : product.stock > 0 });

/** Its name and value in words. Catalogues name a measured attribute with its unit: `weight_g` is a weight in grams. */
export function attribute(name, value = "") {
  const [, bare, unit] = /^(.+?)(?:_(mm|cm|km|m|in|kg|mg|g|gb|tb|ml|l|h|w|db|c))?$/.exec(name);
  const words = bare.replaceAll("_", " ");
  const measure = { c: "°C", db: "dB", gb: "GB", l: "L", tb: "TB", w: "W" }[unit] ?? unit ?? "";
  return [words.charAt(0).toUpperCase() + words.slice(1), `${rendered({ value })} ${measure}`.trim()];
}
