-- SPDX-License-Identifier: MIT
-- The figures of submit.c and backlog.c: durable submissions a second beside a
-- bare loop, and what a long queue costs. On the disk that has the build (or
-- $BENCH_DISK), not in memory as the others. For run.lua, whose functions come
-- in `run`.

local JOBS = 100000

local loads = {
  { "own_1", "1 submitter, a document each" },
  { "own_64", "64 submitters, a document each" },
  { "shared_1", "1 submitter, one document" },
  { "shared_64", "64 submitters, one document" },
}

local function submission_figures(run)
  local found, peers = run.on_disk("submit")
  for _, entry in ipairs(loads) do
    run.figure {
      name = "durable submissions, " .. entry[2], value = found[entry[1]], unit = "1/s",
      peer = "bare loop", peer_value = peers[entry[1]], ratio = found[entry[1] .. "_ratio"],
      least = 0.7,
    }
  end
end

local function backlog_figures(run)
  local found, peers = run.on_disk("backlog", JOBS)
  for _, entry in ipairs { { "p50", "the median" }, { "p99", "99 of 100 are faster" } } do
    run.figure {
      name = "submission, 100,000 jobs queued, " .. entry[2], value = found[entry[1]] * 1e3,
      unit = "ms", peer = "empty queue", peer_value = peers[entry[1]] * 1e3, most = 1.5,
    }
  end
  run.figure {
    name = "start with 100,000 jobs", value = found.start, unit = "s", peer = "reading the rows",
    peer_value = peers.start,
  }
  run.figure {
    name = "disk for a job, of 100,000 with one document", value = found.bytes, unit = "bytes",
    peer = "its values alone", peer_value = peers.bytes,
  }
end

return function(run)
  submission_figures(run)
  backlog_figures(run)
end
