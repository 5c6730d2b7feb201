import { make, tell } from "./elements.js";
import { byId } from "./state.js";
import { t } from "./words.js";

/** One line under an answer that was looked for again: what came, what went, what stands elsewhere. */
export function tellChange(view) {
  const text = difference([...view.instead.products.values()], [...view.products.values()]);
  view.part("filters").before(make("p", { className: "changed", text }));
  tell("changed", text);
  byId("conversation").querySelector(`.turn:last-child [data-place="${CSS.escape(view.pressed ?? "")}"]`)?.focus();
}

export function difference(before, after) {
  const were = before.map(({ product_id }) => product_id);
  const are = after.map(({ product_id }) => product_id);
  const came = after.filter(({ product_id }) => !were.includes(product_id));
  const went = before.filter(({ product_id }) => !are.includes(product_id));
  const moved = shifted(were.filter((id) => are.includes(id)), are.filter((id) => were.includes(id)));
  const lines = [
    ["changed_in", came],
    ["changed_out", went],
    ["changed_moved", after.filter(({ product_id }) => moved.includes(product_id))],
  ];
  const told = lines.filter(([, some]) => some.length).map(([word, some]) => t(word, { titles: titles(some) }));
  return told.length ? told.join(" ") : t("changed_nothing");
}

/** Of those in both, the ones whose order among themselves is another. */
const shifted = (were, are) => are.filter((id, place) => were[place] !== id);
const titles = (products) => products.map(({ title }) => title).join("; ");
