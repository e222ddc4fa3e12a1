// SPDX-License-Identifier: MIT
// Adding a webhook. Its secret is told once: here, when it is there.

import { post } from "../api.js";
import { element, once } from "../dom.js";
import { hostOf, KINDS } from "../hooks.js";
import { secretField } from "../parts/secret.js";
import { attempt, problemPlace } from "../problem.js";

function kindField({ kind, name, what }) {
  return element("p", { class: "field check" },
    element("input", {
      id: `kind-${kind}`, name: "kind", type: "checkbox", value: kind, checked: true,
    }),
    element("label", { for: `kind-${kind}` }, name, element("span", { class: "help" }, what)));
}

function form(place, button) {
  return element("form", { class: "card hook-form" },
    element("p", { class: "field" },
      element("label", { for: "url" }, "Address"),
      element("input", {
        id: "url", name: "url", type: "url", required: true, autocomplete: "url", maxlength: 2000,
        spellcheck: "false", autocapitalize: "none", "aria-describedby": "url-help hook-problem",
      }),
      element("span", { class: "help", id: "url-help" },
        "Where your program takes POST requests: https://example.org/fax-events")),
    element("fieldset", {}, element("legend", {}, "Tell it of"), KINDS.map(kindField)),
    element("details", {}, element("summary", {}, "More options"),
      element("p", { class: "field" },
        element("label", { for: "secret" }, "Secret (optional)"),
        element("input", {
          id: "secret", name: "secret", type: "text", minlength: 16, maxlength: 200,
          autocomplete: "off", spellcheck: "false", autocapitalize: "none",
          "aria-describedby": "secret-help",
        }),
        element("span", { class: "help", id: "secret-help" },
          "16 characters or more, which sign what is posted. Without one the server makes it."))),
    place, button);
}

/** What was filled in, as the API wants it: without kinds all are told. */
function read(node) {
  const data = new FormData(node);
  const kinds = data.getAll("kind");
  const values = { url: data.get("url").trim() };
  if (kinds.length === 0) throw new Error("Choose at least one kind of events");
  if (kinds.length < KINDS.length) values.kinds = kinds;
  if (data.get("secret") !== "") values.secret = data.get("secret");
  return values;
}

function refused(failure) {
  if (failure.message.startsWith("url:")) {
    failure.again = "Give another address, or ask whoever runs this site to allow this one.";
  }
  return "The webhook was not added";
}

function done(hook) {
  return element("section", { class: "card" },
    element("p", {}, element("strong", {}, "Keep its secret now: it is shown this once.")),
    element("p", { class: "help" }, "Your program knows by it that a request comes from here: "
      + "Fax-Signature is the HMAC-SHA256 of Fax-Timestamp, a dot, Fax-Id, a dot and the body."),
    secretField(hook.secret),
    element("div", { class: "buttons" },
      element("a", { class: "button", href: `#/hooks/${hook.id}` }, "Go on to the webhook")));
}

export function hookNew({ main }) {
  const place = problemPlace("hook-problem");
  const heading = element("h1", { tabindex: -1 }, "Add a webhook");
  const button = element("button", { class: "primary big" }, "Add the webhook");
  const node = form(place, button);
  const submit = async () => {
    let hook;
    await attempt(place, refused, async () => {
      hook = await post("/hooks", read(node));
    });
    if (!hook) {
      node.elements.url.focus();
      return;
    }
    heading.textContent = `Webhook to ${hostOf(hook)} added`;
    document.title = `${heading.textContent} · Fax`;
    node.replaceWith(done(hook));
    heading.focus();
  };
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    once(button, submit);
  });
  main.append(element("p", { class: "back" }, element("a", { href: "#/hooks" }, "Webhooks")),
    element("div", { class: "head" }, heading), node);
}
