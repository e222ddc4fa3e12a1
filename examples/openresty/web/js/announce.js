// SPDX-License-Identifier: MIT
// What is said to those who hear the page. The latest news of a subject replaces
// the ones before it, so that a fast fax is not a flood of words.

const DELAY = 400;
const waiting = new Map();
let timer = null;

function speak() {
  timer = null;
  document.getElementById("announcer").textContent = [...waiting.values()].join(". ");
  waiting.clear();
}

export function announce(text, subject = text) {
  waiting.set(subject, text);
  timer ??= setTimeout(speak, DELAY);
}
