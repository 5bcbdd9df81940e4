// How long d3.tree and d3-flextree take to lay a tree out: the layout alone, without making the nodes.
import { nested, script } from './tree.mjs';

const RUNS = 3;
/** As in the tree's own layout: between siblings, between branches, between a parent and its children. */
const [SIBLING, BRANCH, LEVEL] = [16, 32, 48];

/** The middle of three runs of each, in milliseconds. */
export async function measure(address) {
  await script('/node_modules/d3/dist/d3.min.js');
  await script('/node_modules/d3-flextree/build/d3-flextree.min.js');
  const tree = await (await fetch(address)).json();
  const { width, height } = tree.card;
  const near = width + SIBLING;
  const wide = (width + BRANCH) / near;
  const equal = window.d3
    .tree()
    .nodeSize([near, height + LEVEL])
    .separation((a, b) => (a.parent === b.parent ? 1 : wide));
  // Half to one and a half of a card's size, in no order of the tree: as `measure('layout')` does it.
  const step = (node, modulus, side) => side / 2 + Math.floor(((node % modulus) * side) / modulus);
  const varied = window.d3.flextree({
    nodeSize: ({ data }) => [step(data.node, 7, width), step(data.node, 5, height) + LEVEL],
    spacing: (a, b) => (a.parent === b.parent ? SIBLING : BRANCH),
  });
  const data = nested(tree, (node) => ({ node }));
  return {
    tree: middle(() => window.d3.hierarchy(data), equal),
    flextree: middle(() => varied.hierarchy(data), varied),
  };
}

function middle(make, layout) {
  const runs = Array.from({ length: RUNS }, () => {
    const root = make();
    const began = performance.now();
    layout(root);
    return performance.now() - began;
  });
  return runs.toSorted((a, b) => a - b)[1];
}
