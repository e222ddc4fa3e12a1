// SPDX-License-Identifier: MIT
// The pages of a fax as pictures, and one of them large. The pictures are the fax
// itself: black and white, dot for dot.

import { element } from "../dom.js";

function viewer(urls, name) {
  const picture = element("img", { class: "large" });
  const title = element("h2", { id: "viewer-title" });
  let at = 0;
  const turn = (to) => {
    at = Math.min(Math.max(to, 0), urls.length - 1);
    title.textContent = `${name}, page ${at + 1} of ${urls.length}`;
    picture.alt = `Page ${at + 1} of ${name}`;
    picture.src = urls[at];
    before.setAttribute("aria-disabled", at === 0); // they keep the focus
    after.setAttribute("aria-disabled", at === urls.length - 1);
  };
  const button = (text, click) => element("button", { type: "button", on: { click } }, text);
  const before = button("Previous", () => turn(at - 1));
  const after = button("Next", () => turn(at + 1));
  const wide = element("button", {
    type: "button", "aria-pressed": "false",
    on: { click: () => wide.setAttribute("aria-pressed", dialog.classList.toggle("wide")) },
  }, "Full size");
  const keydown = (event) => {
    if (event.key === "ArrowLeft") turn(at - 1);
    else if (event.key === "ArrowRight") turn(at + 1);
  };
  const dialog = element("dialog", {
    class: "viewer", "aria-labelledby": "viewer-title",
    on: { keydown, close: () => dialog.remove() },
  },
  element("div", { class: "viewer-bar" }, title, element("div", { class: "buttons" },
    before, after, wide, button("Close", () => dialog.close()))),
  element("div", { class: "viewer-page", tabindex: 0, role: "region", "aria-label": "The page" },
    picture));
  return { dialog, turn };
}

export function openPage(urls, name, index) {
  const { dialog, turn } = viewer(urls, name);
  turn(index);
  document.body.append(dialog);
  dialog.showModal();
}

/** A list of small pages; each opens large. `broken` is called when one cannot be read. */
export function pageList(urls, name, broken) {
  return element("ol", { class: "pages" }, urls.map((url, i) => element("li", {},
    element("button", {
      type: "button", class: "page", on: { click: () => openPage(urls, name, i) },
    },
    element("img", {
      src: url, loading: i > 3 ? "lazy" : "eager", alt: `Page ${i + 1} of ${name}`,
      on: { error: () => broken?.(i + 1) },
    }),
    element("span", { "aria-hidden": "true" }, `${i + 1}`)))));
}

/** The addresses of pages 1 to `count` below a path. */
export function pageUrls(path, count) {
  return Array.from({ length: count }, (_, i) => `/v1${path}/pages/${i + 1}.png`);
}
