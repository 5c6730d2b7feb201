import { make, tell } from "./elements.js";
import { byId } from "./state.js";
import { number, t } from "./words.js";

const NAMED = 2; // of each kind of change; the rest is counted

/** One line under an answer that was looked for again: what came, what went, what stands elsewhere. */
export function tellChange(view) {
  const changes = differences([...view.instead.products.values()], [...view.products.values()]);
  view.part("filters").before(make("p", { className: "changed", text: told(changes, "changed", titles) }));
  tell("changed", told(changes, "count", ({ length }) => number(length)));
  byId("conversation").querySelector(`.turn:last-child [data-place="${CSS.escape(view.pressed ?? "")}"]`)?.focus();
}

/** By kind of change, the products it befell. */
function differences(before, after) {
  const were = before.map(({ product_id }) => product_id);
  const are = after.map(({ product_id }) => product_id);
  const came = after.filter(({ product_id }) => !were.includes(product_id));
  const went = before.filter(({ product_id }) => !are.includes(product_id));
  const moved = shifted(were.filter((id) => are.includes(id)), are.filter((id) => were.includes(id)));
  return { in: came, out: went, moved: after.filter(({ product_id }) => moved.includes(product_id)) };
}

function told(changes, word, shown) {
  const some = Object.entries(changes).filter(([, products]) => products.length);
  const lines = some.map(([kind, products]) => t(`${word}_${kind}`, { which: shown(products) }));
  return lines.length ? lines.join(" ") : t("changed_nothing");
}

/** Of those in both, the ones whose order among themselves is another. */
const shifted = (were, are) => are.filter((id, place) => were[place] !== id);

function titles(products) {
  const named = products.slice(0, NAMED).map(({ title }) => title).join("; ");
  return products.length > NAMED ? `${named}; ${t("known_more", { n: products.length - NAMED })}` : named;
}
