// SPDX-License-Identifier: MIT
// The jobs that are over, the last one first, by the records that the server has of
// them; they are read anew when a job was seen to leave the queue.

import { get, query } from "./api.js";
import { known } from "./jobs.js";

const MOST = 12;

const queued = new Set(); // jobs that were seen in the queue
const names = new Map(); // their recipients, which records do not say
let recorded = null;

/** Whoever has sent a job sees its end, however fast that was. */
export function watch(id, name) {
  queued.add(id);
  names.set(id, name);
}

/** Gives them, by what is in the queue now. `anew`: something may have been missed;
 *  `from`: those with smaller ids are not all told of, so nobody sees them leave. */
export async function readEnded(jobs, { anew, from }, signal) {
  const here = new Set(jobs.map((job) => job.id));
  const left = [...queued].filter((id) => !here.has(id));
  left.forEach((id) => queued.delete(id));
  jobs.forEach(({ id, name }) => watch(id, name));
  if (anew || !recorded || left.some((id) => id >= from)) {
    recorded = (await get(`/jobs${query({ state: "ended", limit: MOST })}`, signal)).jobs;
  }
  return recorded.filter(({ id }) => !here.has(id))
    .map((job) => known({ ...job, name: names.get(job.id) }));
}
