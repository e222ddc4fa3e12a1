// SPDX-License-Identifier: MIT
// The jobs that are over, the last one first: those that the server has records of, and
// those that were seen to leave the queue without a call, of which there is none.

import { get, query } from "./api.js";
import { known } from "./jobs.js";

const MOST = 12;

const queued = new Set(); // jobs that were seen in the queue
const gone = new Map(); // those of them that are over, by their id
let recorded = null;

/** Whoever has sent a job sees its end, however fast that was. */
export function watch(id) {
  queued.add(id);
}

async function readGone(ids, signal) {
  for (const id of ids) {
    const job = known(await get(`/jobs/${id}`, signal));
    if (job.over) {
      queued.delete(id);
      gone.set(id, job);
    }
  }
}

/** Gives them, by what is in the queue now. `anew`: something may have been missed;
 *  `from`: those with smaller ids are not all told of, so nobody sees them leave. */
export async function readEnded(jobs, { anew, from }, signal) {
  const here = new Set(jobs.map((job) => job.id));
  for (const id of queued) if (id < from && !here.has(id)) queued.delete(id);
  const left = [...queued].filter((id) => !here.has(id));
  here.forEach((id) => queued.add(id));
  await readGone(left, signal);
  if (anew || !recorded || left.length > 0) {
    recorded = (await get(`/jobs${query({ state: "ended", limit: MOST })}`, signal)).jobs;
  }
  const over = recorded.filter((job) => !here.has(job.id));
  const all = new Map(over.map((job) => [job.id, known(job)]));
  for (const [id, job] of gone) all.set(id, job);
  return [...all.values()].sort((a, b) => b.ended - a.ended).slice(0, MOST);
}
