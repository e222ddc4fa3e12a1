// SPDX-License-Identifier: MIT
// A secret to be kept elsewhere: it can be selected, and copied where the browser
// lets a page do that.

import { announce } from "../announce.js";
import { element, say } from "../dom.js";

export function secretField(secret) {
  const field = element("input", {
    id: "told-secret", type: "text", class: "secret", readonly: true, value: secret,
    on: { focus: () => field.select() },
  });
  const copy = element("button", {
    type: "button", hidden: !navigator.clipboard,
    on: {
      click: async () => {
        try {
          await navigator.clipboard.writeText(secret);
          say(copy, "Copied");
          announce("The secret is copied");
        } catch {
          field.focus(); // it is selected: the keyboard can copy it
        }
      },
    },
  }, "Copy");
  return element("p", { class: "field" }, element("label", { for: "told-secret" }, "Secret"),
    element("span", { class: "with-button" }, field, copy));
}
