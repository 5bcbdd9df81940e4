// What the peers need of a tree: `{card, parents, names, x, y, middles}`, root first.

/** Loads a script that knows no modules. */
export function script(address) {
  return new Promise((resolve, reject) => {
    const element = document.createElement('script');
    element.src = address;
    element.onload = resolve;
    element.onerror = () => reject(new Error(`${address} cannot be loaded`));
    document.head.append(element);
  });
}

/** The nodes other than the root, each with its parent. */
export function* edges({ parents }) {
  for (let node = 1; node < parents.length; node += 1) yield [node, parents[node]];
}

/** The tree as nested objects with `children`, made by `make(node)`. */
export function nested({ parents }, make) {
  const nodes = parents.map((_, node) => make(node));
  for (let node = 1; node < nodes.length; node += 1) {
    (nodes[parents[node]].children ??= []).push(nodes[node]);
  }
  return nodes[0];
}

/** What is around all cards, and the middle of the card that is nearest to the middle of it. */
export function outline(middles, card) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of middles) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  let middle = middles[0];
  const away = (it) => Math.hypot(it.x - x, it.y - y);
  for (const it of middles) if (away(it) < away(middle)) middle = it;
  const bounds = {
    x: left - card.width / 2,
    y: top - card.height / 2,
    width: right - left + card.width,
    height: bottom - top + card.height,
  };
  return { bounds, middle: { x: middle.x, y: middle.y } };
}
