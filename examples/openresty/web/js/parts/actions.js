// SPDX-License-Identifier: MIT
// The buttons of a job: cancel, pause, resume, try again. Which of them are there
// follows from its state; errors stand below them.

import { post } from "../api.js";
import { announce } from "../announce.js";
import { element, toggle } from "../dom.js";
import { attempt, problemPlace } from "../problem.js";

const ACTIONS = [
  { verb: "pause", label: "Pause", done: "paused", can: (job) => job.canPause },
  { verb: "resume", label: "Resume", done: "resumed", can: (job) => job.canResume },
  { verb: "restart", label: "Try again", done: "queued again", can: (job) => job.canRestart },
  { verb: "cancel", label: "Cancel", done: "cancelled", can: (job) => job.canCancel, danger: true },
];

/** `changed` is called after each; `instead` gets the focus when a button goes. */
export function actions(id, name, { changed, instead }) {
  const place = problemPlace();
  const buttons = ACTIONS.map((action) => {
    const click = async () => {
      button.disabled = true;
      const ok = await attempt(place, `Job ${id} was not ${action.done}`,
        () => post(`/jobs/${id}/${action.verb}`));
      button.disabled = false;
      if (ok) {
        announce(`Job ${id} ${name}: ${action.done}`, id);
        changed();
      }
    };
    const button = element("button", {
      type: "button", class: action.danger ? "danger" : "", "data-verb": action.verb,
      "aria-label": `${action.label} job ${id} ${name}`, on: { click },
    }, action.label);
    return button;
  });
  const node = element("div", { class: "actions" },
    element("div", { class: "buttons" }, buttons), place);
  return {
    node,
    update(job) {
      ACTIONS.forEach((action, i) => toggle(buttons[i], Boolean(action.can(job)), instead));
    },
  };
}
