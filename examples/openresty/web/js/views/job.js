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
import { causeWords, look, pagesWords, stateWords, timeText } from "../words.js";

function about(job) {
  return facts([
    ["Number", job.number], ["Recipient", job.name], ["Subject", job.subject],
    ["Pages", job.pages > 0 && `${job.pages_sent ?? 0} of ${pagesWords(job.pages)} confirmed`],
    ["Line", job.port && `line ${job.port}`], ["Sent by", !job.incoming && job.user], ["Other machine", job.remote_id],
    ["Created", job.created && timeText(job.created)],
    ["To be sent", job.at && timeText(job.at)],
    ["Ended", job.ended && timeText(job.ended)],
    ["Cause", causeWords(job.cause)],
  ]);
}

export function job({ main, params, signal }) {
  const id = Number(params.id);
  const heading = element("h1", {}, `Job ${id}`);
  const state = element("span", { class: "state" });
  const place = problemPlace();
  const details = element("div");
  const card = element("section", { class: "card", hidden: true }, details);
  const bar = progress(`Pages of job ${id}`);
  card.append(bar.node);
  const rest = element("div");
  const showAttempts = attempts(rest);
  const pictures = element("div");
  let buttons;
  let shownPages = 0;
  let before;

  const showPages = (job) => {
    if (!job.pages || shownPages === job.pages || job.incoming || (job.over && !shownPages)) return;
    shownPages = job.pages;
    pictures.replaceChildren(element("h2", { class: "part" }, "Pages"),
      pageList(pageUrls(`/jobs/${id}`, job.pages), `job ${id}`, () => pictures.replaceChildren()));
  };
  const show = (job) => {
    if (!buttons) {
      heading.textContent = `Job ${id} ${way(job)}`;
      document.title = `${heading.textContent} · Fax`;
      buttons = actions(id, way(job), { changed: reload, instead: heading });
      heading.tabIndex = -1;
      bar.node.after(buttons.node);
    }
    say(state, stateWords(job.state));
    state.dataset.look = look(job.state);
    if (before && before !== job.state) announce(`Job ${id}: ${stateWords(job.state)}`, id);
    before = job.state;
    card.hidden = false;
    details.replaceChildren(about(job));
    bar.update(job);
    buttons.update(job);
    showPages(job);
    showAttempts(job);
  };
  const load = async () => {
    try {
      show(known(await get(`/jobs/${id}`, signal)));
      clearProblem(place);
    } catch (failure) {
      showProblem(place, `Job ${id} cannot be shown`, failure);
    }
  };
  const reload = gathered(load, signal);
  on(["job", "received"], (event) => {
    if (event.kind !== "gap" && event.job_id !== id) return;
    if (event.phase) {
      const words = bar.hear(event);
      if (event.phase === "page") announce(`Job ${id}, ${words}`, id);
    } else {
      reload();
    }
  }, signal);
  main.append(
    element("p", { class: "back" }, element("a", { href: "#/queue" }, "Queue")),
    element("div", { class: "head" }, heading, state), place,
    card, rest, pictures);
  load();
}
