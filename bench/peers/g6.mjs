// AntV G6 on its canvas: positions given, no animation, no behaviours.
import { edges, script } from './tree.mjs';

export async function load(tree, container) {
  await script('/node_modules/@antv/g6/dist/g6.min.js');
  const { width, height } = tree.card;
  const graph = new window.G6.Graph({
    container,
    width: container.clientWidth,
    height: container.clientHeight,
    animation: false,
    zoomRange: [1e-9, 100],
    data: {
      nodes: tree.names.map((labelText, node) => ({
        id: `${node}`,
        style: { ...tree.middles[node], labelText },
      })),
      edges: Array.from(edges(tree), ([node, parent]) => ({
        source: `${parent}`,
        target: `${node}`,
      })),
    },
    node: {
      type: 'rect',
      style: { size: [width, height], radius: 6, fill: '#fff', stroke: '#888', lineWidth: 1, labelPlacement: 'center' },
    },
    edge: { type: 'line', style: { stroke: '#888' } },
  });
  await graph.render();
  const [right, bottom] = [container.clientWidth / 2, container.clientHeight / 2];
  let scaled = graph.getZoom();
  return {
    look({ x, y, scale }) {
      // Without an animation both have done their work when they return.
      if (scale !== scaled) graph.zoomTo(scale, false);
      graph.translateTo([(right - x) * scale, (bottom - y) * scale], false);
      scaled = scale;
    },
  };
}
