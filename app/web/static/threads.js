import { call } from "./api.js";
import { button, make, tell } from "./elements.js";
import { byId, shopperId, state } from "./state.js";
import { ago, t } from "./words.js";

/** The sheet of the shopper's own conversations. */
export async function openThreads() {
  problem("");
  byId("thread-list").replaceChildren();
  byId("threads").showModal();
  const who = shopperId();
  const threads = await call("/api/threads").catch((error) => problem(error.message));
  if (threads && who === shopperId()) byId("thread-list").replaceChildren(...(threads.length ? threads.map(row) : [none()]));
}

const none = () => make("li", { className: "hint", text: t("threads_none") });

function row({ thread_id, title, latest }) {
  const open = button("", () => leave("resume", thread_id), "thread");
  const since = ago(Math.max(0, (Date.now() - Date.parse(latest)) / 1000));
  open.append(make("span", { className: "what", text: title }), make("span", { className: "hint", text: since }));
  if (thread_id === state.thread) open.ariaCurrent = "true";
  const item = make("li", {}, open);
  item.append(removal(item, thread_id, title));
  return item;
}

/** Deleting takes a second press, elsewhere than the first. */
function removal(item, thread_id, title) {
  const remove = button(t("delete"), () => {
    const keep = button(t("keep"), () => sure.replaceWith(remove));
    const yes = button(t("delete_yes"), () => forget(item, thread_id), "quiet wrong");
    const sure = make("div", { className: "answers", role: "group", ariaLabel: t("delete_sure", { title }) }, yes, keep);
    remove.replaceWith(sure);
    keep.focus();
  });
  remove.ariaLabel = t("delete_named", { title });
  return remove;
}

async function forget(item, thread_id) {
  problem("");
  const gone = await call(`/api/threads/${thread_id}`, { method: "DELETE" }).then(() => true, (error) => error);
  if (gone !== true && gone.status !== 404) return problem(gone.message);
  item.remove();
  if (!byId("thread-list").children.length) byId("thread-list").append(none());
  byId("new-thread").focus();
  if (thread_id === state.thread) tell("anew");
}

function leave(wish, detail) {
  byId("threads").close();
  tell(wish, detail);
}

function problem(text) {
  byId("threads-problem").textContent = text;
  byId("threads-problem").hidden = !text;
}

byId("new-thread").addEventListener("click", () => leave("anew"));
