// SPDX-License-Identifier: MIT
// A job of the API, and what may be done with it in its state.

import { apart } from "./words.js";

const ACTIVE = new Set(["sending", "receiving", "cancelling"]);

/** The job with what follows from its state. */
export function known(job) {
  // What has failed stays in the queue, for whoever tries it again or cancels it.
  const over = job.ended !== undefined && job.ended !== null && !job.queued;
  const active = !over && ACTIVE.has(job.state);
  const incoming = job.kind === "receive";
  const waits = ["waiting", "retrying", "sending"].includes(job.state);
  return {
    ...job, over, active, incoming,
    canPause: !over && !incoming && waits,
    canResume: !over && job.state === "paused",
    canRestart: !over && job.state === "failed",
    canCancel: !over && job.state !== "cancelling",
  };
}

/** Who it goes to, or comes from, in one line. */
export function partner(job) {
  const number = job.number || job.remote_id || (job.incoming ? "a caller" : "no number");
  return job.name ? `${apart(job.name)}, ${number}` : apart(number);
}

/** The same as the name of a job: "to Anna, 102". */
export const way = (job) => `${job.incoming ? "from" : "to"} ${partner(job)}`;
