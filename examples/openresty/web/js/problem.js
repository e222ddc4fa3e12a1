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
  if (failure.wait) parts.push(` Try again in ${failure.wait} s.`);
  if (failure.code) parts.push(" ", element("code", {}, failure.code));
  place.replaceChildren(element("p", { class: "problem" }, ...parts));
}

/** Runs `fn`; what it throws is shown at the place. Gives whether it went well. */
export async function attempt(place, what, fn) {
  clearProblem(place);
  try {
    await fn();
    return true;
  } catch (failure) {
    showProblem(place, what, failure);
    return false;
  }
}
