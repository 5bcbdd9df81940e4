// vis-network: positions given, physics off, edges drawn while moving too.
import { edges, script } from './tree.mjs';

export async function load(tree, container) {
  await script('/node_modules/vis-network/standalone/umd/vis-network.min.js');
  const { width, height } = tree.card;
  const nodes = tree.names.map((label, id) => ({ id, label, ...tree.middles[id] }));
  const lines = Array.from(edges(tree), ([to, from]) => ({ id: to, from, to }));
  const network = new window.vis.Network(container, { nodes, edges: lines }, {
    physics: { enabled: false },
    layout: { improvedLayout: false },
    interaction: { hideEdgesOnDrag: false, hideEdgesOnZoom: false },
    nodes: {
      shape: 'box',
      margin: 5,
      font: { size: 14 },
      widthConstraint: { minimum: width - 10, maximum: width - 10 },
      heightConstraint: { minimum: height - 10 },
      shapeProperties: { borderRadius: 6 },
    },
    edges: { smooth: false },
  });
  await new Promise((drawn) => network.once('afterDrawing', drawn));
  return {
    look: ({ x, y, scale }) => network.moveTo({ position: { x, y }, scale, animation: false }),
  };
}
