import { button, make, tell } from "./elements.js";
import { forgetMe } from "./profile.js";
import { byId } from "./state.js";
import { number, t } from "./words.js";

/** Takes a second press, elsewhere than the first. */
export function forgetButton() {
  const forget = button(t("forget"), () => {
    const keep = button(t("keep"), () => {
      sure.replaceWith(forget);
      forget.focus();
    });
    const yes = button(t("forget_yes"), () => erase(sure, [yes, keep]), "quiet wrong");
    const answers = make("div", { className: "answers" }, yes, keep);
    const warning = make("p", { text: t("forget_sure") });
    const sure = make("div", { className: "forget", role: "group", ariaLabel: t("forget") }, warning, answers);
    forget.replaceWith(sure);
    keep.focus();
  }, "textual forget");
  return forget;
}

async function erase(sure, buttons) {
  for (const each of buttons) each.disabled = true;
  try {
    const result = await forgetMe();
    tell("forgotten"); // the page starts anew; what was done stays to be read
    tell("changed", report(result));
    byId("known-change").focus();
  } catch ({ message }) {
    sure.append(make("p", { className: "trouble", role: "alert", text: message }));
    for (const each of buttons) each.disabled = false;
  }
}

/** What was erased, what is left by law, that it was looked for afterwards, and what has left this shop. */
function report({ erased, kept, verified, elsewhere }) {
  const counts = Object.entries(erased).filter(([, count]) => count);
  const things = counts.map(([what, count]) => t(`erased_${what}`, { n: number(count) })).filter(Boolean);
  return [
    things.length ? t("forgotten", { things: things.join(", ") }) : t("forgotten_nothing"),
    verified && t("forgotten_verified"),
    kept.includes("orders") && t("forgotten_kept"),
    ...elsewhere.map(({ host, outcome }) => t(outcome, { host })),
  ].filter(Boolean).join(" ");
}
