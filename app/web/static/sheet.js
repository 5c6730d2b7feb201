import { call } from "./api.js";
import { buyButton } from "./buy.js";
import { fillPicture, link, local, make, safe } from "./elements.js";
import { attribute, rowFacts } from "./facts.js";
import { byId, reasons } from "./state.js";
import { number, t } from "./words.js";

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

export async function openProduct(id) {
  const product = await freshProduct(id).catch((error) => ({ title: error.message }));
  fill(product);
  byId("product").showModal();
}

function fill(product) {
  const found = "product_id" in product;
  const path = found ? [product.brand, ...product.category] : [];
  byId("product-title").textContent = product.title;
  byId("product-path").textContent = path.filter(Boolean).join(" › ");
  byId("product-facts").replaceChildren(...(found ? facts(product) : []));
  byId("product-description").textContent = product.description ?? "";
  byId("product-attributes").replaceChildren(...Object.entries(product.attributes ?? {}).map(attributeRow));
  byId("product-picture").hidden = !found;
  fillPicture(byId("product-picture"), product.image_url, product.title);
  fillBuy(product, found);
  fillReasons(reasons.get(product.product_id) ?? []);
  const away = local(product.url) ? null : safe(product.url);
  byId("product-link").replaceChildren(...(away ? [link(away, t("shop_page"))] : []));
}

function fillBuy(product, found) {
  const problem = make("p", { className: "trouble", role: "alert" });
  const sold = found && product.stock !== 0;
  const parts = sold ? [buyButton(product, "primary", (text) => (problem.textContent = text)), problem] : [];
  byId("product-buy").replaceChildren(...parts);
}

function facts(product) {
  const shown = rowFacts(product);
  if (product.rating_count) shown.splice(2, 0, make("span", { text: t("ratings", { n: number(product.rating_count) }) }));
  return shown;
}

function fillReasons(why) {
  byId("product-why").hidden = why.length === 0;
  byId("product-reasons").replaceChildren(...why.map((text) => make("li", { text })));
}

function attributeRow([name, value]) {
  const [term, words] = attribute(name, value);
  return make("div", {}, make("dt", { text: term }), make("dd", { text: words }));
}
