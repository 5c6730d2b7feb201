import { nearCard, pendingCards, productCard } from "./cards.js";
import { button, copy, make } from "./elements.js";
import { filterChips, setAside } from "./filters.js";
import { later } from "./later.js";
import { proposalCard } from "./proposal.js";
import { receiptCard, toolName } from "./receipt.js";
import { reasons, state } from "./state.js";
import { t } from "./words.js";

const showSource = later(() => import("./source.js"), "showSource");

const LONG = 200; // characters of a question that no longer make a heading

/** One question and what became of it. */
export class TurnView {
  finished = false;
  repeatable = false; // whether it can be looked for again with other conditions
  run = null;
  without = []; // facts and stated limits that were set aside
  instead = null; // the turn this one is to replace
  feedback = null; // what the shopper thought of it
  citations = new Map(); // marker -> the passages it stands for
  products = new Map(); // product id -> its card's record
  features = [];
  actions = []; // what tools did or propose, in the order of the markers A1, A2, ...
  #shown = "";
  #block = null;

  constructor(question) {
    this.question = question;
    this.element = copy("turn");
    this.element.lang = state.lang;
    this.part("asked .hidden").textContent = `${t("you")}: `;
    this.part("asked .text").textContent = question;
    if (question.length > LONG) Object.assign(this.part("asked"), { className: "asked long", tabIndex: 0 }); // it scrolls
    this.part("working").textContent = t("working");
    this.part("cards").ariaLabel = t("products");
    this.part("cards").append(...pendingCards());
  }

  part(name) {
    return this.element.querySelector(`.${name}`);
  }

  /** Only ever adds, so that a screen reader hears each sentence once. */
  append(text) {
    this.#settle();
    const glue = this.#shown === "" || /\s$/.test(this.#shown) || /^\s/.test(text) ? "" : " ";
    this.#shown += glue + text;
    for (const [index, line] of (glue + text).split("\n").entries()) {
      if (index > 0) this.#block = null;
      this.#write(line);
    }
  }

  /** Nothing is awaited any more: places kept for cards that never came are given up. */
  #settle() {
    this.part("working").hidden = true;
    if (this.products.size === 0) this.show([]);
  }

  #write(line) {
    if (!this.#block) {
      if (!line.trim()) return;
      const bullet = /^\s*[-•*]\s+/.exec(line);
      this.#block = bullet ? this.#bullet() : make("p");
      if (bullet) line = line.slice(bullet[0].length);
      else this.part("answer").append(this.#block);
    }
    const pieces = line.split(/\s*\[([AF]?\d+)\]/);
    for (const [index, piece] of pieces.entries()) if (index % 2 === 0) this.#block.append(...this.#cited(pieces[index - 1], piece));
  }

  /** The no-break space keeps a marker on the line of the word it stands for, and the span what ends the sentence on its own. */
  #cited(marker, text) {
    if (marker === undefined) return [text];
    const [end] = /^[.,;:!?。]*/.exec(text);
    return ["\u00a0", make("span", { className: "cited" }, this.#marker(marker), end), text.slice(end.length)];
  }

  #bullet() {
    const item = make("li");
    const answer = this.part("answer");
    if (answer.lastElementChild?.tagName !== "UL") answer.append(make("ul"));
    answer.lastElementChild.append(item);
    return item;
  }

  #marker(marker, label = marker) {
    const opener = button(label, () => showSource(this, marker, opener), "cite");
    opener.classList.toggle("personal", marker.startsWith("F"));
    opener.ariaLabel = t("source", { marker, title: this.titleOf(marker) ?? "…" });
    return opener;
  }

  /** The final text wins, should it differ from what was streamed. */
  agree(answer) {
    const bare = (text) => text.replace(/\s/g, "");
    if (bare(answer) === bare(this.#shown)) return;
    this.part("answer").replaceChildren();
    this.#shown = "";
    this.#block = null;
    this.append(answer);
  }

  show(products) {
    const cards = this.part("cards");
    cards.hidden = products.length === 0;
    const wanted = products.map((product) => product.product_id);
    if (products.length && wanted.join() === [...this.products.keys()].join()) return;
    this.products = new Map(products.map((product) => [product.product_id, product]));
    for (const { product_id, why } of products) reasons.set(product_id, why);
    cards.replaceChildren(...products.map((product) => productCard(product, products.length > 1, this.run)));
    this.part("working").replaceWith(this.part("working").cloneNode(true)); // a row of another height, and nothing below it has moved
    this.part("compare").hidden = true;
    state.currency = products[0]?.currency ?? state.currency;
  }

  cite(citations) {
    for (const citation of citations) {
      this.citations.set(citation.marker, [...(this.citations.get(citation.marker) ?? []), citation]);
    }
    this.#relabel();
  }

  #relabel() {
    for (const opener of this.part("answer").querySelectorAll(".cite")) {
      const marker = opener.textContent;
      if (this.citations.has(marker)) opener.ariaLabel = t("source", { marker, title: this.titleOf(marker) });
    }
  }

  /** The shopper's feature a marker stands for, if it stands for one. */
  feature(marker) {
    const source = this.citations.get(marker)?.[0].source;
    return this.features.find(({ name }) => source === `feature:${name}`);
  }

  /** What a tool did, if the marker stands for that. */
  action(marker) {
    return marker.startsWith("A") ? this.actions[marker.slice(1) - 1] : undefined;
  }

  titleOf(marker) {
    if (this.action(marker)) return toolName(this.action(marker));
    return this.feature(marker)?.display_name ?? this.citations.get(marker)?.[0].title;
  }

  /** A proposal told of early keeps its place: a button of it may have the focus. */
  act(actions) {
    this.actions = actions;
    const deeds = this.part("deeds");
    const told = new Set([...deeds.children].map(({ dataset }) => dataset.action));
    const fresh = actions.filter(({ action_id, status }) => status !== "proposed" || !told.has(action_id));
    deeds.append(...fresh.map((action) => (action.status === "proposed" ? proposalCard : receiptCard)(action)).filter(Boolean));
    this.#relabel();
  }

  notice(text) {
    this.part("notices").hidden = false;
    this.part("notices").append(make("p", { text }));
  }

  finish({ model, filters, guard, actions, nearest }, suggestions) {
    this.finished = true;
    this.#settle();
    this.repeatable = Boolean(this.run) && guard.action !== "refuse" && actions.length === 0;
    this.without = [...new Set([...this.without, ...setAside(filters)])];
    this.part("suggestions").hidden = suggestions.length === 0;
    this.part("suggestions").ariaLabel = t("suggested");
    this.part("suggestions").append(...suggestions);
    if (guard.action === "refuse") return this.element.classList.add("refused");
    this.#offerNearest(nearest ?? []);
    const chips = filterChips(filters, this);
    this.part("filters").hidden = chips.length === 0;
    this.part("filters h3").textContent = t("filters");
    this.part("chips").append(...chips);
    const sources = [...this.citations.keys()].map((marker) => [marker, `${marker} ${this.titleOf(marker)}`]);
    this.part("sources").append(...sources.map(([marker, label]) => make("li", {}, this.#marker(marker, label))));
    this.part("model").textContent = model === "none" ? "" : t("answered_by", { model: t(`model_${model}`) || model });
    this.part("made").hidden = false;
  }

  /** Below the answer, which tells of them, so that nothing moves when they come. */
  #offerNearest(misses) {
    if (!misses.length) return;
    const cards = make("ul", { className: "cards", role: "list" }, ...misses.map((miss) => nearCard(miss, this.run)));
    this.part("deeds").before(make("section", { className: "nearest" }, make("h3", { text: t("near") }), cards));
    for (const { product } of misses) this.products.set(product.product_id, product);
  }

  /** What was wished of the finished answer could not be done. */
  complain(message) {
    this.part("problem").hidden = false;
    this.part("problem").replaceChildren(make("p", { text: message }));
  }

  fail(message, retry) {
    this.finished = true;
    this.#settle();
    this.part("problem").hidden = false;
    this.part("problem").append(make("p", { text: message }), button(t("retry"), retry));
  }
}
