import { recall } from "./session.js";
import { TurnView } from "./turn.js";

/** One exchange told again, from the final answer as it was sent. */
export function pastTurn({ said, answer, time }) {
  const view = new TurnView(said);
  view.features = features(answer, (Date.now() - Date.parse(time)) / 1000);
  view.cite(answer.citations);
  return view;
}

/** The features that were cited, as old as they are by now. */
function features({ citations, features: values }, since) {
  const units = recall().units ?? {};
  const personal = citations.filter(({ source }) => source.startsWith("feature:"));
  return personal.map(({ source, title, quote, age_s }) => {
    const name = source.slice("feature:".length);
    const known = values.find((feature) => feature.name === name) ?? { value: quote, status: "online", used: true };
    return { ...known, name, display_name: title, unit: units[name] ?? "", age_s: age_s === null ? null : age_s + since };
  });
}
