// SPDX-License-Identifier: MIT
// The words of the service as people say them. A word that is not known here is
// shown as it is, without its prefix.

const plain = (word) => String(word ?? "").replaceAll("_", " ");
const from = (table) => (word) => table[word] ?? plain(word);

// How a job's state looks: ok, bad, warn, busy, idle.
const LOOKS = {
  completed: "ok", failed: "bad", incomplete: "bad", stopped: "bad", sending: "busy",
  receiving: "busy", retrying: "warn", cancelling: "warn",
};
export const look = (state) => LOOKS[state] ?? "idle";

export const stateWords = from({
  incomplete: "in part", retrying: "will be tried again", cancelling: "is being cancelled",
});

export const phaseWords = from({
  connected: "answered", training: "training the modems", release: "hanging up",
});

export const portWords = from({
  available: "free", not_fax_call: "not a fax call", initializing: "starting",
});

const CAUSES = {
  busy: "The line is busy.", no_answer: "Nobody answers.",
  no_fax_answered: "No fax machine answers at this number.",
  disconnected: "The other side hung up.", no_dial_tone: "There is no dial tone.",
  bad_address: "The number cannot be called.", unknown_number: "The number is unknown.",
  blocked: "This number is never called from here.", expired: "Its deadline was over.",
  page_rejected: "The other machine rejected a page.",
  receiver_not_ready: "The other machine was not ready to go on.",
  user_abort: "It was cancelled.", cancelled: "It was cancelled.",
};
export const causeWords = (cause) => cause && (CAUSES[cause] ?? `${plain(cause)}.`);

export const qualityWords = from({
  verified: "verified: every page is exact", unverified: "not verified",
  damaged: "damaged on the line",
});

export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
export const pagesWords = (count) => plural(count, "page");

/** A text of others within a line of ours: one that is written from right to left does not
 *  take what stands beside it along. */
export const apart = (text) => (/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/.test(text)
  ? `\u2068${text}\u2069` : text);

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

const date = (seconds) => new Date(seconds * 1000);
export const timeText = (seconds) => {
  const that = date(seconds);
  const today = that.toDateString() === new Date().toDateString();
  return today ? `today, ${clock.format(that)}` : day.format(that);
};
export const timeCode = (seconds) => date(seconds).toISOString();

export function durationText(seconds) {
  if (seconds < 1) return "less than a second";
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

export function sizeText(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e6) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
