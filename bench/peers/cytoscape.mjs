// Cytoscape.js on its canvas, with its defaults.
import { edges, script } from './tree.mjs';

export async function load(tree, container, options = {}) {
  await script('/node_modules/cytoscape/dist/cytoscape.min.js');
  const nodes = tree.names.map((label, node) => ({
    data: { id: `n${node}`, label },
    position: { ...tree.middles[node] },
  }));
  const lines = Array.from(edges(tree), ([node, parent]) => ({
    data: { id: `e${node}`, source: `n${parent}`, target: `n${node}` },
  }));
  const cy = window.cytoscape({
    container,
    elements: { nodes, edges: lines },
    layout: { name: 'preset', fit: true },
    minZoom: 1e-9,
    style: [
      {
        selector: 'node',
        style: {
          shape: 'round-rectangle',
          width: tree.card.width,
          height: tree.card.height,
          label: 'data(label)',
          'font-size': 14,
          'text-valign': 'center',
          'background-color': '#fff',
          'border-width': 1,
          'border-color': '#888',
        },
      },
      { selector: 'edge', style: { width: 1, 'line-color': '#888' } },
    ],
    ...options,
  });
  await new Promise((drawn) => cy.one('render', drawn));
  const [right, bottom] = [container.clientWidth / 2, container.clientHeight / 2];
  return {
    cy,
    look: ({ x, y, scale }) =>
      cy.viewport({ zoom: scale, pan: { x: right - x * scale, y: bottom - y * scale } }),
  };
}
