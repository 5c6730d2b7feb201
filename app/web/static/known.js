import { editor } from "./correct.js";
import { button, make, tell } from "./elements.js";
import { forgetButton } from "./forget.js";
import { showOnboarding } from "./onboarding.js";
import { freshProfile, profile } from "./profile.js";
import { byId, state } from "./state.js";
import { age, since, valueParts } from "./values.js";
import { t } from "./words.js";

const FIRST = ["aside", "used", "default"]; // what matters for this answer, and what is not the shopper's own
const WITHOUT_A_SAY = ["stale", "blank"]; // nothing of these would be used anyway
let told = null; // the turn the panel tells of
let lost = null; // the control that had the focus and is away while the answer is looked for again

/** The panel of facts, those that decided the answer first; what played no part is folded away. */
export async function showKnown(view, changed) {
  told = view;
  const kept = await (changed || view?.finished ? freshProfile() : profile());
  if (told === view) draw(kept);
}

/** In the panel for those who look there; it is announced with the rest. */
const say = (text) => (byId("known-change").textContent = byId("status").textContent = text);

function draw(kept) {
  const held = document.activeElement === document.body ? lost : document.activeElement?.dataset.place;
  const groups = grouped(features(kept));
  const first = groups.filter(([name]) => told && FIRST.includes(name));
  const rest = groups.filter((group) => !first.includes(group));
  const nothing = told?.finished && !first.length ? [make("p", { className: "hint", text: t("known_nothing") })] : [];
  byId("known-hint").hidden = Boolean(told);
  byId("known-list").replaceChildren(...nothing, ...first.map(section), ...folded(rest), ...(kept ? [forgetButton()] : []));
  const back = held && byId("known-list").querySelector(`[data-place="${CSS.escape(held)}"]`);
  back?.focus();
  lost = back ? null : held;
  showOnboarding(told ? null : kept);
}

/** As they are kept now, and whether the answer used them; the answer's own when the shop's cannot be read. */
function features(kept) {
  const used = new Map((told?.features ?? []).map((feature) => [feature.name, feature]));
  const rows = kept?.features ?? told?.features ?? [];
  return rows.map((row) => ({ ...row, used: Boolean(used.get(row.name)?.used), aside: isAside(row.name) }));
}

const isAside = (name) => Boolean(told?.without.includes(name));
const isEmpty = (value) => value === null || (typeof value === "object" && Object.keys(value).length === 0);

function grouped(features) {
  const groups = { aside: [], used: [], default: [], unused: [], stale: [], blank: [] };
  for (const feature of features) groups[groupOf(feature)]?.push(feature);
  return Object.entries(groups).filter(([, members]) => members.length);
}

function groupOf({ aside, used, status, value, correctable }) {
  if (aside) return "aside";
  if (status === "missing" || isEmpty(value)) return correctable ? "blank" : "nowhere";
  if (status === "default" || status === "stale") return status;
  return used ? "used" : "unused";
}

function section([name, members]) {
  const heading = t(name === "unused" && !told ? "known_kept" : `known_${name}`);
  const rows = members.map((feature) => row(feature, name));
  return make("section", { className: `facts-${name}` }, make("h3", { text: heading }), make("dl", {}, ...rows));
}

function row(feature, group) {
  const value = make("dd", { className: "value" }, ...(isEmpty(feature.value) ? ["–"] : valueParts(feature)));
  const from = group === "blank" ? "" : [origin(feature), since(feature)].filter(Boolean).join(" · ");
  const correct = feature.correctable ? [correction(feature, value)] : [];
  const hint = make("dd", { className: "hint" }, make("span", { text: from }), ...correct);
  const tools = switches(feature, group).map((each) => make("dd", { className: "tools" }, each));
  return make("div", {}, make("dt", { text: feature.display_name }), ...tools, value, hint);
}

const origin = ({ source, status, used }) => (status === "default" && used ? t("known_used") : t(`known_from_${source}`));

/** Looks for the latest answer again without the fact, or with it. */
function switches({ name, display_name, aside }, group) {
  if (!told?.repeatable || WITHOUT_A_SAY.includes(group)) return [];
  const press = button("", () => tell("again", toggled(name, aside)), "switch");
  press.role = "switch";
  press.ariaChecked = String(!aside);
  press.ariaLabel = t("known_switch", { name: display_name });
  press.dataset.place = `switch ${name}`;
  return [press];
}

const toggled = (name, aside) => ({
  without: aside ? told.without.filter((other) => other !== name) : [...told.without, name],
});

function correction(feature, value) {
  const wish = isEmpty(feature.value) ? "known_set" : "known_correct";
  const open = button(t(wish), () => {
    const shown = [...value.childNodes];
    const back = () => {
      value.replaceChildren(...shown);
      open.hidden = false;
      open.focus();
    };
    value.replaceChildren(editor(feature, saved, back));
    value.querySelector("input").focus();
    open.hidden = true;
  }, "textual");
  open.ariaLabel = t(`${wish}_named`, { name: feature.display_name });
  open.dataset.place = `correct ${feature.name}`;
  return open;
}

function saved() {
  showKnown(told, true);
  say(t("known_saved"));
}

function folded(groups) {
  if (!groups.length) return [];
  const more = make("div", { hidden: !state.unfolded }, ...groups.map(section));
  const count = groups.reduce((total, [, members]) => total + members.length, 0);
  const toggle = button("", () => {
    state.unfolded = more.hidden;
    more.hidden = !more.hidden;
    label();
  });
  const label = () => {
    toggle.ariaExpanded = String(!more.hidden);
    toggle.textContent = more.hidden ? t(told ? "known_all" : "known_show", { n: count }) : t("known_fewer");
  };
  label();
  return [toggle, more];
}

/** One feature in the panel of a citation. */
export function featureBody(feature) {
  const { status, used } = feature;
  const standing = { default: t("known_default"), stale: t("known_stale") }[status] ?? (used ? t("known_used") : "");
  const provenance = [standing, age(feature)].filter(Boolean).join(" · ");
  return [make("p", { className: "value" }, ...valueParts(feature)), make("p", { className: "hint", text: provenance })];
}

document.addEventListener("changed", ({ detail }) => say(detail));
document.addEventListener("corrected", () => showKnown(told, true));
