// SPDX-License-Identifier: MIT
// The queue, with the progress of each job as it goes on, and below it those that
// ended while these pages were open.

import { get, query } from "../api.js";
import { element, say, toggle } from "../dom.js";
import { known } from "../jobs.js";
import { gathered, on } from "../live.js";
import { card } from "../parts/card.js";
import { clearProblem, problemPlace, showProblem } from "../problem.js";
import { plural } from "../words.js";

const LIMIT = 100;
const ENDED_MOST = 20;

// The jobs that were seen in the queue, and those of them that ended, by their id.
const seen = new Set();
const ended = new Map();

/** A list of cards that is brought up to date in place. */
function list(changed) {
  const cards = new Map();
  const node = element("ul", { class: "jobs" });
  const forget = (wanted) => {
    for (const [id, { node: old }] of cards) {
      if (!wanted.has(id)) {
        old.remove();
        cards.delete(id);
      }
    }
  };
  const put = (job, i) => {
    if (cards.has(job.id)) cards.get(job.id).update(job);
    else cards.set(job.id, card(job, changed));
    const own = cards.get(job.id).node;
    if (node.children[i] !== own) node.insertBefore(own, node.children[i] ?? null);
  };
  const show = (jobs) => {
    forget(new Set(jobs.map((job) => job.id)));
    jobs.forEach(put);
    toggle(node, jobs.length > 0);
  };
  return { node, cards, show };
}

/** Those that have left the queue since it was read last. */
async function readEnded(jobs, signal) {
  const here = new Set(jobs.map((job) => job.id));
  const gone = [...seen].filter((id) => !here.has(id));
  here.forEach((id) => seen.add(id));
  for (const id of gone) {
    const job = known(await get(`/jobs/${id}`, signal));
    if (job.over) {
      seen.delete(id);
      ended.set(id, job);
    }
  }
  return [...ended.values()].sort((a, b) => b.ended - a.ended).slice(0, ENDED_MOST);
}

/** Whoever has sent a job sees its end in the queue, however fast it was. */
export function watch(id) {
  seen.add(id);
}

export function queue({ main, signal }) {
  const place = problemPlace();
  const count = element("p", { class: "count" }, "Loading…");
  const nothing = element("p", { class: "empty", hidden: true }, "Nothing waits to be sent.");
  const done = element("h2", { class: "part", hidden: true }, "Just ended");
  let reload = () => {};
  const open = list(() => reload());
  const past = list(() => reload());
  const load = async () => {
    try {
      const jobs = (await get(`/jobs${query({ limit: LIMIT })}`, signal)).jobs.map(known);
      const over = await readEnded(jobs, signal);
      open.show(jobs);
      past.show(over);
      toggle(nothing, jobs.length === 0);
      toggle(done, over.length > 0);
      say(count, jobs.length > 0 ? plural(jobs.length, "fax", "faxes") : "");
      clearProblem(place);
    } catch (failure) {
      say(count, "");
      showProblem(place, "The queue cannot be shown", failure);
    }
  };
  reload = gathered(load, signal);
  on(["job"], (event) => {
    open.cards.get(event.job_id)?.hear(event);
    if (!event.phase || !open.cards.has(event.job_id)) reload();
  }, signal);
  main.append(
    element("div", { class: "head" }, element("h1", {}, "Queue"), count,
      element("a", { class: "button primary", href: "#/send" }, "Send a fax")),
    place, open.node, nothing, done, past.node);
  load();
}
