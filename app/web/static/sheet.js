import { call } from "./api.js";
import { buyButton } from "./buy.js";
import { shelfFacts } from "./cards.js";
import { fillPicture, link, local, make, safe } from "./elements.js";
import { byId, reasons } from "./state.js";
import { number, rendered, t } from "./words.js";

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

/** Asks anew, since prices and stock are live. */
export async function openProduct(id) {
  looked.delete(id);
  const product = await findProduct(id).catch((error) => ({ title: error.message }));
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
  const shown = shelfFacts({ ...product, in_stock: product.stock === null ? null : product.stock > 0 });
  if (product.rating_count) shown.splice(2, 0, make("span", { text: t("ratings", { n: number(product.rating_count) }) }));
  return shown;
}

function fillReasons(why) {
  byId("product-why").hidden = why.length === 0;
  byId("product-reasons").replaceChildren(...why.map((text) => make("li", { text })));
}

/** Catalogues name a measured attribute with its unit: `weight_g` is a weight in grams. */
function attributeRow([name, value]) {
  const [, bare, unit] = /^(.+?)(?:_(mm|cm|km|m|kg|g|ml|l|h|w|c))?$/.exec(name);
  const words = bare.replaceAll("_", " ");
  const measure = { c: "°C", l: "L", w: "W" }[unit] ?? unit ?? "";
  const term = make("dt", { text: words.charAt(0).toUpperCase() + words.slice(1) });
  return make("div", {}, term, make("dd", { text: `${rendered({ value })} ${measure}`.trim() }));
}
