// SPDX-License-Identifier: MIT
// A list that is read again and again: what did not change stays the same element, with
// its focus, its place and what is open in it.

/** `make(item)` gives the element of an item, which has an id. */
export function steady(node, make) {
  const shown = new Map();
  const element = (item) => {
    const text = JSON.stringify(item);
    const old = shown.get(item.id);
    if (old?.text === text) return old.node;
    const made = make(item);
    old?.node.remove();
    shown.set(item.id, { node: made, text });
    return made;
  };
  return (items) => {
    const ids = new Set(items.map((item) => item.id));
    for (const [id, old] of shown) {
      if (!ids.has(id)) {
        old.node.remove();
        shown.delete(id);
      }
    }
    items.forEach((item, i) => {
      const own = element(item);
      if (node.children[i] !== own) node.insertBefore(own, node.children[i] ?? null);
    });
  };
}
