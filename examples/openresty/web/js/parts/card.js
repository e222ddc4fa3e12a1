// SPDX-License-Identifier: MIT
// A job in the queue. The card stays the same element while it changes, so that the
// focus stays where it is.

import { announce } from "../announce.js";
import { element, say, toggle } from "../dom.js";
import { partner, way } from "../jobs.js";
import { apart, causeWords, look, stateWords, timeCode, timeText } from "../words.js";
import { actions } from "./actions.js";
import { progress } from "./progress.js";

function about(job) {
  const time = job.ended ?? job.created;
  return [`Job ${job.id}`, job.incoming ? " · comes in" : "",
    ...(time ? [" · ", element("time", { datetime: timeCode(time) }, timeText(time))] : []),
    job.subject ? ` · ${apart(job.subject)}` : ""];
}

/** { node, update(job), hear(event) }; `changed` is called after each of its buttons. */
export function card(first, changed) {
  const name = way(first);
  const link = element("a", { href: `#/job/${first.id}` },
    first.incoming ? `From ${partner(first)}` : partner(first));
  const state = element("span", { class: "state" });
  const line = element("p", { class: "about" });
  const why = element("p", { class: "why" });
  const bar = progress(`Pages of job ${first.id} ${name}`);
  const buttons = actions(first.id, name, { changed, instead: link });
  const node = element("li", { class: "job card", "data-job": first.id },
    element("div", { class: "job-head" }, element("h2", {}, link), state),
    line, bar.node, why, buttons.node);
  let before;
  const update = (job) => {
    const words = stateWords(job.state);
    if (before && before !== job.state) announce(`Job ${job.id} ${name}: ${words}`, job.id);
    before = job.state;
    say(state, words);
    state.dataset.look = look(job.state);
    node.dataset.state = job.state;
    line.replaceChildren(...about(job));
    say(why, job.active || job.state === "completed" ? "" : causeWords(job.cause) ?? "");
    toggle(why, why.textContent !== "");
    bar.update(job);
    buttons.update(job);
  };
  const hear = (event) => {
    bar.hear(event); // seen, not said: many jobs may be under way
    const caller = first.incoming && (event.caller_id || event.remote_id);
    if (caller) say(link, `From ${caller}`);
  };
  update(first);
  return { node, update, hear };
}
