import { call, send } from "./api.js";
import { state } from "./state.js";

const SILENCE_MS = 45_000; // three times as long as the server is ever silent; the line is dead and nobody said so

/** The events of one turn as `[name, payload]`; the request is a `message` or a `confirm`. */
export async function* turnEvents(request, signal) {
  const body = { ...request, lang: state.lang, thread_id: state.thread };
  yield* events(await send("/api/chat", { method: "POST", body, signal }));
}

/** For the sake of proxies that do not pass a hang-up on; too late is early enough. */
export const stopRun = (run, shopper) => call(`/api/runs/${run}`, { method: "DELETE", shopper }).catch(() => null);

/** What comes next; a line that nothing comes from any more counts as closed. */
function heard(reader) {
  let waiting;
  const silence = new Promise((resolve) => (waiting = setTimeout(resolve, SILENCE_MS, { done: true })));
  return Promise.race([reader.read(), silence]).finally(() => clearTimeout(waiting));
}

/** Server-sent events over fetch, since EventSource cannot post. */
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await heard(reader);
    if (done) return void reader.cancel().catch(() => null);
    const blocks = (waiting + value).split("\n\n");
    waiting = blocks.pop();
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block);
      const data = /^data: (.*)$/m.exec(block);
      if (name && data) yield [name[1], JSON.parse(data[1])];
    }
  }
}
