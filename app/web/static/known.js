import { button, link, make, productAddress } from "./elements.js";
import { findProduct } from "./sheet.js";
import { byId, state } from "./state.js";
import { ago, number, rendered, t } from "./words.js";

const ROWS = 5; // of what was bought; the rest is counted
const FIRST = ["used", "default"]; // what matters for this answer, and what the shopper should not take for their own

/** The panel of facts, those that decided something first; what played no part is folded away. */
export function showKnown(features) {
  state.features = features;
  const groups = grouped(features.filter(({ value, status }) => status !== "missing" && !isEmpty(value)));
  byId("known-hint").hidden = groups.length > 0;
  const first = groups.filter(([name]) => FIRST.includes(name));
  const rest = groups.filter(([name]) => !FIRST.includes(name));
  const more = make("div", { hidden: true }, ...rest.map(section));
  const top = first.length || !rest.length ? first.map(section) : [make("p", { className: "hint", text: t("known_nothing") })];
  byId("known-list").replaceChildren(...top, ...(rest.length ? [unfold(more, rest), more] : []));
}

const isEmpty = (value) => value === null || (typeof value === "object" && Object.keys(value).length === 0);

function grouped(features) {
  const groups = { used: [], default: [], unused: [], stale: [] };
  for (const feature of features) {
    const own = feature.used ? "used" : "unused";
    groups[feature.status in groups ? feature.status : own].push(feature);
  }
  return Object.entries(groups).filter(([, members]) => members.length);
}

function section([name, members]) {
  return make("section", { className: `facts-${name}` }, make("h3", { text: t(`known_${name}`) }), list(members));
}

const list = (members) => make("dl", {}, ...members.map(row));

function row(feature) {
  const value = make("dd", {}, ...valueParts(feature));
  const provenance = make("dd", { className: "hint", text: [use(feature), since(feature)].filter(Boolean).join(" · ") });
  return make("div", {}, make("dt", { text: feature.display_name }), value, provenance);
}

function unfold(more, groups) {
  const count = groups.reduce((total, [, members]) => total + members.length, 0);
  const toggle = button(t("known_all", { n: count }), () => {
    more.hidden = !more.hidden;
    toggle.ariaExpanded = String(!more.hidden);
    toggle.textContent = more.hidden ? t("known_all", { n: count }) : t("known_fewer");
  });
  toggle.ariaExpanded = "false";
  return toggle;
}

/** One feature in the panel of a citation. */
export function featureBody(feature) {
  const { status, used } = feature;
  const standing = { default: t("known_default"), stale: t("known_stale") }[status] ?? (used ? t("known_used") : "");
  const provenance = [standing, age(feature)].filter(Boolean).join(" · ");
  return [make("p", { className: "value" }, ...valueParts(feature)), make("p", { className: "hint", text: provenance })];
}

const since = ({ age_s }) => (age_s === null ? "" : ago(age_s));
const age = (feature) => (since(feature) ? t("age", { age: since(feature) }) : "");
const use = ({ status, used }) => (status === "default" && used ? t("known_used") : t(`known_from_${status}`));

/** Products with how often each was bought, the most often bought first. */
function purchases({ value }) {
  const rows = Object.entries(value).sort(([, a], [, b]) => b - a);
  const shown = rows.slice(0, ROWS).map(([id, times]) => make("div", {}, productLink(id), ` ×${number(times)}`));
  return rows.length > ROWS ? [...shown, make("div", { text: t("known_more", { n: rows.length - ROWS }) })] : shown;
}

function valueParts(feature) {
  if (feature.unit === "times") return purchases(feature);
  if (feature.unit !== "product") return [rendered(feature)];
  return [feature.value].flat().map(productLink);
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
