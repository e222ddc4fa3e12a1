// SPDX-License-Identifier: MIT
// The lines, and what each of them does now.

import { get } from "../api.js";
import { element } from "../dom.js";
import { gathered, on } from "../live.js";
import { facts } from "../parts/facts.js";
import { steady } from "../parts/list.js";
import { clearProblem, problemPlace, showUnread } from "../problem.js";
import { plural, portWords } from "../words.js";

const LOOKS = {
  available: "ok", offline: "bad", no_dial_tone: "bad", unavailable: "bad",
};

function uses(port) {
  const can = [port.sends && "sends", port.receives && "receives"].filter(Boolean);
  return can.join(" and ") || "is switched off";
}

function call({ kind, number, caller, page, pages }) {
  const who = kind === "send" ? `to ${number ?? "somebody"}` : `from ${caller ?? "a caller"}`;
  return `${who}${page ? `, page ${page}${pages ? ` of ${pages}` : ""}` : ""}`;
}

/** The ports, and of those that are in use also what goes over them. */
async function read(signal) {
  const { ports: all } = await get("/ports", signal);
  return Promise.all(all.map((port) => (LOOKS[port.state]
    ? port : get(`/ports/${port.id}`, signal))));
}

function card(port) {
  return element("li", { class: "card port", "data-port": port.id },
    element("div", { class: "job-head" }, element("h2", {}, port.name),
      element("span", { class: "state", "data-look": LOOKS[port.state] ?? "busy" },
        portWords(port.state))),
    facts([
      ["Call", port.call && call(port.call)], ["Use", uses(port)],
      ["Its own number", port.csid], ["Presents itself as", port.tsid],
      ["Answers after", port.rings && plural(port.rings, "ring")],
      ["Choice for sending", port.sends && port.priority],
    ]));
}

export function ports({ main, signal }) {
  const place = problemPlace();
  const list = element("ul", { class: "ports" });
  const show = steady(list, card);
  const load = async () => {
    try {
      show(await read(signal));
      clearProblem(place);
    } catch (failure) {
      showUnread(place, "The ports cannot be shown", failure);
    }
  };
  const reload = gathered(load, signal);
  on(["port", "job"], reload, signal);
  main.append(element("div", { class: "head" }, element("h1", {}, "Ports")), place, list);
  load();
}
