// SPDX-License-Identifier: MIT
// A webhook of the API in words, and which kinds of events one may be told of.

export const KINDS = [
  { kind: "job", name: "Jobs", what: "queued, under way, over" },
  { kind: "received", name: "Faxes that come in", what: "when one lies in the inbox" },
  { kind: "port", name: "Lines", what: "in use, free, changed" },
  { kind: "archive", name: "The archive", what: "when a fax was deleted" },
  { kind: "config", name: "Settings", what: "when they were changed" },
  { kind: "service", name: "The fax server", what: "when it starts and stops" },
];

const NAMES = {
  ...Object.fromEntries(KINDS.map(({ kind, name }) => [kind, name])),
  gap: "Something may have been missed", test: "A test",
};

export const kindName = (kind) => NAMES[kind] ?? kind;

/** What it is told of, in one line. */
export function tellsOf({ kinds }) {
  if (!kinds) return "Everything that this key may see";
  return kinds.map(kindName).join(", ");
}

export const LOOKS = {
  active: "ok", paused: "warn", ended: "bad", delivered: "ok", waiting: "warn", failed: "bad",
};

/** Its host: a name that is short enough for a heading. */
export function hostOf({ url }) {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
