const page = JSON.parse(document.getElementById("page-data").textContent);
const byId = (id) => document.getElementById(id);
const wide = matchMedia("(min-width: 62rem)");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const state = { lang: page.lang, currency: "USD", features: [], thread: null, running: null };

// Words and figures

function t(key, values = {}) {
  const words = page.strings[state.lang][key] ?? "";
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const number = (value, options = { maximumFractionDigits: 2 }) =>
  new Intl.NumberFormat(state.lang, options).format(value);

const money = (amount, currency) =>
  number(amount, { style: "currency", currency, currencyDisplay: "narrowSymbol" });

function ago(seconds) {
  const steps = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const [unit, size] = steps.find(([, least]) => seconds >= least) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(state.lang, { numeric: "auto" }).format(-Math.floor(seconds / size), unit);
}

function figure(value, unit) {
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "string") {
    const time = /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : NaN;
    return Number.isNaN(time) ? value : ago(Math.max(0, (Date.now() - time) / 1000));
  }
  if (unit === "currency") return money(value, state.currency);
  return t(`unit_${unit}`, { n: number(value) }) || number(value);
}

function rendered({ value, unit }) {
  if (Array.isArray(value)) return value.map((entry) => figure(entry, unit)).join(", ");
  if (value === null || typeof value !== "object") return value === null ? "–" : figure(value, unit);
  const entries = Object.entries(value).sort(([, a], [, b]) => (typeof a === "number" ? b - a : 0));
  return entries.map(([name, entry]) => `${name} ${figure(entry, unit)}`).join(", ");
}

// Elements. Text goes in as text: nothing from a model or a document is ever parsed as HTML.

function make(tag, { text, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...(text === undefined ? [] : [text]), ...children);
  return element;
}

const copy = (id) => byId(id).content.firstElementChild.cloneNode(true);
const local = (url) => (/^\/(?![/\\])/.test(url ?? "") ? url : null);
const safe = (url) => local(url) ?? (/^https:\/\//.test(url ?? "") ? url : null);

function link(url, text) {
  const away = local(url) ? {} : { target: "_blank", rel: "noopener noreferrer" };
  return make("a", { href: url, text, ...away });
}

function fillPicture(holder, url, title) {
  const initial = () => holder.replaceChildren(make("span", { text: title.slice(0, 1), ariaHidden: "true" }));
  if (!local(url)) return initial();
  holder.replaceChildren(make("img", { src: url, alt: "", width: 400, height: 400, onerror: initial }));
}

function shelfFacts({ price, currency, rating, in_stock }) {
  const stock = in_stock === null ? "stock_unknown" : in_stock ? "in_stock" : "out_of_stock";
  const facts = [
    make("span", { className: "price", text: price === null ? t("price_unknown") : money(price, currency) }),
    make("span", { className: `stock ${stock}`, text: t(stock) }),
  ];
  if (rating !== null) {
    const score = number(rating, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    const label = t("rating", { rating: score });
    facts.splice(1, 0, make("span", { className: "rating", text: `★ ${score}`, role: "img", ariaLabel: label }));
  }
  return facts;
}

function productCard(product) {
  const card = copy("card");
  const part = (selector) => card.querySelector(selector);
  card.dataset.product = product.product_id;
  part("a").href = `/products/${encodeURIComponent(product.product_id)}`;
  part("h3").textContent = product.title;
  part(".facts").append(...shelfFacts(product));
  part(".why").textContent = product.why.join(" · ");
  fillPicture(part(".picture"), product.image_url, product.title);
  return card;
}

// One turn on the page

class TurnView {
  finished = false;
  citations = new Map(); // marker -> the passages it stands for
  features = [];
  #shown = "";
  #block = null;

  constructor(question) {
    this.question = question;
    this.element = copy("turn");
    this.element.lang = state.lang;
    this.part("asked .hidden").textContent = `${t("you")}: `;
    this.part("asked .text").textContent = question;
    this.part("working").textContent = t("working");
    this.part("cards").ariaLabel = t("products");
  }

  part(name) {
    return this.element.querySelector(`.${name}`);
  }

  /** Only ever adds, so that a screen reader hears each sentence once. */
  append(text) {
    this.part("working").hidden = true;
    const glue = this.#shown === "" || /\s$/.test(this.#shown) || /^\s/.test(text) ? "" : " ";
    this.#shown += glue + text;
    for (const [index, line] of (glue + text).split("\n").entries()) {
      if (index > 0) this.#block = null;
      this.#write(line);
    }
  }

  #write(line) {
    if (!this.#block) {
      if (!line.trim()) return;
      const bullet = /^\s*[-•*]\s+/.exec(line);
      this.#block = bullet ? this.#bullet() : make("p");
      if (bullet) line = line.slice(bullet[0].length);
      else this.part("answer").append(this.#block);
    }
    const pieces = line.split(/\s*\[(F?\d+)\]/);
    this.#block.append(...pieces.map((piece, index) => (index % 2 ? this.marker(piece) : piece)));
  }

  #bullet() {
    const item = make("li");
    const answer = this.part("answer");
    if (answer.lastElementChild?.tagName !== "UL") answer.append(make("ul"));
    answer.lastElementChild.append(item);
    return item;
  }

  marker(marker, label = marker) {
    const button = make("button", { type: "button", className: "cite", text: label });
    button.classList.toggle("personal", marker.startsWith("F"));
    button.ariaLabel = t("source", { marker, title: "…" });
    button.addEventListener("click", () => showSource(this, marker, button));
    return button;
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
    const wanted = products.map((product) => product.product_id);
    if (wanted.join() === [...cards.children].map((card) => card.dataset.product).join()) return;
    cards.replaceChildren(...products.map(productCard));
    cards.hidden = products.length === 0;
    if (products.length) state.currency = products[0].currency;
  }

  cite(citations) {
    for (const citation of citations) {
      this.citations.set(citation.marker, [...(this.citations.get(citation.marker) ?? []), citation]);
    }
    for (const [marker, [{ title }]] of this.citations) {
      for (const button of this.part("answer").querySelectorAll(".cite")) {
        if (button.textContent === marker) button.ariaLabel = t("source", { marker, title });
      }
    }
  }

  notice(text, action) {
    const notices = this.part("notices");
    notices.hidden = false;
    notices.append(make("p", { text }, ...(action ? [" ", action] : [])));
  }

  finish(model) {
    this.finished = true;
    this.part("working").hidden = true;
    for (const [marker, [{ title }]] of this.citations) {
      this.part("sources").append(make("li", {}, this.marker(marker, `${marker} ${title}`)));
    }
    this.part("model").textContent = model === "none" ? "" : t("answered_by", { model: t(`model_${model}`) || model });
    this.part("made").hidden = false;
  }

  fail(message) {
    this.finished = true;
    this.part("working").hidden = true;
    const again = make("button", { type: "button", className: "quiet", text: t("retry") });
    again.addEventListener("click", () => {
      this.element.remove();
      ask(this.question);
    });
    this.notice(message, again);
  }
}

// Server-sent events over fetch, since EventSource cannot post

async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (waiting + value).split("\n\n");
    waiting = blocks.pop();
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block);
      const data = /^data: (.*)$/m.exec(block);
      if (name && data) yield [name[1], JSON.parse(data[1])];
    }
  }
}

const handlers = {
  run: (view, run) => (state.thread = run.thread_id),
  features: (view, { features }) => showKnown((view.features = features)),
  products: (view, { products }) => view.show(products),
  sentence: (view, { text }) => view.append(text),
  citations: (view, { citations }) => view.cite(citations),
  degraded: (view, { notices }) => notices.forEach((text) => view.notice(text)),
  error: (view, { error }) => view.fail(error),
  final(view, answer) {
    view.agree(answer.answer);
    view.show(answer.products);
    view.finish(answer.model);
    const used = new Set(answer.features.filter((feature) => feature.used).map((feature) => feature.name));
    showKnown((view.features = view.features.map((feature) => ({ ...feature, used: used.has(feature.name) }))));
    byId("status").textContent = t("answered");
  },
};

class Declined extends Error {}

async function* turnEvents(message, signal) {
  const shopper = shopperId();
  const headers = { "Content-Type": "application/json", ...(shopper && { "X-Demo-User": shopper }) };
  const body = JSON.stringify({ message, lang: state.lang, thread_id: state.thread });
  const response = await fetch("/api/chat", { method: "POST", headers, body, signal });
  if (!response.ok) throw new Declined((await response.json()).error);
  yield* events(response);
}

async function ask(question) {
  const view = new TurnView(question);
  const turn = begin(view);
  try {
    for await (const [event, data] of turnEvents(question, turn.signal)) handlers[event]?.(view, data);
    if (!view.finished) view.fail(t("cut"));
  } catch (error) {
    if (turn.signal.aborted) view.fail(t("stopped"));
    else view.fail(error instanceof Declined ? error.message : t("unreachable"));
  } finally {
    if (state.running === turn) end();
  }
}

function begin(view) {
  state.running?.abort();
  state.running = new AbortController();
  byId("welcome").hidden = true;
  byId("conversation").append(view.element);
  view.element.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  byId("status").textContent = t("working");
  label();
  return state.running;
}

function end() {
  state.running = null;
  label();
}

// The panel behind a citation

function showSource(view, marker, anchor) {
  const cited = view.citations.get(marker);
  const feature = cited && view.features.find(({ name }) => cited[0].source === `feature:${name}`);
  byId("source-kind").textContent = feature ? t("about_you") : t(`kind_${cited?.[0].id.split("/")[0]}`);
  byId("source-title").textContent = feature?.display_name ?? cited?.[0].title ?? t("source", { marker, title: "…" });
  byId("source-body").replaceChildren(...(feature ? featureBody(feature) : cited ? passages(cited) : [t("source_pending")]));
  byId("source").showPopover();
  place(byId("source"), anchor);
}

function passages(cited) {
  const quotes = cited.map(({ quote }) => make("blockquote", {}, make("mark", { text: quote })));
  const url = safe(cited[0].url);
  return url ? [...quotes, make("p", {}, link(url, t("source_open")))] : quotes;
}

function featureBody(feature) {
  const value = make("p", { className: "value", text: rendered(feature) });
  return [value, make("p", { className: "hint", text: provenance(feature) })];
}

function provenance({ status, age_s, used }) {
  const parts = [t(`known_${status}`), age_s === null ? "" : t("age", { age: ago(age_s) }), used ? t("known_used") : ""];
  return parts.filter(Boolean).join(" · ");
}

/** Below the marker if it fits, else above; narrow screens get a sheet at the bottom instead (see the stylesheet). */
function place(panel, anchor) {
  const at = anchor.getBoundingClientRect();
  const left = Math.max(16, Math.min(at.left - 24, document.documentElement.clientWidth - panel.offsetWidth - 16));
  const below = at.bottom + 8;
  const top = below + panel.offsetHeight < innerHeight ? below : Math.max(16, at.top - panel.offsetHeight - 8);
  panel.style.setProperty("--left", `${left + scrollX}px`);
  panel.style.setProperty("--top", `${top + scrollY}px`);
}

// The product sheet

async function openProduct(id) {
  const response = await fetch(`/api/products/${encodeURIComponent(id)}`).catch(() => null);
  const body = (await response?.json()) ?? { error: t("unreachable") };
  fillProduct(response?.ok ? body : { title: body.error });
  byId("product").showModal();
}

function fillProduct(product) {
  const found = "product_id" in product;
  const path = found ? [product.brand, ...product.category] : [];
  const attributes = Object.entries(product.attributes ?? {});
  const facts = found ? shelfFacts({ ...product, in_stock: product.stock === null ? null : product.stock > 0 }) : [];
  if (product.rating_count) facts.splice(2, 0, make("span", { text: t("ratings", { n: number(product.rating_count) }) }));
  byId("product-title").textContent = product.title;
  byId("product-path").textContent = path.filter(Boolean).join(" › ");
  byId("product-facts").replaceChildren(...facts);
  byId("product-description").textContent = product.description ?? "";
  byId("product-attributes").replaceChildren(...attributes.map(attributeRow));
  byId("product-picture").hidden = !found;
  fillPicture(byId("product-picture"), product.image_url, product.title);
  const away = local(product.url) ? null : safe(product.url);
  byId("product-link").replaceChildren(...(away ? [link(away, t("shop_page"))] : []));
}

/** Catalogues name a measured attribute with its unit: `weight_g` is a weight in grams. */
function attributeRow([name, value]) {
  const [, bare, unit] = /^(.+?)(?:_(mm|cm|km|m|kg|g|ml|l|h|w|c))?$/.exec(name);
  const words = bare.replaceAll("_", " ");
  const measure = { c: "°C", l: "L", w: "W" }[unit] ?? unit ?? "";
  const term = make("dt", { text: words.charAt(0).toUpperCase() + words.slice(1) });
  return make("div", {}, term, make("dd", { text: `${rendered({ value })} ${measure}` }));
}

// What I know about you

function showKnown(features) {
  state.features = features;
  const known = features.filter(({ value, status }) => value !== null && status !== "missing");
  byId("known-hint").hidden = known.length > 0;
  byId("known-list").replaceChildren(...known.map(knownRow));
}

function knownRow(feature) {
  const row = make("div", { className: feature.used ? "used" : "" });
  row.append(make("dt", { text: feature.display_name }), make("dd", { text: rendered(feature) }));
  row.append(make("dd", { className: "hint", text: provenance(feature) }));
  return row;
}

// Who and in which language

const shopperId = () => document.querySelector("[name=shopper]:checked")?.value;
const shopper = () => page.shoppers.find(({ user_id }) => user_id === shopperId());

function greet() {
  const who = shopper();
  byId("who").textContent = who?.blurb[state.lang] ?? "";
  byId("greeting").textContent = who ? t("welcome", { name: who.name }) : t("welcome_guest");
  const usual = [t("suggestion_1"), t("suggestion_2"), t("suggestion_3")];
  const questions = who?.suggestions[state.lang]?.length ? who.suggestions[state.lang] : usual;
  byId("suggestions").replaceChildren(...questions.map(suggestion));
}

function suggestion(text) {
  const button = make("button", { type: "button", text });
  button.addEventListener("click", () => ask(text));
  return make("li", {}, button);
}

function startOver() {
  state.running?.abort();
  state.thread = null;
  byId("conversation").replaceChildren();
  byId("welcome").hidden = false;
  byId("status").textContent = "";
  showKnown([]);
  greet();
}

function label() {
  const key = state.running ? "stop" : "send";
  byId("send").textContent = t(key);
  byId("send").classList.toggle("stop", Boolean(state.running));
}

function speak(lang) {
  state.lang = lang;
  document.documentElement.lang = lang;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) element.ariaLabel = t(element.dataset.tLabel);
  for (const element of document.querySelectorAll("[data-blurb]")) {
    element.textContent = page.shoppers.find(({ user_id }) => user_id === element.dataset.blurb).blurb[lang];
  }
  byId("question").placeholder = t("placeholder");
  for (const button of document.querySelectorAll("[data-lang]")) button.ariaPressed = String(button.dataset.lang === lang);
  history.replaceState(null, "", `${location.pathname}?lang=${lang}`);
  greet();
  label();
}

// Wiring

const question = byId("question");

function submit(event) {
  event.preventDefault();
  if (state.running) return state.running.abort();
  const text = question.value.trim();
  if (!text) return question.focus();
  question.value = "";
  ask(text);
}

function onKey(event) {
  // While a Hangul syllable is being composed, Enter belongs to the input method.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!state.running) byId("ask").requestSubmit();
}

function onClick(event) {
  if (event.target === byId("product")) byId("product").close();
  const anchor = event.target.closest?.('a[href^="/products/"]');
  if (!anchor || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  openProduct(productIn(anchor.pathname));
}

const productIn = (path) => decodeURIComponent(path.slice("/products/".length));

byId("ask").addEventListener("submit", submit);
question.addEventListener("keydown", onKey);
document.addEventListener("click", onClick);
document.addEventListener("change", (event) => event.target.name === "shopper" && startOver());
for (const button of document.querySelectorAll("[data-lang]")) {
  button.addEventListener("click", () => speak(button.dataset.lang));
}
byId("known").open = wide.matches;
greet();
if (location.pathname.startsWith("/products/")) openProduct(productIn(location.pathname));
