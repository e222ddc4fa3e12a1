// SPDX-License-Identifier: MIT
// Asks before something is gone for good. Resolves to whether it may.

import { element } from "../dom.js";

export function confirm(question, verb) {
  return new Promise((resolve) => {
    const dialog = element("dialog", {
      class: "question", "aria-labelledby": "question",
      on: {
        close: () => {
          resolve(dialog.returnValue === "yes");
          dialog.remove();
        },
      },
    }, element("form", { method: "dialog" },
      element("p", { id: "question" }, question),
      element("div", { class: "buttons" },
        element("button", { value: "no", autofocus: true }, "No, keep it"),
        element("button", { value: "yes", class: "danger" }, verb))));
    document.body.append(dialog);
    dialog.showModal();
  });
}
