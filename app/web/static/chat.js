import { call, send } from "./api.js";
import { state } from "./state.js";

/** The events of one turn as `[name, payload]`; the request is a `message` or a `confirm`. */
export async function* turnEvents(request, signal) {
  const body = { ...request, lang: state.lang, thread_id: state.thread };
  yield* events(await send("/api/chat", { method: "POST", body, signal }));
}

/** For the sake of proxies that do not pass a hang-up on; too late is early enough. */
export const stopRun = (run, shopper) => call(`/api/runs/${run}`, { method: "DELETE", shopper }).catch(() => null);

/** Server-sent events over fetch, since EventSource cannot post. */
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
