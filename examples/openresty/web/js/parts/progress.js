// SPDX-License-Identifier: MIT
// How far a job is: a bar and the same in words. `update` takes a job of the API, `hear`
// an event of it, which is newer than the job until the next one is read.

import { element, say, toggle } from "../dom.js";
import { pagesWords, phaseWords } from "../words.js";

function still({ pages, confirmed, incoming }) {
  if (incoming) return confirmed ? `${pagesWords(confirmed)} received` : "";
  return pages ? `${confirmed} of ${pagesWords(pages)} sent` : "";
}

const WORDS = {
  page: (incoming) => (incoming ? "receiving" : "sending"),
  post_message: (incoming) => (incoming ? "confirming it" : "waiting for its confirmation"),
};

function words(state) {
  const { pages, page, phase, rate, incoming } = state;
  if (!phase) return still(state);
  const speed = rate ? `, ${rate} bit/s` : "";
  if (!WORDS[phase]) return `${phaseWords(phase)}${speed}`;
  return `page ${page}${pages ? ` of ${pages}` : ""}: ${WORDS[phase](incoming)}${speed}`;
}

export function progress(name) {
  const bar = element("progress", { "aria-label": name, max: 1 });
  const text = element("span", { class: "progress-text" });
  const node = element("div", { class: "progress" }, bar, text);
  const state = { pages: 0, confirmed: 0 };
  const show = () => {
    toggle(bar, state.pages > 0);
    if (state.pages > 0) {
      bar.max = state.pages;
      bar.value = state.confirmed;
    }
    node.toggleAttribute("data-active", Boolean(state.phase));
    say(text, words(state));
  };
  return {
    node,
    update(job) {
      state.incoming = job.incoming;
      state.pages = job.pages ?? state.pages;
      state.confirmed = job.pages_sent ?? state.confirmed;
      if (job.over || !job.active) state.phase = undefined;
      show();
    },
    hear(event) {
      state.pages = event.pages ?? state.pages;
      state.confirmed = event.pages_confirmed ?? state.confirmed;
      state.page = event.page;
      state.phase = event.phase;
      state.rate = event.rate;
      show();
      return words(state);
    },
  };
}
