// SPDX-License-Identifier: MIT
// The buttons of a job: pause, resume, try again, cancel. Which of them are there
// follows from its state; errors stand below them.

import { post } from "../api.js";
import { announce } from "../announce.js";
import { element, once, toggle } from "../dom.js";
import { attempt, clearProblem, problemPlace } from "../problem.js";

const ACTIONS = [
  { verb: "pause", label: "Pause", done: "paused", can: (job) => job.canPause },
  { verb: "resume", label: "Resume", done: "resumed", can: (job) => job.canResume },
  { verb: "restart", label: "Try again", done: "queued again", can: (job) => job.canRestart },
  { verb: "cancel", label: "Cancel", done: "cancelled", can: (job) => job.canCancel, danger: true },
];

const LATER = "It pauses when its call is over.";

/** `changed` is called after each; `instead` gets the focus when a button goes. */
export function actions(id, name, { changed, instead }) {
  const place = problemPlace();
  const tell = (action, job) => {
    const later = action.verb === "pause" && job.state === "sending";
    if (later) place.replaceChildren(element("p", { class: "note" }, LATER));
    else announce(`Job ${id} ${name}: ${action.done}`, id);
  };
  const button = (action) => {
    const click = async () => {
      let job;
      await attempt(place, `Job ${id} was not ${action.done}`, async () => {
        job = await post(`/jobs/${id}/${action.verb}`);
      });
      if (!job) return;
      tell(action, job);
      changed();
    };
    const node = element("button", {
      type: "button", class: action.danger ? "danger" : "", "data-verb": action.verb,
      "aria-label": `${action.label} job ${id} ${name}`, on: { click: () => once(node, click) },
    }, action.label);
    return node;
  };
  const buttons = ACTIONS.map(button);
  let before;
  return {
    node: element("div", { class: "actions" }, element("div", { class: "buttons" }, buttons),
      place),
    update(job) {
      if (before !== job.state) clearProblem(place);
      before = job.state;
      ACTIONS.forEach((action, i) => toggle(buttons[i], Boolean(action.can(job)), instead));
    },
  };
}
