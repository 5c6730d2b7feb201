import { freshProduct } from "./catalogue.js";
import { fillPicture, link, make, productAddress } from "./elements.js";
import { attribute, rowFacts } from "./facts.js";
import { byId } from "./state.js";
import { t } from "./words.js";

/** From the records, not from what was written about them. Roles, since on a phone it is laid out as no table. */
export async function openComparison(ids) {
  const products = await Promise.all(ids.map(freshProduct)).catch((error) => error);
  const failed = products instanceof Error;
  byId("compare-table").replaceChildren(failed ? make("p", { className: "trouble", role: "alert", text: products.message }) : table(products));
  byId("compare").showModal();
}

function table(products) {
  const names = [...new Set(products.flatMap(({ attributes }) => Object.keys(attributes)))];
  const rows = [
    [t("compare_price"), products.map((product) => rowFacts(product).slice(0, 1))],
    [t("compare_rating"), products.map((product) => rowFacts(product).filter(({ className }) => className === "rating"))],
    [t("compare_stock"), products.map((product) => rowFacts(product).slice(-1))],
    [t("compare_brand"), products.map(({ brand }) => [brand ?? "–"])],
    ...names.map((name) => [attribute(name)[0], products.map(({ attributes }) => [told(name, attributes[name])])]),
  ];
  const head = make("tr", { role: "row" }, make("td", { role: "cell" }), ...products.map(column));
  const parts = [make("thead", { role: "rowgroup" }, head), make("tbody", { role: "rowgroup" }, ...rows.map(row))];
  return make("table", { role: "table", className: `of-${products.length}` }, ...parts);
}

const told = (name, value) => (value === undefined ? "–" : attribute(name, value)[1]);

function row([label, cells]) {
  const filled = cells.map((parts) => make("td", { role: "cell" }, ...(parts.length ? parts : ["–"])));
  return make("tr", { role: "row" }, make("th", { scope: "row", role: "rowheader", text: label }), ...filled);
}

function column({ product_id, title, image_url }) {
  const picture = make("div", { className: "picture" });
  fillPicture(picture, image_url, title);
  return make("th", { scope: "col", role: "columnheader" }, picture, link(productAddress(product_id), title));
}
