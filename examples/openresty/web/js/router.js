// SPDX-License-Identifier: MIT
// Which view is shown is what stands behind the # of the address: #/job/7. A view is
// left by its signal: requests, listeners and timers of it end there.

const routes = [];
let current = null;

export function route(pattern, view) {
  const names = [];
  const source = pattern.replace(/:(\w+)/g, (_, name) => {
    names.push(name);
    return "([^/]+)";
  });
  routes.push({ expression: new RegExp(`^${source}$`), names, view });
}

export const here = () => location.hash.replace(/^#/, "") || "/queue";

export function go(path) {
  if (here() === path) show(true);
  else location.hash = path;
}

function find(path) {
  for (const { expression, names, view } of routes) {
    const found = expression.exec(path);
    if (found) {
      const values = found.slice(1).map(decodeURIComponent);
      return { view, params: Object.fromEntries(names.map((name, i) => [name, values[i]])) };
    }
  }
  return null;
}

/** Shows the view of the address. Its heading gets the focus, but not at the start. */
export function show(focus) {
  const found = find(here());
  if (!found) {
    location.replace("#/queue");
    return;
  }
  leave();
  current = new AbortController();
  const main = document.getElementById("main");
  main.replaceChildren();
  found.view({ main, params: found.params, signal: current.signal });
  const heading = main.querySelector("h1");
  document.title = `${heading?.textContent ?? "Fax"} · Fax`;
  window.scrollTo(0, 0);
  if (focus && heading && !main.contains(document.activeElement)) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  window.dispatchEvent(new Event("shown"));
}

export function leave() {
  current?.abort();
  current = null;
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
}
