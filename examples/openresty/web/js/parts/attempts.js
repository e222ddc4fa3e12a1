// SPDX-License-Identifier: MIT
// The attempts of a job, the last one first, each with its exchange.

import { element, say, toggle } from "../dom.js";
import { causeWords, durationText, pagesWords, qualityWords, timeText } from "../words.js";
import { facts } from "./facts.js";
import { steady } from "./list.js";
import { timeline } from "./timeline.js";

function outcome(one) {
  if (!one.end) return ["busy", "goes on"];
  if (one.result === "completed" || one.result === "handled") return ["ok", "completed"];
  return ["bad", "failed"];
}

function exchange(one) {
  if (one.timeline?.length > 0) return timeline(one.timeline);
  return element("p", { class: "help" },
    one.end ? "Nothing is known of its exchange." : "Its exchange is shown when the call is over.");
}

function attempt(one) {
  const [kind, word] = outcome(one);
  return element("section", { class: "card attempt" },
    element("div", { class: "job-head" }, element("h3", {}, `Attempt ${one.number}`),
      element("span", { class: "state", "data-look": kind }, word)),
    facts([
      ["Began", one.start && timeText(one.start)],
      ["Took", one.end && one.start && durationText(one.end - one.start)],
      ["Line", one.port && `line ${one.port}`], ["Cause", kind === "bad" && causeWords(one.cause)],
      ["Why", one.evidence], ["Try", one.advice],
      ["Pages", one.pages !== undefined && `${pagesWords(one.pages)} confirmed`],
      ["Speed", one.speed && `${one.speed} bit/s`],
      ["Error correction", one.ecm === undefined ? "" : one.ecm ? "on" : "off"],
      ["Coding", one.encoding], ["Over", one.transport], ["Other machine", one.csid],
      ["Quality", one.quality && qualityWords(one.quality)],
      ["Decision", one.reason],
    ]), exchange(one));
}

/** Gives the function that shows those of a job in that element. */
export function attempts(node) {
  const title = element("h2", { class: "part", hidden: true });
  const nothing = element("p", { class: "empty", hidden: true });
  const list = element("div");
  const show = steady(list, attempt);
  node.append(title, nothing, list);
  return (job) => {
    const all = job.attempts ?? [];
    say(nothing, job.active ? "Its exchange is shown when the call is over."
      : job.over ? "No call was made." : "No call has been made yet.");
    toggle(nothing, all.length === 0);
    toggle(title, all.length > 0);
    say(title, all.length > 1 ? `${all.length} calls` : "The call");
    show(all.map((one) => ({ ...one, id: one.number })).reverse());
  };
}
