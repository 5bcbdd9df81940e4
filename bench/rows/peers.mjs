// Banyan beside its peers on the same trees, presented.
import { atLeast, information, ratio } from '../page.mjs';
import { PEERS, SIZES } from '../peers.mjs';

/** Nodes, motion, peers (the fastest of them counts), how many times faster Banyan is to be. */
const BARS = [
  [10_000, 'near', ['vis-network'], 4],
  [10_000, 'near', ['cytoscape'], 15],
  [10_000, 'near', ['cytoscape-texture'], 3],
  [10_000, 'fit', ['vis-network', 'd3-svg', 'echarts'], 25],
  [100_000, 'near', ['vis-network'], 20],
  [100_000, 'fit', ['d3-svg'], 100],
  [100_000, 'zoom', ['vis-network'], 30],
  [100_000, 'load', ['echarts'], 12],
];
const SAID = {
  near: 'pan near',
  fit: 'pan with all in view',
  zoom: 'zoom',
  load: 'first whole picture',
};

export async function peers(bench) {
  const rows = [];
  for (const nodes of SIZES) {
    await bench.peer('Banyan', nodes);
    for (const peer of PEERS) await bench.peer(peer, nodes);
  }
  for (const [nodes, motion, rivals, bar] of BARS) {
    const figures = [];
    for (const rival of rivals) figures.push((await bench.peer(rival, nodes))[motion]);
    const measured = figures.filter((figure) => figure !== null);
    const best = measured.length > 0 ? Math.min(...measured) : null;
    const against = rivals.length > 1 ? `the best of ${rivals.join(', ')}` : rivals[0];
    const banyan = (await bench.peer('Banyan', nodes))[motion];
    const name = `${count(nodes)} nodes, ${SAID[motion]}: ${against} : Banyan`;
    rows.push(atLeast(name, ratio(best, banyan), ': 1', bar));
  }
  for (const { peer, nodes, fault } of bench.measured) {
    if (fault) rows.push(information(`${peer}, ${count(nodes)} nodes: failed: ${fault}`, null, ''));
  }
  return rows;
}

function count(nodes) {
  return nodes.toLocaleString('en-GB');
}
