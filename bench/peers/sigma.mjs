// sigma on WebGL: discs as high as the cards, for it has no boxes, and lines.
import { edges, script } from './tree.mjs';

export async function load(tree, container) {
  await script('/node_modules/graphology/dist/graphology.umd.min.js');
  await script('/node_modules/sigma/dist/sigma.min.js');
  const graph = new window.graphology.Graph();
  // Its y axis goes up.
  tree.names.forEach((label, node) => {
    const { x, y } = tree.middles[node];
    graph.addNode(node, { label, x, y: -y, size: tree.card.height / 2, color: '#888' });
  });
  for (const [node, parent] of edges(tree)) graph.addEdge(parent, node, { size: 1 });
  const sigma = new window.Sigma(graph, container, {
    itemSizesReference: 'positions',
    zoomToSizeRatioFunction: (ratio) => ratio,
    minCameraRatio: null,
    maxCameraRatio: null,
    labelSize: 14,
  });
  // Its camera counts in a frame around the graph: two points tell how to get there.
  const camera = sigma.getCamera();
  const framed = (x, y) => sigma.viewportToFramedGraph(sigma.graphToViewport({ x, y: -y }));
  const [origin, unit] = [framed(0, 0), framed(1000, 1000)];
  const pxPerUnit =
    (sigma.graphToViewport({ x: 1000, y: 0 }).x - sigma.graphToViewport({ x: 0, y: 0 }).x) / 1000;
  return {
    look: ({ x, y, scale }) =>
      camera.setState({
        x: origin.x + ((unit.x - origin.x) * x) / 1000,
        y: origin.y + ((unit.y - origin.y) * y) / 1000,
        ratio: pxPerUnit / scale,
        angle: 0,
      }),
  };
}
