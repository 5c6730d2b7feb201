import { profile } from "./profile.js";
import { recall } from "./session.js";
import { TurnView } from "./turn.js";
import { t } from "./words.js";

/** A conversation told again, from its final answers as they were sent. */
export async function pastTurns(exchanges) {
  const known = new Map(((await profile())?.features ?? []).map((feature) => [feature.name, feature]));
  return exchanges.map((exchange) => pastTurn(exchange, known));
}

function pastTurn({ run_id, said, answer, time, feedback }, known) {
  const view = new TurnView(said);
  const { run, without } = recall().aside ?? {};
  view.run = run_id;
  view.feedback = feedback;
  if (run === run_id) view.without = without;
  view.features = features(answer, (Date.now() - Date.parse(time)) / 1000, known);
  view.cite(answer.citations);
  notices(answer).forEach((text) => view.notice(text));
  return view;
}

/** As old as they are by now; an answer names those it cites, and the shop all it keeps. */
function features({ citations, features: values }, since, known) {
  const titles = new Map(citations.map(({ source, title }) => [source, title]));
  return values.map((feature) => {
    const { name, age_s } = feature;
    const { display_name = titles.get(`feature:${name}`) ?? name, unit = "" } = known.get(name) ?? {};
    return { ...feature, display_name, unit, age_s: age_s === null ? null : age_s + since };
  });
}

/** What the shopper should have known and the answer does not itself say. */
function notices({ answer, degraded, receipt }) {
  const keys = [...(receipt?.notices ?? []), ...(degraded ?? []).map(({ part }) => `${part}_down`)];
  const texts = keys.map((key) => t(`notice_${key}`)).filter((text) => text && !answer.includes(text));
  return [...new Set(texts)];
}
