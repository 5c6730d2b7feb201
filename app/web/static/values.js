import { findProduct } from "./catalogue.js";
import { link, make, productAddress } from "./elements.js";
import { ago, number, rendered, t } from "./words.js";

const ROWS = 5; // of what was bought; the rest is counted

/** The value of a feature as a person reads it. */
export function valueParts(feature) {
  if (feature.unit === "times") return purchases(feature);
  if (feature.unit !== "product") return [rendered(feature)];
  return [feature.value].flat().map(productLink);
}

export const since = ({ age_s }) => (age_s === null ? "" : ago(age_s));
export const age = (feature) => (since(feature) ? t("age", { age: since(feature) }) : "");

/** Products with how often each was bought, the most often bought first. */
function purchases({ value }) {
  const rows = Object.entries(value).sort(([, a], [, b]) => b - a);
  const shown = rows.slice(0, ROWS).map(([id, times]) => make("div", {}, productLink(id), ` ×${number(times)}`));
  return rows.length > ROWS ? [...shown, make("div", { text: t("known_more", { n: rows.length - ROWS }) })] : shown;
}

/** The title is looked up; an identifier means nothing to a shopper. */
function productLink(id) {
  const anchor = link(productAddress(id), "…");
  findProduct(id).then(
    ({ title }) => (anchor.textContent = title),
    ({ status }) => anchor.replaceWith(status === 404 ? t("product_gone") : String(id)),
  );
  return anchor;
}
