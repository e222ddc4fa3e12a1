// SPDX-License-Identifier: MIT
// The attempts of a job, the last one first, each with its exchange.

import { element } from "../dom.js";
import { causeWords, durationText, pagesWords, qualityWords, timeText } from "../words.js";
import { facts } from "./facts.js";
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

export function attempts(job) {
  const all = job.attempts ?? [];
  if (all.length === 0) return [element("p", { class: "empty" }, "No call has been made yet.")];
  return [element("h2", { class: "part" }, all.length === 1 ? "The call" : `${all.length} calls`),
    ...[...all].reverse().map(attempt)];
}
