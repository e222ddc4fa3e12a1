// SPDX-License-Identifier: MIT
// The inbox, and the archive of what was sent: the newest first, more on demand.

import { get, query } from "../api.js";
import { announce } from "../announce.js";
import { element, toggle } from "../dom.js";
import { gathered, on } from "../live.js";
import { clearProblem, problemPlace, showProblem } from "../problem.js";
import { pagesWords, timeCode, timeText } from "../words.js";

const LIMIT = 20;

export const FOLDERS = {
  inbox: { title: "Inbox", way: "From", none: "No fax has come in yet.", news: "A new fax has come in" },
  sent: { title: "Sent", way: "To", none: "The archive has no fax that was sent." },
};

export const other = (fax) => fax.recipient || fax.number || fax.remote_id || "an unknown number";

function item(name, fax) {
  const words = FOLDERS[name];
  return element("li", { class: "card fax", "data-fax": fax.id },
    element("a", { href: `#/${name}/${fax.id}` },
      element("span", { class: "thumb" }, element("img", {
        src: `/v1/${name}/${fax.id}/pages/1.png`, alt: "", loading: "lazy",
      })),
      element("span", { class: "fax-text" },
        element("strong", {}, `${words.way} ${other(fax)}`),
        element("time", { datetime: timeCode(fax.time) }, timeText(fax.time)),
        element("span", {}, pagesWords(fax.pages), fax.subject ? ` · ${fax.subject}` : ""),
        fax.complete === false
          ? element("span", { class: "state", "data-look": "bad" }, "in part") : null)));
}

export function folder(name) {
  const words = FOLDERS[name];
  return ({ main, signal }) => {
    const place = problemPlace();
    const list = element("ul", { class: "faxes" });
    const nothing = element("p", { class: "empty", hidden: true }, words.none);
    let next;
    const more = element("button", { type: "button", hidden: true, on: { click: () => load(next) } },
      "Show more");
    const load = async (after) => {
      try {
        const answer = await get(`/${name}${query({ limit: LIMIT, after })}`, signal);
        const items = answer.faxes.map((fax) => item(name, fax));
        if (after) list.append(...items);
        else list.replaceChildren(...items);
        next = answer.next ?? undefined;
        toggle(nothing, list.children.length === 0);
        toggle(more, next !== undefined);
        clearProblem(place);
        if (after) items[0]?.querySelector("a").focus();
      } catch (failure) {
        showProblem(place, `${words.title} cannot be shown`, failure);
      }
    };
    const reload = gathered(() => load(), signal);
    on(name === "inbox" ? ["received"] : ["archive"], (event) => {
      if (event.kind === "received" && words.news) announce(words.news);
      reload();
    }, signal);
    main.append(element("div", { class: "head" }, element("h1", {}, words.title)), place, list,
      nothing, more);
    load();
  };
}
