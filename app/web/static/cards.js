import { buyButton } from "./buy.js";
import { copy, fillPicture, productAddress } from "./elements.js";
import { shelfFacts } from "./facts.js";
import { pickBox } from "./pick.js";
import { t } from "./words.js";

const PENDING = 5; // as many as a row shows at once

/** One that stands `among` others can be compared with them; `run` is the answer that shows it. */
export function productCard(product, among, run) {
  const card = copy("card");
  const part = (selector) => card.querySelector(selector);
  card.dataset.product = product.product_id;
  part("a").href = productAddress(product.product_id, run);
  part("h3").textContent = product.title;
  part("h3").title = product.title;
  part(".facts").append(...shelfFacts(product));
  part(".why").textContent = product.why[0] ?? "";
  if (among) part(".does").append(pickBox(product));
  if (product.in_stock !== false) part(".does").append(buyButton(product, "add", (text) => report(part(".why"), text, product), run));
  fillPicture(part(".picture"), product.image_url, product.title);
  return card;
}

/** Offered although it breaks a limit, and which. */
export function nearCard({ product, breaks }, run) {
  const card = productCard(product, false, run);
  card.classList.add("near");
  card.querySelector(".why").textContent = t("near_breaks", { limits: breaks.join(", ") });
  return card;
}

/** Where the reason stands, in no less room, so that nothing moves up. */
function report(line, text, { why }) {
  line.style.minHeight = `${line.offsetHeight}px`;
  line.role = text ? "alert" : null;
  line.classList.toggle("trouble", Boolean(text));
  line.textContent = text || (why[0] ?? "");
}

/** Empty cards in the place of those to come; below them is nothing that could be moved. */
export function pendingCards() {
  return Array.from({ length: PENDING }, () => {
    const card = copy("card");
    card.classList.add("pending");
    card.ariaHidden = "true";
    return card;
  });
}
