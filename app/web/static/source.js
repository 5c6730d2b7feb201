import { link, local, make, productAddress, safe } from "./elements.js";
import { shelfFacts } from "./facts.js";
import { featureBody } from "./known.js";
import { receiptBody, standing } from "./receipt.js";
import { byId } from "./state.js";
import { t } from "./words.js";

/** The panel behind a citation's marker. */
export function showSource(view, marker, anchor) {
  const cited = view.citations.get(marker);
  byId("source-kind").textContent = kind(view, marker, cited);
  byId("source-title").replaceChildren(cited ? title(view, marker) : t("source", { marker, title: "…" }));
  byId("source-body").replaceChildren(...body(view, marker, cited));
  byId("source").showPopover();
  place(byId("source"), anchor);
}

function kind(view, marker, cited) {
  if (view.feature(marker)) return t("about_you");
  const action = view.action(marker);
  return action ? standing(action) : t(`kind_${cited?.[0].id.split("/")[0]}`);
}

/** A quotation that begins with the title is marked there, not repeated below. */
function title(view, marker) {
  const text = view.titleOf(marker);
  return view.citations.get(marker).some(({ quote }) => quote.split("\n")[0] === text) ? make("mark", { text }) : text;
}

function body(view, marker, cited) {
  if (!cited) return [t("source_pending")];
  if (view.action(marker)) return receiptBody(view.action(marker));
  return view.feature(marker) ? featureBody(view.feature(marker)) : passages(view, cited);
}

function passages(view, cited) {
  const product = view.products.get(cited[0].id.replace(/^product\//, ""));
  const live = product ? [make("p", { className: "facts" }, ...shelfFacts(product))] : [];
  const quotes = new Set(cited.map(belowTitle).filter(Boolean));
  const marked = [...quotes].map((text) => make("blockquote", {}, make("mark", { text })));
  const url = address(view, cited[0]);
  return [...marked, ...live, ...(url ? [make("p", {}, link(url, t("source_open")))] : [])];
}

function belowTitle({ quote, title }) {
  const [first, ...rest] = quote.split("\n");
  return first === title ? rest.join("\n").trim() : quote;
}

/** On the product's own page the cited span is marked. */
function address(view, { id, url, marker }) {
  const [kind, product] = id.split("/");
  const own = kind === "product" && local(url) && view.run;
  return own ? `${productAddress(product, view.run)}#cite-${marker}` : safe(url);
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
