import { shopperId, state } from "./state.js";

/** The server said no; the message is fit for the shopper. */
export class Declined extends Error {}

/** The events of one turn as `[name, payload]`. */
export async function* turnEvents(message, signal) {
  const shopper = shopperId();
  const headers = { "Content-Type": "application/json", ...(shopper && { "X-Demo-User": shopper }) };
  const body = JSON.stringify({ message, lang: state.lang, thread_id: state.thread });
  const response = await fetch("/api/chat", { method: "POST", headers, body, signal });
  if (!response.ok) throw new Declined((await response.json()).error);
  yield* events(response);
}

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
