// SPDX-License-Identifier: MIT
// One job: what it is, how far it is, and each of its attempts with the exchange.

import { get, query } from "../api.js";
import { announce } from "../announce.js";
import { element, say } from "../dom.js";
import { known, way } from "../jobs.js";
import { gathered, on } from "../live.js";
import { actions } from "../parts/actions.js";
import { attempts } from "../parts/attempts.js";
import { facts } from "../parts/facts.js";
import { pageList, pageUrls } from "../parts/pages.js";
import { progress } from "../parts/progress.js";
import { clearProblem, problemPlace, showUnread } from "../problem.js";
import { may } from "../session.js";
import { causeWords, look, stateWords, timeText } from "../words.js";
import { FOLDERS } from "./folder.js";

const KEPT = {
  inbox: "The fax lies in the archive, with its file to keep: ",
  sent: "As they were sent. The fax lies in the archive, with its file to keep: ",
};
const NONE = {
  completed: "Its pages are not here any more: the fax server does not keep what was sent, or "
    + "the fax was deleted.",
  failed: "Its pages are not here any more: only those of faxes that were sent are kept.",
};

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

/** Its pages: of its document as long as that is there, then of the archive. */
function pictures(id, signal) {
  const node = element("div");
  let shown = "";
  const put = (path, count, ...more) => {
    const last = shown;
    shown = `${path} ${count}`;
    if (shown === last) return;
    node.replaceChildren(element("h2", { class: "part" }, "Pages"), ...more,
      pageList(pageUrls(path, count), `job ${id}`));
  };
  const putFax = (folder, fax) => put(`/${folder}/${fax.id}`, fax.pages,
    element("p", { class: "help" }, KEPT[folder],
      element("a", { href: `#/${folder}/${fax.id}` }, FOLDERS[folder].title)));
  const putNone = (job) => {
    shown = "";
    node.replaceChildren(job.pages && !job.incoming
      ? element("p", { class: "help part" }, NONE[job.state] ?? NONE.failed) : "");
  };
  const show = async (job) => {
    if (!job.over) {
      if (job.pages && !job.incoming) put(`/jobs/${id}`, job.pages);
      return;
    }
    const folder = job.incoming ? "inbox" : "sent";
    if (shown.startsWith(`/${folder}/`) || (job.incoming && !may("FAX_JOB_QUERY"))) return;
    const [fax] = (await get(`/${folder}${query({ job: id })}`, signal)).faxes;
    if (fax) putFax(folder, fax);
    else putNone(job);
  };
  return { node, show };
}

export function job({ main, params, signal }) {
  const id = Number(params.id);
  const place = problemPlace();
  const head = summary(id, () => reload());
  const calls = element("div");
  const showCalls = attempts(calls);
  const pages = pictures(id, signal);
  const load = async () => {
    try {
      const now = known(await get(`/jobs/${id}`, signal));
      head.show(now);
      showCalls(now);
      await pages.show(now);
      clearProblem(place);
    } catch (failure) {
      showUnread(place, `Job ${id} cannot be shown`, failure);
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
