import { shopperId } from "./state.js";
import { t } from "./words.js";

/** The server said no, or could not be reached; the message is fit for the shopper. */
export class Declined extends Error {
  constructor(status, body) {
    super(wordsFor(body) ?? t("unreachable"));
    this.status = status;
    this.body = body ?? {};
  }
}

/** What went wrong, in the page's words where it has some for the code; of what nobody expected only the log's entry. */
export const wordsFor = (body) =>
  body?.reference ? t("trouble", body) : t(`error_${body?.code}`) || body?.error;

/** A response that is fine. A repeated write with the same `key` is the same write. */
export async function send(path, { method = "GET", body, key, signal, keepalive, shopper = shopperId() } = {}) {
  const headers = {
    ...(body && { "Content-Type": "application/json" }),
    ...(shopper && { "X-Demo-User": shopper }),
    ...(key && { "Idempotency-Key": key }),
  };
  const options = { method, headers, body: body && JSON.stringify(body), signal, keepalive };
  const response = await fetch(path, options).catch(() => null);
  if (response?.ok) return response;
  throw new Declined(response?.status ?? 0, await response?.json().catch(() => null));
}

export async function call(path, options) {
  const response = await send(path, options);
  return response.status === 204 ? null : response.json();
}

/** Not `crypto.randomUUID`, which a page served without TLS does not have. */
export const newKey = () => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");
