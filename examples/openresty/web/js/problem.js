// SPDX-License-Identifier: MIT
// Errors in words, next to what failed.

import { element } from "./dom.js";

function sentence(failure) {
  const text = String(failure.message ?? failure);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A place for errors: empty, and read aloud when one comes. */
export function problemPlace(id) {
  return element("div", { class: "problem-place", role: "alert", id });
}

export function clearProblem(place) {
  place.replaceChildren();
}

/** Shows what failed ("The fax was not sent") and why. */
export function showProblem(place, what, failure) {
  if (failure.name === "AbortError") return;
  const parts = [element("strong", {}, `${what}: `), sentence(failure)];
  const again = failure.again ?? (failure.status === 0 ? "Look at your connection and try again."
    : "");
  if (again) parts.push(` ${again}`);
  if (failure.wait) parts.push(` Try again in ${failure.wait} s.`);
  if (failure.code) parts.push(" ", element("code", {}, failure.code));
  place.replaceChildren(element("p", { class: "problem" }, ...parts));
}

// Of these somebody else is to blame, and the page reads all anew when they are over.
const PASSING = new Set([0, 502, 503, 504]);

/** The same of what could not be read; the page shows it by itself when it can. */
export function showUnread(place, what, failure) {
  const passing = PASSING.has(failure.status);
  showProblem(place, what, passing ? Object.assign(new Error(sentence(failure)),
    { again: "It is shown as soon as that is over; if it lasts, tell whoever runs this site.",
      code: failure.code, name: failure.name }) : failure);
}

/** Runs `fn`; what it throws is shown at the place, as `what`, or what that function
 *  says of it. Gives whether it went well. */
export async function attempt(place, what, fn) {
  clearProblem(place);
  try {
    await fn();
    return true;
  } catch (failure) {
    showProblem(place, typeof what === "function" ? what(failure) : what, failure);
    return false;
  }
}
