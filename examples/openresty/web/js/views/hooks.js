// SPDX-License-Identifier: MIT
// The webhooks of the key that is signed in.

import { get } from "../api.js";
import { element, toggle } from "../dom.js";
import { LOOKS, tellsOf } from "../hooks.js";
import { gathered, on } from "../live.js";
import { steady } from "../parts/list.js";
import { clearProblem, problemPlace, showUnread } from "../problem.js";
import { timeCode, timeText } from "../words.js";

const NONE = "There is no webhook yet. A webhook has what happens here posted to a program "
  + "of yours, as it happens.";

function card(hook) {
  return element("li", { class: "card", "data-hook": hook.id },
    element("div", { class: "job-head" },
      element("h2", {}, element("a", { href: `#/hooks/${hook.id}` }, hook.url)),
      element("span", { class: "state", "data-look": LOOKS[hook.state] }, hook.state)),
    element("p", { class: "about" }, `${tellsOf(hook)} · since `,
      element("time", { datetime: timeCode(hook.created) }, timeText(hook.created))));
}

export function hooks({ main, signal }) {
  const place = problemPlace();
  const list = element("ul", { class: "hooks" });
  const nothing = element("p", { class: "empty", hidden: true }, NONE);
  const show = steady(list, card);
  const load = async () => {
    try {
      const all = (await get("/hooks", signal)).hooks;
      show(all);
      toggle(nothing, all.length === 0);
      clearProblem(place);
    } catch (failure) {
      showUnread(place, "The webhooks cannot be shown", failure);
    }
  };
  on([], gathered(load, signal), signal); // after an interruption
  main.append(element("div", { class: "head" }, element("h1", {}, "Webhooks"),
    element("a", { class: "button primary", href: "#/hooks/new" }, "Add a webhook")),
  place, list, nothing);
  load();
}
