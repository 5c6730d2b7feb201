import { make } from "./elements.js";
import { state } from "./state.js";
import { number, t } from "./words.js";

/** What an answer quotes of a product, each quotation once however many sentences cite it. */
export function quoted(passages) {
  const markers = new Map();
  for (const { marker, text } of passages) markers.set(text, [...(markers.get(text) ?? []), marker]);
  return [...markers].map(([text, cited]) => {
    const label = [...new Set(cited)].map((marker) => t("passage", { marker })).join(", ");
    const quote = make("blockquote", {}, make("mark", { text }));
    return make("figure", { className: "passage", id: `cite-${cited[0]}` }, quote, make("figcaption", { className: "hint", text: label }));
  });
}

/** A text with what is quoted of it marked; where quotations overlap, the first and longest counts. */
export function highlighted(text, passages) {
  const spans = passages.map((passage) => [text.indexOf(passage.text), passage.text.length]).filter(([start]) => start >= 0);
  const parts = [];
  let told = 0;
  for (const [start, length] of spans.sort(([a, m], [b, n]) => a - b || n - m)) {
    if (start < told) continue;
    parts.push(text.slice(told, start), make("mark", { text: text.slice(start, start + length) }));
    told = start + length;
  }
  return [...parts, text.slice(told)];
}

export function reviewed(reviews, passages) {
  return reviews.map(({ title, text, rating, date }) => {
    const facts = [...stars(rating), ...written(date)];
    return make(
      "article",
      { className: "review" },
      make("h4", { text: title }),
      ...(facts.length ? [make("p", { className: "hint" }, ...facts)] : []),
      make("p", { className: "said" }, ...highlighted(text, passages)),
    );
  });
}

function stars(rating) {
  if (rating === null) return [];
  const label = t("rating", { rating: number(rating) });
  return [make("span", { className: "rating", role: "img", ariaLabel: label, text: "★".repeat(Math.round(rating)) })];
}

const written = (date) =>
  date ? [make("span", { text: new Intl.DateTimeFormat(state.lang, { dateStyle: "medium" }).format(new Date(date)) })] : [];
