// SPDX-License-Identifier: MIT
// One job: what it is, how far it is, and each of its attempts with the exchange.

import { get } from "../api.js";
import { announce } from "../announce.js";
import { element, say } from "../dom.js";
import { known, way } from "../jobs.js";
import { gathered, on } from "../live.js";
import { actions } from "../parts/actions.js";
import { attempts } from "../parts/attempts.js";
import { facts } from "../parts/facts.js";
import { pageList, pageUrls } from "../parts/pages.js";
import { progress } from "../parts/progress.js";
import { clearProblem, problemPlace, showProblem } from "../problem.js";
import { causeWords, look, stateWords, timeText } from "../words.js";

function about(job) {
  return facts([
    ["Number", job.number], ["Recipient", job.name], ["Subject", job.subject],
    ["Line", job.port && `line ${job.port}`], ["Sent by", !job.incoming && job.user],
    ["Other machine", job.remote_id], ["Created", job.created && timeText(job.created)],
    ["To be sent", job.at && timeText(job.at)], ["Ended", job.ended && timeText(job.ended)],
    ["Cause", causeWords(job.cause)], ["Advice", !job.over && job.advice],
  ]);
}

/** Its name and state, and a card of all but its attempts. */
function summary(id, changed) {
  const heading = element("h1", { tabindex: -1 }, `Job ${id}`);
  const state = element("span", { class: "state" });
  const details = element("div");
  const bar = progress(`Pages of job ${id}`);
  const card = element("section", { class: "card", hidden: true }, details, bar.node);
  let buttons;
  let before;
  const show = (job) => {
    say(heading, `Job ${id} ${way(job)}`);
    document.title = `${heading.textContent} · Fax`;
    say(state, stateWords(job.state));
    state.dataset.look = look(job.state);
    if (before && before !== job.state) announce(`Job ${id}: ${stateWords(job.state)}`, id);
    before = job.state;
    if (!buttons) {
      buttons = actions(id, way(job), { changed, instead: heading });
      card.append(buttons.node);
    }
    card.hidden = false;
    details.replaceChildren(about(job));
    bar.update(job);
    buttons.update(job);
  };
  return { heading, state, card, bar, show };
}

/** Its pages, as long as the server has them: until it is over. */
function pictures(id) {
  const node = element("div");
  let shown = 0;
  const show = (job) => {
    if (!job.pages || shown === job.pages || job.incoming || job.over) return;
    shown = job.pages;
    node.replaceChildren(element("h2", { class: "part" }, "Pages"),
      pageList(pageUrls(`/jobs/${id}`, job.pages), `job ${id}`, () => node.replaceChildren()));
  };
  return { node, show };
}

export function job({ main, params, signal }) {
  const id = Number(params.id);
  const place = problemPlace();
  const head = summary(id, () => reload());
  const calls = element("div");
  const showCalls = attempts(calls);
  const pages = pictures(id);
  const load = async () => {
    try {
      const now = known(await get(`/jobs/${id}`, signal));
      for (const show of [head.show, showCalls, pages.show]) show(now);
      clearProblem(place);
    } catch (failure) {
      showProblem(place, `Job ${id} cannot be shown`, failure);
    }
  };
  const reload = gathered(load, signal);
  on(["job", "received"], (event) => {
    if (event.kind !== "gap" && event.job_id !== id) return;
    if (!event.phase) {
      reload();
      return;
    }
    const words = head.bar.hear(event);
    if (event.phase === "page") announce(`Job ${id}, ${words}`, id);
  }, signal);
  main.append(
    element("p", { class: "back" }, element("a", { href: "#/queue" }, "Queue")),
    element("div", { class: "head" }, head.heading, head.state), place, head.card, calls,
    pages.node);
  load();
}
