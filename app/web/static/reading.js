import { make } from "./elements.js";
import { state } from "./state.js";
import { number, t } from "./words.js";

/** What an answer quotes of a product, each quotation once however many sentences cite it, or a part of it. */
export function quoted(passages) {
  const texts = [...new Set(passages.map(({ text }) => text))];
  const whole = texts.filter((text) => !texts.some((other) => other !== text && other.includes(text)));
  return whole.map((text) => {
    const cited = [...new Set(passages.filter((passage) => text.includes(passage.text)).map(({ marker }) => marker))];
    const label = cited.map((marker) => t("passage", { marker })).join(", ");
    const quote = make("blockquote", {}, make("mark", { text }));
    return make("figure", { className: "passage", id: `cite-${cited[0]}` }, quote, make("figcaption", { className: "hint", text: label }));
  });
}

/** A text with what is quoted of it marked, line by line; where quotations overlap, the first and longest counts. */
export function highlighted(text, passages) {
  const lines = passages.flatMap((passage) => passage.text.split("\n")).filter((line) => line.trim());
  const spans = lines.map((line) => [text.indexOf(line), line.length]).filter(([start]) => start >= 0);
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
