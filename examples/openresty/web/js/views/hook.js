// SPDX-License-Identifier: MIT
// A webhook: what it is told of, what became of that, and what may be done with it.

import { get, post, remove } from "../api.js";
import { announce } from "../announce.js";
import { element, once, say, toggle } from "../dom.js";
import { hostOf, LOOKS, tellsOf } from "../hooks.js";
import { gathered, on } from "../live.js";
import { confirm } from "../parts/confirm.js";
import { deliveries, lookAgain, outcome } from "../parts/deliveries.js";
import { facts } from "../parts/facts.js";
import { attempt, clearProblem, problemPlace, showUnread } from "../problem.js";
import { go } from "../router.js";
import { timeText } from "../words.js";

const EVENTS = ["job", "port", "received", "service", "config", "archive"];

const TEST = {
  waiting: (one) => (one.tries === 0 ? "The test is on its way."
    : `The test has not arrived: ${outcome(one)}. It is tried again.`),
  delivered: (one) => `The test has arrived: it answered ${one.status}.`,
  failed: (one) => `The test has not arrived: ${outcome(one)}. It is not tried again.`,
};

function about(hook) {
  return facts([
    ["Address", hook.url], ["Told of", tellsOf(hook)], ["Added", timeText(hook.created)],
    ["Ended", hook.ended && `${timeText(hook.ended)}: it answered 410, and is told no more`],
  ]);
}

/** The buttons; `act(what, fn)` does something and has all read anew. */
function controls(path, { act, drop, tested }) {
  const button = (label, click, kind = "") => {
    const node = element("button",
      { type: "button", class: kind, on: { click: () => once(node, click) } }, label);
    return node;
  };
  const test = button("Send a test", () => act("No test was sent", async () => {
    tested((await post(`${path}/test`)).id);
  }));
  const pause = button("Pause", () => act("The webhook was not paused", async () => {
    await post(`${path}/pause`);
    announce("The webhook is paused");
  }));
  const resume = button("Resume", () => act("The webhook was not resumed", async () => {
    await post(`${path}/resume`);
    announce("The webhook is resumed");
  }));
  return {
    node: element("div", { class: "buttons" }, test, pause, resume,
      button("Delete", drop, "danger")),
    update({ state }) {
      const [shown, other] = state === "paused" ? [resume, pause] : [pause, resume];
      toggle(shown, state !== "ended");
      toggle(other, false, shown);
      toggle(test, state === "active");
    },
  };
}

export function hook({ main, params, signal }) {
  const path = `/hooks/${params.id}`;
  const place = problemPlace();
  const heading = element("h1", { tabindex: -1 }, "Webhook");
  const state = element("span", { class: "state" });
  const details = element("div");
  const said = element("p", { class: "status", role: "status" });
  const below = element("section", { hidden: true });
  const showAll = deliveries(below);
  let testing;
  let timer;

  const showTest = (all) => {
    const one = all.find(({ id }) => id === testing);
    if (one) say(said, TEST[one.state](one));
    if (one?.state !== "waiting") testing = one ? undefined : testing;
  };
  const show = (that, all) => {
    say(heading, `Webhook to ${hostOf(that)}`);
    document.title = `${heading.textContent} · Fax`;
    say(state, that.state);
    state.dataset.look = LOOKS[that.state];
    details.replaceChildren(about(that));
    buttons.update(that);
    card.hidden = below.hidden = false;
    showAll(all, that.state === "paused");
    showTest(all);
    const again = that.state === "paused" ? undefined : lookAgain(all, testing);
    clearTimeout(timer);
    if (again && !signal.aborted) timer = setTimeout(load, again * 1000);
  };
  const load = async () => {
    try {
      const [that, { deliveries: all }] = await Promise.all([get(path, signal),
        get(`${path}/deliveries`, signal)]);
      show(that, all);
      clearProblem(place);
    } catch (failure) {
      showUnread(place, "The webhook cannot be shown", failure);
    }
  };
  const act = async (what, fn) => {
    if (await attempt(place, what, fn)) await load();
  };
  const drop = async () => {
    if (!await confirm("Delete this webhook? What waits to be delivered is not sent.",
      "Delete it")) return;
    if (await attempt(place, "The webhook was not deleted", () => remove(path))) {
      announce("The webhook is deleted");
      go("/hooks");
    }
  };
  const tested = (id) => {
    testing = id;
    say(said, TEST.waiting({ tries: 0 }));
  };
  const buttons = controls(path, { act, drop, tested });
  const card = element("section", { class: "card hook", hidden: true }, details, buttons.node, said);
  const reload = gathered(load, signal, 500);
  on(EVENTS, (event) => event.phase || reload(), signal);
  signal.addEventListener("abort", () => clearTimeout(timer));
  main.append(element("p", { class: "back" }, element("a", { href: "#/hooks" }, "Webhooks")),
    element("div", { class: "head" }, heading, state), place, card, below);
  load();
}
