import { buyButton } from "./buy.js";
import { citedProduct, freshProduct, variantsOf } from "./catalogue.js";
import { button, fillPicture, link, local, make, safe, tell } from "./elements.js";
import { clicked, watch } from "./events.js";
import { attribute, rowFacts } from "./facts.js";
import { highlighted, quoted, reviewed } from "./reading.js";
import { byId, reasons } from "./state.js";
import { number, t } from "./words.js";
import { variantPicker } from "./variants.js";

let leave = () => null; // tells how long the product shown was looked at
let wanted = null; // the address asked for last

/** The page of the product at the address, in the place of the conversation, which stays as it is behind it. */
export async function showProduct({ id, run, hash, by }) {
  leave();
  const address = (wanted = {});
  const where = run ? { run_id: run } : {};
  if (by) clicked(id, { ...where, ...by });
  const [product, variants] = await Promise.all([
    (run ? citedProduct(id, run) : freshProduct(id)).catch(({ status, message }) => ({ title: status === 404 ? t("product_unknown") : message })),
    variantsOf(id),
  ]);
  if (wanted !== address) return;
  byId("product").replaceChildren(back(), ...filled(product, variants, run ?? undefined));
  document.title = `${product.title} · ${t("title")}`;
  if ("product_id" in product) leave = watch(id, where);
  arrive(hash);
}

export function hideProduct() {
  wanted = null;
  leave();
  leave = () => null;
  byId("product").replaceChildren();
  document.title = t("title");
}

/** At the passage the address names, else at the top. */
function arrive(hash) {
  const passage = hash && document.getElementById(hash);
  byId("product").querySelector("h2").focus({ preventScroll: true });
  if (passage) passage.scrollIntoView({ block: "center" });
  else scrollTo(0, 0);
}

const back = () => button(t("back"), () => (history.state?.inside ? history.back() : tell("home")), "quiet back");

function filled(product, variants, run) {
  const title = make("h2", { id: "product-title", tabIndex: -1, text: product.title });
  if (!("product_id" in product)) return [title];
  const picture = make("div", { className: "picture" });
  fillPicture(picture, product.image_url, product.title);
  const beside = make("div", { className: "about" }, path(product), title, ...offer(product, variants, run), ...why(product));
  return [
    make("div", { className: "shown" }, picture, beside),
    ...section("product_passages", quoted(product.passages ?? [])),
    ...section("product_about", about(product)),
    ...section("product_reviews", reviewed(product.reviews ?? [], product.passages ?? [])),
  ];
}

const path = ({ brand, category }) => make("p", { className: "kind", text: [brand, ...category].filter(Boolean).join(" › ") });

function offer(product, variants, run) {
  const facts = make("p", { className: "facts" });
  const buy = make("div", { className: "buy" });
  const show = (offered) => {
    facts.replaceChildren(...offerFacts(offered));
    fillBuy(buy, offered, run);
  };
  if (!variants.length) show(product);
  const picker = variants.length ? [variantPicker(variants, (item) => show(asOffered(product, item)))] : [];
  return [facts, ...picker, buy];
}

/** A variant has a price of its own; of its stock only whether there is any is known. */
function asOffered(product, { item_id, price, available }) {
  return { ...product, item_id, price, stock: available ? product.stock || null : 0 };
}

function offerFacts(product) {
  const shown = rowFacts(product);
  if (product.rating_count) shown.splice(2, 0, make("span", { text: t(product.rating_count === 1 ? "ratings_one" : "ratings", { n: number(product.rating_count) }) }));
  return shown;
}

function fillBuy(place, product, run) {
  const problem = make("p", { className: "trouble", role: "alert" });
  const sold = product.stock !== 0;
  place.replaceChildren(...(sold ? [buyButton(product, "primary", (text) => (problem.textContent = text), run), problem] : []));
}

function why({ product_id }) {
  const given = reasons.get(product_id) ?? [];
  if (!given.length) return [];
  const list = make("ul", {}, ...given.map((text) => make("li", { text })));
  return [make("section", { className: "reasons" }, make("h3", { text: t("why") }), list)];
}

function about({ description, attributes, url, passages }) {
  const rows = Object.entries(attributes).map(([name, value]) => {
    const [term, words] = attribute(name, value);
    return make("div", {}, make("dt", { text: term }), make("dd", { text: words }));
  });
  const away = local(url) ? null : safe(url);
  return [
    ...(description ? [make("p", { className: "description" }, ...highlighted(description, passages ?? []))] : []),
    ...(rows.length ? [make("dl", {}, ...rows)] : []),
    ...(away ? [make("p", {}, link(away, t("shop_page")))] : []),
  ];
}

function section(word, parts) {
  return parts.length ? [make("section", { className: word.replace("product_", "") }, make("h3", { text: t(word) }), ...parts)] : [];
}
