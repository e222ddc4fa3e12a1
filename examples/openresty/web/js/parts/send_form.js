// SPDX-License-Identifier: MIT
// The fields of a fax: to whom, and how.

import { element } from "../dom.js";

function field(name, label, input, help) {
  const node = input ?? element("input", { id: name, name, type: "text" });
  if (help) node.setAttribute("aria-describedby", `${name}-help`);
  return element("p", { class: "field" }, element("label", { for: name }, label), node,
    help ? element("span", { class: "help", id: `${name}-help` }, help) : null);
}

function choice(name, label, options, help) {
  return field(name, label, element("select", { id: name, name }, options.map(([value, text]) =>
    element("option", { value }, text))), help);
}

/** The form, without its button. */
export function fields() {
  const number = element("input", {
    id: "to", name: "to", type: "tel", required: true, autocomplete: "tel",
    "aria-describedby": "to-help send-problem",
  });
  const node = element("form", { class: "card send-form" },
    field("to", "Fax number", number, "As you would dial it, +1 555 0100"),
    field("name", "Recipient (optional)"),
    field("subject", "Subject (optional)"),
    element("details", {}, element("summary", {}, "More options"),
      choice("resolution", "Resolution", [["", "Fine: 7.7 rows a millimetre"],
        ["standard", "Standard: half as many rows, faster"]]),
      choice("paper", "Paper", [["", "By the document"], ["a4", "A4"], ["letter", "Letter"],
        ["legal", "Legal"]]),
      choice("priority", "Priority", [["", "Normal"], ["high", "High"], ["low", "Low"]]),
      field("at", "Not before (optional)", element("input", {
        id: "at", name: "at", type: "datetime-local",
      })),
      element("p", { class: "field check" },
        element("input", { id: "hold", name: "hold", type: "checkbox", value: "true" }),
        element("label", { for: "hold" }, "Hold it until I resume it"))));
  return { node };
}

/** What was filled in, as the API wants it; of all fields, or of these. */
export function read(form, names) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (value === "" || (names && !names.includes(name))) continue;
    if (name === "at") values.at = Math.floor(new Date(value).getTime() / 1000);
    else if (name === "hold") values.hold = true;
    else values[name] = value.trim();
  }
  return values;
}
