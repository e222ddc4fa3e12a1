// SPDX-License-Identifier: MIT
// Elements, made in one call: element("p", { class: "note" }, "text", child).

const SVG = "http://www.w3.org/2000/svg";

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name === "on") {
      for (const [kind, fn] of Object.entries(value)) node.addEventListener(kind, fn);
    } else if (value === true) {
      node.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined));
  return node;
}

export function element(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

export function drawing(tag, properties, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

/** Sets the text only when it is another one, so that nothing is read aloud twice. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** An id that no other element of the page has. */
let last = 0;
export function fresh(name) {
  last += 1;
  return `${name}-${last}`;
}

/** Runs `fn`; until it is done the button does nothing more. It keeps the focus, which one
 *  that is disabled loses. */
export async function once(button, fn) {
  if (button.hasAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  try {
    await fn();
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/** What is seen of a node comes and goes; the keyboard does not get lost with it. */
export function toggle(node, shown, instead) {
  if (!shown && instead && node.contains(document.activeElement)) instead.focus();
  node.hidden = !shown;
}
