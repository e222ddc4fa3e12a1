// SPDX-License-Identifier: MIT
// Signing in with a key of the API.

import { element, once } from "../dom.js";
import { attempt, problemPlace } from "../problem.js";
import * as session from "../session.js";

function refused(failure) {
  if (failure.status === 401) {
    failure.again = "See that all of it is there; if it is, ask for another where you got it.";
  }
  return "You are not signed in";
}

export function signIn({ main, focus, why, done }) {
  const place = problemPlace("sign-in-problem");
  const field = element("input", {
    id: "key", name: "key", type: "password", required: true, autocomplete: "current-password",
    spellcheck: "false", autocapitalize: "none", "aria-describedby": "sign-in-problem key-help",
  });
  const button = element("button", { class: "primary" }, "Sign in");
  const submit = async () => {
    const ok = await attempt(place, refused, () => session.signIn(field.value.trim()));
    if (ok) {
      done();
    } else {
      field.setAttribute("aria-invalid", "true");
      field.focus();
      field.select();
    }
  };
  main.replaceChildren(element("section", { class: "card narrow" },
    element("h1", {}, "Sign in"),
    why ? element("p", { class: "note" }, why) : null,
    element("form", {
      on: {
        submit: (event) => {
          event.preventDefault();
          once(button, submit);
        },
      },
    }, element("label", { for: "key" }, "Key"),
    field,
    element("p", { class: "help", id: "key-help" },
      "The key that you were given for this fax server. It is not kept in the browser."),
    place,
    button)));
  document.title = "Sign in · Fax";
  if (focus || why) field.focus();
}
