// SPDX-License-Identifier: MIT
// Names and values; what is not known is left out.

import { element } from "../dom.js";

// What is longer has a line of its own.
const LONG = 60;

export function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== undefined && value !== null
    && value !== "" && value !== false);
  return element("dl", { class: "facts" }, known.map(([name, value]) => element("div",
    { class: String(value).length > LONG ? "wide" : null },
    element("dt", {}, name), element("dd", { dir: "auto" }, value))));
}
