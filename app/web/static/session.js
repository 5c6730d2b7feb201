import { shopperId, state } from "./state.js";

const KEY = "shelfwise";

/** What a reload of this tab must find again: who was shopping, in which conversation, and the units of features. */
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

/** An answer told again names its features but not their units. */
export function learnUnits(features) {
  keep({ units: { ...recall().units, ...Object.fromEntries(features.map(({ name, unit }) => [name, unit])) } });
}

function keep(more) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...recall(), ...more }));
  } catch {
    // Without storage a reload starts anew, and that is all.
  }
}
