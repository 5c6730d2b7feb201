import { buyButton } from "./buy.js";
import { copy, fillPicture, make, productAddress } from "./elements.js";
import { money, number, t } from "./words.js";

const PENDING = 5; // as many as a row shows at once

export function productCard(product) {
  const card = copy("card");
  const part = (selector) => card.querySelector(selector);
  card.dataset.product = product.product_id;
  part("a").href = productAddress(product.product_id);
  part("h3").textContent = product.title;
  part("h3").title = product.title;
  part(".facts").append(...shelfFacts(product));
  part(".why").textContent = product.why[0] ?? "";
  if (product.in_stock !== false) part(".over").append(buyButton(product, "add", (text) => report(part(".why"), text, product)));
  fillPicture(part(".picture"), product.image_url, product.title);
  return card;
}

/** Where the reason stands, so that nothing moves. */
function report(line, text, { why }) {
  line.role = text ? "alert" : null;
  line.classList.toggle("trouble", Boolean(text));
  line.textContent = text || (why[0] ?? "");
}

/** Empty cards of the same height, so that nothing moves when the real ones arrive. */
export function pendingCards() {
  return Array.from({ length: PENDING }, () => {
    const card = copy("card");
    card.classList.add("pending");
    card.ariaHidden = "true";
    return card;
  });
}

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
