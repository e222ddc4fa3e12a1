// SPDX-License-Identifier: MIT
// Names and values; what is not known is left out.

import { element } from "../dom.js";

export function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== undefined && value !== null
    && value !== "" && value !== false);
  return element("dl", { class: "facts" }, known.map(([name, value]) => element("div", {},
    element("dt", {}, name), element("dd", {}, value))));
}
