// SPDX-License-Identifier: MIT
// A place to drop a document on, which is also a button to choose one.

import { element } from "../dom.js";
import { icon } from "./icon.js";

const KINDS = ".pdf,.tif,.tiff,.ps,application/pdf,image/tiff,application/postscript";

// A file that was dropped on another page.
let waiting = null;

export function leave(file) {
  waiting = file;
}

export function taken() {
  const file = waiting;
  waiting = null;
  return file;
}

/** `choose(file)` is called with each. */
export function dropField(choose) {
  const name = element("strong", { class: "drop-name" });
  const input = element("input", {
    type: "file", id: "document", accept: KINDS, class: "hidden-text",
    "aria-describedby": "drop-help file-problem",
    on: {
      change: () => input.files[0] && choose(input.files[0]),
      click: () => { // the same file once more is a choice, too
        input.value = "";
      },
    },
  });
  const label = element("label", { for: "document", class: "button" }, "Choose a file");
  const node = element("div", { class: "drop" }, icon("out"),
    element("p", { class: "drop-text" }, "Drop a document here"),
    input, label,
    name,
    element("p", { class: "help", id: "drop-help" }, "PDF, TIFF or PostScript"));
  let depth = 0; // dragenter and dragleave come from what is within, too
  const over = (by) => {
    depth = Math.max(depth + by, 0);
    node.classList.toggle("over", depth > 0);
  };
  node.addEventListener("dragenter", () => over(1));
  node.addEventListener("dragleave", () => over(-1));
  node.addEventListener("dragover", (event) => {
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  node.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    over(-depth);
    const [file] = event.dataTransfer.files;
    if (file) choose(file);
  });
  return {
    node,
    focus: () => input.focus(),
    chosen(text) {
      name.textContent = text ?? "";
      label.textContent = text ? "Choose another file" : "Choose a file";
      node.classList.toggle("has", Boolean(text));
    },
  };
}
