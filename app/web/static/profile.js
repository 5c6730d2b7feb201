import { call } from "./api.js";
import { shopperId, state } from "./state.js";

const ADDRESS = "/api/profile";
let held = { whose: null, profile: null }; // the last one heard of, as a promise

const whose = () => `${shopperId()} ${state.lang}`;

/** What the shop keeps about the shopper; null when it cannot be read. */
export function profile() {
  if (held.whose !== whose()) freshProfile();
  return held.profile;
}

export function freshProfile() {
  const kept = { whose: whose(), profile: call(`${ADDRESS}?lang=${state.lang}`).catch(() => null) };
  held = kept;
  return kept.profile;
}

/** A value of null is erased. Rejects with a line that names what is wrong. */
export async function correct(values) {
  const mine = whose();
  const corrected = await call(`${ADDRESS}?lang=${state.lang}`, { method: "PUT", body: { values } });
  held = { whose: mine, profile: Promise.resolve(corrected) };
  return corrected;
}

/** What was heard of before must not be shown again. */
export async function forgetMe() {
  const result = await call(`${ADDRESS}?lang=${state.lang}`, { method: "DELETE" });
  held = { whose: null, profile: null };
  return result;
}
