// SPDX-License-Identifier: MIT
// Server-sent events over fetch. EventSource gives up for ever after an answer such
// as 502, and does not notice a connection that has gone silent; this does neither:
// it comes again with the id of the last event.

import { Problem, request } from "./api.js";

// The server says something at least each 15 s.
const SILENCE = 40000;
const SHORTEST = 500;
const LONGEST = 15000;

/** Gives the function that takes text in any parts and calls `tell` for each event. */
export function parser(tell) {
  let rest = "";
  let event = { data: [] };
  const line = (text) => {
    if (text === "") {
      if (event.data.length > 0) tell({ ...event, data: event.data.join("\n") });
      event = { data: [] };
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (field === "data") event.data.push(value);
    else if (field === "event") event.kind = value;
    else if (field === "id") event.id = value;
  };
  return (text) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop();
    lines.forEach(line);
  };
}

async function read(response, hear, heard) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    heard();
    hear(value);
  }
}

/** Resolves after so long, or when the browser is online again, or `signal` says. */
function pause(time, signal) {
  return new Promise((resolve) => {
    const stop = () => {
      clearTimeout(timer);
      window.removeEventListener("online", stop);
      signal.removeEventListener("abort", stop);
      resolve();
    };
    const timer = setTimeout(stop, time);
    window.addEventListener("online", stop);
    signal.addEventListener("abort", stop);
  });
}

/** Listens until `signal`; `tell(event)` and `state("live" | "lost")`. */
export async function listen(path, { tell, state, signal }) {
  let last;
  let delay = SHORTEST;
  while (!signal.aborted) {
    const connection = new AbortController();
    const end = () => connection.abort();
    signal.addEventListener("abort", end);
    let timer;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(end, SILENCE);
    };
    try {
      heard();
      const headers = { Accept: "text/event-stream" };
      if (last) headers["Last-Event-ID"] = last;
      const response = await request("GET", path, { headers, signal: connection.signal });
      state("live");
      delay = SHORTEST;
      await read(response, parser((event) => {
        last = event.id ?? last;
        tell(event);
      }), heard);
    } catch (failure) {
      if (failure instanceof Problem && failure.status === 401) return;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    }
    if (signal.aborted) return;
    state("lost");
    await pause(delay * (0.5 + Math.random()), signal);
    delay = Math.min(delay * 2, LONGEST);
  }
}
