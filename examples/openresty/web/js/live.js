// SPDX-License-Identifier: MIT
// The one stream of events of this page, and who listens to it. Each event is an
// object as in docs/lua.md (fax.event); "gap" says that some were missed.

import { announce } from "./announce.js";
import { element } from "./dom.js";
import { listen } from "./stream.js";

const listeners = new Set();
let connection = null;

/** `fn(event)` for events of these kinds, and for each gap, until `signal`. */
export function on(kinds, fn, signal) {
  const entry = { kinds: new Set([...kinds, "gap"]), fn };
  listeners.add(entry);
  signal.addEventListener("abort", () => listeners.delete(entry));
}

function tell({ kind, data }) {
  hand({ kind, ...JSON.parse(data) });
}

function hand(event) {
  for (const { kinds, fn } of [...listeners]) {
    if (kinds.has(event.kind)) fn(event);
  }
}

function show(state) {
  const place = document.getElementById("connection");
  const lost = document.getElementById("lost");
  if (state === "live" && lost.hasChildNodes()) announce("Connected again");
  document.body.dataset.connection = state;
  place.textContent = state === "live" ? "Live" : "Offline";
  place.dataset.state = state;
  if (state === "live") {
    lost.replaceChildren();
    hand({ kind: "gap" }); // what was read before may be old
  } else if (!lost.hasChildNodes()) {
    lost.append(element("p", {}, element("strong", {}, "Connection lost."),
      " What you see may be out of date; trying to connect again."));
  }
}

export function start() {
  if (connection) return;
  connection = new AbortController();
  listen("/events", { tell, state: show, signal: connection.signal });
}

export function stop() {
  connection?.abort();
  connection = null;
  document.getElementById("lost").replaceChildren();
  document.getElementById("connection").textContent = "";
  delete document.body.dataset.connection;
}

/** Runs `fn` soon, and once for however many calls until then. */
export function gathered(fn, signal, delay = 150) {
  let timer = null;
  let running = false;
  let again = false;
  const run = async () => {
    timer = null;
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await fn();
    } finally {
      running = false;
      if (again && !signal.aborted) {
        again = false;
        timer = setTimeout(run, delay);
      }
    }
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  return () => {
    timer ??= setTimeout(run, delay);
  };
}
