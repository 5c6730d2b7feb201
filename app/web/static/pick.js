import { button, make } from "./elements.js";
import { later } from "./later.js";
import { t } from "./words.js";

const compare = later(() => import("./compare.js"), "openComparison");
const MOST = 3; // columns that fit beside each other

export function pickBox({ product_id, title }) {
  const box = make("input", { type: "checkbox", value: product_id, ariaLabel: t("compare_named", { title }) });
  box.addEventListener("change", () => onPick(box.closest(".turn")));
  return make("label", { className: "pick" }, box, make("span", { text: t("compare") }));
}

function onPick(turn) {
  const boxes = [...turn.querySelectorAll(".pick input")];
  const picked = boxes.filter(({ checked }) => checked).map(({ value }) => value);
  for (const box of boxes) box.disabled = !box.checked && picked.length >= MOST;
  const place = turn.querySelector(".compare");
  place.hidden = picked.length < 2;
  place.replaceChildren(button(t("compare_these", { n: picked.length }), () => compare(picked), "primary"));
}
