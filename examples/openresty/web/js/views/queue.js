// SPDX-License-Identifier: MIT
// The queue, with the progress of each job as it goes on, and below it the last ones
// that are over.

import { get } from "../api.js";
import { announce } from "../announce.js";
import { element, say, toggle } from "../dom.js";
import { readEnded } from "../ended.js";
import { known, way } from "../jobs.js";
import { moreButton, readSome } from "../listing.js";
import { gathered, on } from "../live.js";
import { card } from "../parts/card.js";
import { clearProblem, problemPlace, showUnread } from "../problem.js";
import { plural, stateWords } from "../words.js";

const STEP = 50;
const ACTIVE = ["sending", "receiving"];

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

/** The newest ones; before them those that are older, but under way: { jobs, more }. */
async function readQueue(limit, signal) {
  const { found, more } = await readSome("/jobs", "jobs", limit, signal);
  const here = new Set(found.map((job) => job.id));
  const states = more ? ACTIVE : [];
  const active = await Promise.all(states.map((state) => get(`/jobs?state=${state}`, signal)));
  const older = active.flatMap(({ jobs }) => jobs).filter((job) => !here.has(job.id));
  return { jobs: [...older, ...found].map(known), more, newest: found };
}

/** Says which of the open ones are over now; gives the id of the one with the focus. */
function leaving(open, over) {
  let focused;
  for (const job of over) {
    const card = open.cards.get(job.id);
    if (!card) continue;
    announce(`Job ${job.id} ${way(job)}: ${stateWords(job.state)}`, job.id);
    if (card.node.contains(document.activeElement)) focused = job.id;
  }
  return focused;
}

export function queue({ main, signal }) {
  const place = problemPlace();
  const count = element("p", { class: "count" }, "Loading…");
  const nothing = element("p", { class: "empty", hidden: true }, "Nothing waits to be sent.");
  const done = element("h2", { class: "part", hidden: true }, "Lately ended");
  let reload = () => {};
  let anew = true;
  const open = list(() => reload());
  const past = list(() => reload());
  let limit = STEP;
  const rest = moreButton(() => {
    limit += STEP;
    load();
  });
  const load = async () => {
    try {
      const { jobs, more, newest } = await readQueue(limit, signal);
      const over = await readEnded(jobs, { anew, from: more ? newest.at(-1).id : 0 }, signal);
      anew = false;
      const focused = leaving(open, over);
      open.show(jobs);
      past.show(over);
      if (focused) past.cards.get(focused).node.querySelector("a").focus({ preventScroll: true });
      toggle(nothing, jobs.length === 0);
      toggle(done, over.length > 0);
      toggle(rest, more, open.node.querySelector(".job:last-child a"));
      say(count, more ? `the newest ${newest.length}`
        : jobs.length > 0 ? plural(jobs.length, "fax", "faxes") : "");
      clearProblem(place);
    } catch (failure) {
      say(count, "");
      showUnread(place, "The queue cannot be shown", failure);
    }
  };
  reload = gathered(load, signal);
  on(["job"], (event) => {
    anew ||= event.kind === "gap";
    open.cards.get(event.job_id)?.hear(event);
    if (!event.phase || !open.cards.has(event.job_id)) reload();
  }, signal);
  main.append(
    element("div", { class: "head" }, element("h1", {}, "Queue"), count,
      element("a", { class: "button primary", href: "#/send" }, "Send a fax")),
    place, open.node, nothing, rest, done, past.node);
  load();
}
