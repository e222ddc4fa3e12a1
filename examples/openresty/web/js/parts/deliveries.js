// SPDX-License-Identifier: MIT
// The last deliveries of a webhook, the latest first.

import { element, toggle } from "../dom.js";
import { kindName, LOOKS } from "../hooks.js";
import { plural, timeCode, timeText } from "../words.js";
import { steady } from "./list.js";

/** What came of the last try, in a few words. */
export function outcome({ status, why, state, tries }) {
  if (status) return `it answered ${status}`;
  if (why) return `no answer: ${why}`;
  return state === "waiting" && tries === 0 ? "not tried yet" : "";
}

function nextWords({ state, next, tries, paused }) {
  if (state !== "waiting") return null;
  if (paused) return "It waits until the webhook is resumed.";
  if (tries === 0) return "It is on its way.";
  return ["Next try ", element("time", { datetime: timeCode(next) }, timeText(next)), "."];
}

function row(one) {
  const tries = one.tries > 0 && plural(one.tries, "try", "tries");
  const words = [tries, outcome(one)].filter(Boolean).join(" · ");
  const next = nextWords(one);
  return element("li", { class: "card delivery", "data-state": one.state },
    element("div", { class: "job-head" }, element("h3", {}, kindName(one.kind)),
      element("span", { class: "state", "data-look": LOOKS[one.state] }, one.state)),
    element("p", { class: "about" },
      element("time", { datetime: timeCode(one.created) }, timeText(one.created)), ` · ${words}`),
    next ? element("p", { class: "why" }, next) : null);
}

/** Gives the function that shows them, with that of their hook, in that element. */
export function deliveries(node) {
  const list = element("ol", { class: "deliveries" });
  const nothing = element("p", { class: "empty", hidden: true },
    "Nothing has been posted since the site was started. A test shows whether it arrives.");
  const show = steady(list, row);
  node.append(element("h2", { class: "part" }, "Last deliveries"), list, nothing);
  return (all, paused) => {
    show(all.map((one) => ({ ...one, paused })));
    toggle(nothing, all.length === 0);
  };
}

// A delivery that has not been tried has no other news than its end.
const SOON = 1;
const LATE = 30;

/** Seconds after which they are worth another look; undefined: nothing waits. One of that
 *  id was made, and may not be told of yet. */
export function lookAgain(all, made) {
  const times = all.filter(({ state }) => state === "waiting").map(({ next }) => next ?? 0);
  if (made && !all.some(({ id }) => id === made)) times.push(0);
  if (times.length === 0) return undefined;
  const left = Math.min(...times) - Date.now() / 1000 + SOON;
  return Math.min(Math.max(left, SOON), LATE);
}
