// SPDX-License-Identifier: MIT
// The beginning of a list of the API, however many answers that takes.

import { get, query } from "./api.js";
import { element } from "./dom.js";

const MOST = 200; // of one answer

/** The first `count` of the member of that name, and whether there are more. */
export async function readSome(path, name, count, signal) {
  const found = [];
  let next;
  do {
    const limit = Math.min(count - found.length, MOST);
    const answer = await get(`${path}${query({ limit, after: next })}`, signal);
    found.push(...answer[name]);
    next = answer.next ?? undefined;
  } while (next && found.length < count);
  return { found, more: Boolean(next) };
}

/** The button below such a list. */
export function moreButton(click) {
  return element("button", { type: "button", class: "more", hidden: true, on: { click } },
    "Show more");
}
