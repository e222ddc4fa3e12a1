// SPDX-License-Identifier: MIT
// Sending: a document is dropped or chosen, its exact pages are shown, and it goes.

import { key, post, remove } from "../api.js";
import { announce } from "../announce.js";
import { element, once } from "../dom.js";
import { watch } from "../ended.js";
import { dropField, taken } from "../parts/drop.js";
import { pageList, pageUrls } from "../parts/pages.js";
import { fields, read } from "../parts/send_form.js";
import { attempt, clearProblem, problemPlace } from "../problem.js";
import { go } from "../router.js";
import { pagesWords } from "../words.js";

// What is wrong may be the document, or nothing of it.
function refused(failure) {
  if (failure.status !== 422) return "The pages were not made";
  failure.again = "Choose another file, or print this one to a PDF and choose that.";
  return "This document cannot be sent";
}

/** The pages of the document that was chosen last, made anew when options change. */
function previewer(place, show) {
  let file = null;
  let preview = null;
  let run = 0;
  const drop = () => {
    if (preview) remove(`/previews/${preview.id}`).catch(() => {});
    preview = null;
  };
  const make = async (options) => {
    const own = run += 1;
    drop();
    show("busy");
    const form = new FormData();
    for (const [name, value] of Object.entries(options)) form.append(name, value);
    form.append("document", file, file.name);
    let made = null;
    await attempt(place, refused, async () => {
      made = await post("/previews", form);
    });
    if (own !== run) {
      if (made) remove(`/previews/${made.id}`).catch(() => {});
      return;
    }
    preview = made;
    show(preview ? "ready" : "none", preview);
  };
  return {
    use(chosen, options) {
      file = chosen;
      return make(options);
    },
    again: (options) => file && make(options),
    get: () => preview,
    name: () => file?.name,
    keep() { // its job has it now
      preview = null;
    },
    drop,
  };
}

function pages(preview, name) {
  return [element("h2", { class: "part" }, "What will be sent"),
    element("p", { class: "help" }, `${pagesWords(preview.pages)}, black and white, exactly as `
      + "they go over the line. Choose one to see it large."),
    pageList(pageUrls(`/previews/${preview.id}`, preview.pages), name)];
}

export function send({ main, signal }) {
  const fileProblem = problemPlace("file-problem");
  const sendProblem = problemPlace("send-problem");
  const status = element("p", { class: "status", role: "status" });
  const shown = element("section", { class: "preview", "aria-label": "Preview" });
  const form = fields();
  const button = element("button", { class: "primary big" }, "Send the fax");
  let submission = key(); // the same until something else is to be sent

  const show = (state, preview) => {
    shown.replaceChildren(...(preview ? pages(preview, previews.name()) : []));
    status.textContent = state === "busy" ? "The pages are made…" : "";
    if (preview) announce(`${previews.name()} has ${pagesWords(preview.pages)}`);
    shown.setAttribute("aria-busy", state === "busy");
    drop.chosen(preview ? previews.name() : null);
  };
  const previews = previewer(fileProblem, show);
  const options = () => read(form.node, ["resolution", "paper"]);
  const renew = () => {
    submission = key();
  };
  const drop = dropField((file) => {
    renew();
    clearProblem(sendProblem);
    previews.use(file, options());
  });

  const postJob = () => post("/jobs", { ...read(form.node), preview: previews.get().id },
    { "Idempotency-Key": submission });
  // The server keeps a preview for a quarter of an hour: then it is made once more.
  const order = async () => {
    try {
      return await postJob();
    } catch (failure) {
      if (failure.status !== 404) throw failure;
      await previews.again(options());
      if (!previews.get()) throw failure;
      return postJob();
    }
  };

  const submit = async () => {
    if (!previews.get()) {
      await attempt(fileProblem, "Nothing was sent", async () => {
        throw new Error("Choose a document first");
      });
      drop.focus();
      return;
    }
    let job;
    await attempt(sendProblem, "The fax was not sent", async () => {
      job = await order();
    });
    if (!job) return;
    watch(job.id, job.name);
    previews.keep();
    announce(`Job ${job.id} is queued`);
    go(`/job/${job.id}`);
  };

  form.node.addEventListener("change", (event) => {
    renew();
    if (["resolution", "paper"].includes(event.target.name)) previews.again(options());
  });
  form.node.addEventListener("submit", (event) => {
    event.preventDefault();
    once(button, submit);
  });
  form.node.append(sendProblem, button);
  signal.addEventListener("abort", previews.drop);
  main.append(element("div", { class: "head" }, element("h1", {}, "Send a fax")),
    element("div", { class: "send" },
      element("div", {}, drop.node, fileProblem, status, shown), form.node));
  const given = taken();
  if (given) previews.use(given, options());
}
