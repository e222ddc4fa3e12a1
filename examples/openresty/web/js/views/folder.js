// SPDX-License-Identifier: MIT
// The inbox, and the archive of what was sent: the newest first, more on demand.

import { announce } from "../announce.js";
import { element, toggle } from "../dom.js";
import { moreButton, readSome } from "../listing.js";
import { gathered, on } from "../live.js";
import { steady } from "../parts/list.js";
import { clearProblem, problemPlace, showUnread } from "../problem.js";
import { apart, pagesWords, timeCode, timeText } from "../words.js";

const STEP = 24;

export const FOLDERS = {
  inbox: {
    title: "Inbox", way: "From", none: "No fax has come in yet.",
    kinds: ["received", "archive"], news: "A new fax has come in",
  },
  sent: {
    title: "Sent", way: "To", none: "The archive has no fax that was sent.",
    kinds: ["job", "archive"], // the archive says nothing of what comes
  },
};

export const other = (fax) => fax.recipient || fax.number || fax.remote_id || "an unknown number";

function item(name, fax) {
  return element("li", { class: "card fax", "data-fax": fax.id },
    element("a", { href: `#/${name}/${fax.id}` },
      element("span", { class: "thumb" }, element("img", {
        src: `/v1/${name}/${fax.id}/pages/1.png`, alt: "", loading: "lazy",
      })),
      element("span", { class: "fax-text" },
        element("strong", {}, `${FOLDERS[name].way} ${apart(other(fax))}`),
        element("time", { datetime: timeCode(fax.time) }, timeText(fax.time)),
        element("span", { class: "subject" }, pagesWords(fax.pages),
          fax.subject ? ` · ${apart(fax.subject)}` : ""),
        fax.complete === false
          ? element("span", { class: "state", "data-look": "bad" }, "in part") : null)));
}

export function folder(name) {
  const words = FOLDERS[name];
  return ({ main, signal }) => {
    const place = problemPlace();
    const list = element("ul", { class: "faxes" });
    const nothing = element("p", { class: "empty", hidden: true }, words.none);
    const show = steady(list, (fax) => item(name, fax));
    let count = STEP;
    const load = async () => {
      try {
        const { found: faxes, more: rest } = await readSome(`/${name}`, "faxes", count, signal);
        show(faxes);
        toggle(nothing, faxes.length === 0);
        toggle(more, rest, list.lastElementChild?.querySelector("a"));
        clearProblem(place);
      } catch (failure) {
        showUnread(place, `${words.title} cannot be shown`, failure);
      }
    };
    const more = moreButton(() => {
      count += STEP;
      load();
    });
    const reload = gathered(load, signal);
    on(words.kinds, (event) => {
      if (event.phase) return;
      if (event.kind === "received" && words.news) announce(words.news);
      reload();
    }, signal);
    main.append(element("div", { class: "head" }, element("h1", {}, words.title)), place, list,
      nothing, more);
    load();
  };
}
