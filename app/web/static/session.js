import { shopperId, state } from "./state.js";

const KEY = "shelfwise";

/** What a reload of this tab must find again: who was shopping, in which conversation, and what was set aside of its last answer. */
export function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // kept by another release, or not to be read at all
  }
}

export function enter(thread) {
  state.thread = thread;
  keep({ shopper: shopperId() ?? null, thread });
}

export function keep(more) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...recall(), ...more }));
  } catch {
    // Without storage a reload starts anew, and that is all.
  }
}
