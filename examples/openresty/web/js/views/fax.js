// SPDX-License-Identifier: MIT
// One fax of the inbox or of the archive: its pages, and its file to keep.

import { get, remove } from "../api.js";
import { announce } from "../announce.js";
import { element } from "../dom.js";
import { confirm } from "../parts/confirm.js";
import { facts } from "../parts/facts.js";
import { icon } from "../parts/icon.js";
import { pageList, pageUrls } from "../parts/pages.js";
import { attempt, problemPlace, showProblem } from "../problem.js";
import { go } from "../router.js";
import { may } from "../session.js";
import { apart, pagesWords, qualityWords, sizeText, timeText } from "../words.js";
import { FOLDERS, other } from "./folder.js";

function about(name, fax) {
  return facts([
    ["Number", fax.number], ["Other machine", fax.remote_id], ["Subject", fax.subject],
    [name === "inbox" ? "Received" : "Sent", timeText(fax.time)],
    ["Pages", pagesWords(fax.pages)], ["Size", fax.bytes && sizeText(fax.bytes)],
    ["Complete", fax.complete === false && "no, received in part"],
    ["Quality", fax.quality && qualityWords(fax.quality)],
  ]);
}

export function fax(name) {
  const folder = FOLDERS[name];
  return ({ main, params, signal }) => {
    const path = `/${name}/${params.id}`;
    const place = problemPlace();
    const below = element("div");
    const heading = element("h1", {}, `Fax ${params.id}`);
    const drop = async () => {
      if (!await confirm("Delete this fax? Its pages are gone for good.", "Delete it")) return;
      if (await attempt(place, "The fax was not deleted", () => remove(path))) {
        announce("The fax is deleted");
        go(`/${name}`);
      }
    };
    const buttons = () => element("div", { class: "buttons" },
      element("a", { class: "button primary", href: `/v1${path}/document.pdf`, download: "" },
        icon("file"), "Download the PDF"),
      element("a", { class: "button", href: `/v1${path}/document.tiff`, download: "" }, "TIFF"),
      may("FAX_JOB_MANAGE")
        ? element("button", { type: "button", class: "danger", on: { click: drop } }, "Delete")
        : null);
    const show = (that) => {
      heading.textContent = `${folder.way} ${apart(other(that))}`;
      document.title = `${heading.textContent} · Fax`;
      below.replaceChildren(element("section", { class: "card" }, about(name, that), buttons()),
        element("h2", { class: "part" }, "Pages"),
        pageList(pageUrls(path, that.pages), "the fax", (page) => showProblem(place,
          `Page ${page} cannot be shown`, new Error("Its picture could not be read"))));
    };
    main.append(element("p", { class: "back" }, element("a", { href: `#/${name}` }, folder.title)),
      element("div", { class: "head" }, heading), place, below);
    get(path, signal).then(show,
      (failure) => showProblem(place, "The fax cannot be shown", failure));
  };
}
