// SPDX-License-Identifier: MIT
// The T.30 exchange of an attempt as a picture: time goes down, what this machine
// sent goes to the right, what it received comes from there. A pause longer than the
// picture has room for is shortened, and its axis broken. The same as a table below.

import { drawing, element, fresh } from "../dom.js";
import { durationText, plural } from "../words.js";
import { images, meaning } from "./frames.js";

const WIDE = 440;
const NARROW = 310; // on a phone, or its words would be too small to read
const AXIS = 46;
const HERE = 64;
const LETTER = 6.2; // about as wide as one is
const TOP = 46;
const ROW = 30;
const PER_SECOND = 5;
const LONGEST = 90;

const seconds = (moment) => `${moment.toFixed(1)} s`;

/** Where each event stands: { y, broken }. */
function places(events) {
  let y = TOP + 22;
  return events.map((event, i) => {
    const gap = i === 0 ? 0 : (event.moment - events[i - 1].moment) * PER_SECOND;
    if (i > 0) y += Math.min(Math.max(gap, ROW), LONGEST);
    return { event, y, broken: gap > LONGEST };
  });
}

const cut = (text, room) => (text.length > room ? `${text.slice(0, room - 1)}…` : text);

function arrow({ event, y }, there) {
  const [from, to, back] = event.sent ? [HERE, there, -8] : [there, HERE, 8];
  const room = Math.floor((there - HERE - 24) / LETTER) - event.frame.length - 1;
  const label = drawing("text", {
    x: event.sent ? HERE + 8 : there - 8, y: y - 5, class: "frame-text",
    "text-anchor": event.sent ? "start" : "end",
  }, drawing("tspan", { class: "frame-name" }, event.frame),
  event.details
    ? drawing("tspan", { dx: 6, class: "frame-details" }, cut(event.details, room)) : null);
  return drawing("g", { class: event.sent ? "sent" : "received" },
    drawing("title", {}, [meaning(event.frame), event.details].filter(Boolean).join(": ")),
    drawing("line", { x1: from, x2: to + back, y1: y, y2: y }),
    drawing("path", { d: `M${to} ${y}l${back} -4.5v9z` }), label);
}

function tick({ event, y }, before) {
  const near = before && seconds(before.event.moment) === seconds(event.moment);
  return drawing("g", { class: "tick" },
    drawing("line", { x1: AXIS + 2, x2: AXIS + 8, y1: y, y2: y }),
    near ? null : drawing("text", { x: AXIS - 3, y: y + 4, "text-anchor": "end" },
      seconds(event.moment)));
}

/** The axis, broken in the middle of a pause that is drawn too short. */
function axis(rows) {
  const x = AXIS + 5;
  let path = `M${x} ${TOP}`;
  rows.forEach(({ y, broken }, i) => {
    const middle = broken ? (rows[i - 1].y + y) / 2 : 0;
    if (broken) path += `V${middle - 6}l-5 3l10 5l-5 4`;
    path += `V${y}`;
  });
  return drawing("path", { class: "axis", d: `${path}v14` });
}

/** The data of a page, between the frame before them and the one behind them. */
function image(rows, { from, to, sent }, there) {
  const start = rows.findLast(({ event }) => event.moment === from);
  const end = rows.find(({ event, y }) => event.moment === to && y > start.y);
  if (!end) return null;
  const height = end.y - start.y;
  return drawing("g", { class: sent ? "image sent" : "image received" },
    drawing("rect", { rx: 3, x: HERE + 1, width: there - HERE - 2, y: start.y + 1, height }),
    height < 50 ? null : drawing("text", {
      x: (HERE + there) / 2, y: start.y + height / 2, "text-anchor": "middle",
    }, "page data"));
}

function lanes(height, there) {
  const name = (x, anchor, text) => drawing("text", {
    class: "lane-name", x, y: TOP - 14, "text-anchor": anchor,
  }, text);
  const lane = (x) => drawing("line", { class: "lane", x1: x, x2: x, y1: TOP, y2: height - 8 });
  return [lane(HERE), lane(there), name(AXIS - 3, "end", "time"),
    name(HERE, "start", "this machine"), name(there, "end", "the other one")];
}

const line = (event) => `${seconds(event.moment)} ${event.sent ? "sent" : "received"} `
  + `${event.frame}${event.details ? ` (${event.details})` : ""}`;

function picture(events, summary) {
  const rows = places(events);
  const height = rows[rows.length - 1].y + 26;
  const name = fresh("timeline");
  const width = window.matchMedia("(max-width: 40rem)").matches ? NARROW : WIDE;
  const there = width - 14;
  return drawing("svg", {
    viewBox: `0 0 ${width} ${height}`, class: "timeline", role: "img",
    "aria-labelledby": `${name}-title ${name}-text`,
  },
  drawing("title", { id: `${name}-title` }, summary),
  drawing("desc", { id: `${name}-text` }, `${events.map(line).join("; ")}.`),
  images(events).map((span) => image(rows, span, there)), lanes(height, there), axis(rows),
  rows.map((row, i) => tick(row, rows[i - 1])), rows.map((row) => arrow(row, there)));
}

function table(events) {
  const cell = (text) => element("td", {}, text);
  const place = { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table" };
  return element("details", {}, element("summary", {}, "The exchange as a table"),
    element("div", place,
      element("table", {},
        element("thead", {}, element("tr", {}, ["Time", "Way", "Frame", "With", "Meaning"]
          .map((name) => element("th", { scope: "col" }, name)))),
        element("tbody", {}, events.map((event) => element("tr", {},
          cell(seconds(event.moment)), cell(event.sent ? "sent" : "received"),
          element("th", { scope: "row" }, event.frame), cell(event.details ?? ""),
          cell(meaning(event.frame))))))));
}

export function timeline(events) {
  const sent = events.filter((event) => event.sent).length;
  const whole = events[events.length - 1].moment;
  const summary = `T.30 exchange: ${plural(sent, "frame")} sent, `
    + `${events.length - sent} received, in ${durationText(whole)}`;
  return element("figure", { class: "exchange" },
    element("figcaption", {}, summary),
    element("div", { class: "scroll tall", tabindex: 0, role: "region", "aria-label": summary },
      picture(events, summary)),
    table(events));
}
