// SPDX-License-Identifier: MIT
// The pictures of the navigation and of buttons, drawn with strokes of one width.

import { drawing } from "../dom.js";

const PATHS = {
  queue: "M4 6h16M4 12h16M4 18h10",
  send: "M4 12l16-8-6 16-3-6zM11 14l9-10",
  inbox: "M4 13l3-8h10l3 8v6H4zM4 13h5l1.5 2.5h3L15 13h5",
  sent: "M5 12.5l4.5 4.5L19 7.5",
  ports: "M4 8h16v8H4zM8 16v3M16 16v3M8 11v2M12 11v2M16 11v2",
  hooks: "M4 12h11M11 8l4 4-4 4M19 5v14",
  file: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
  out: "M12 16V5M8 9l4-4 4 4M5 19h14",
};

export function icon(name) {
  return drawing("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" },
    drawing("path", { d: PATHS[name] }));
}
