// family-chart with HTML cards: it lays out by itself, from the root down.
import { script } from './tree.mjs';

export async function load(tree, container) {
  await script('/node_modules/d3/dist/d3.min.js');
  await script('/node_modules/family-chart/dist/family-chart.min.js');
  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = '/node_modules/family-chart/dist/styles/family-chart.css';
  document.head.append(style);
  const { d3, f3 } = window;
  container.className = 'f3';
  container.id = 'stage';
  const persons = tree.names.map((name, node) => ({
    id: `${node}`,
    data: { gender: 'M', name },
    rels: { parents: node === 0 ? [] : [`${tree.parents[node]}`], spouses: [], children: [] },
  }));
  tree.parents.forEach((parent, node) => {
    if (node > 0) persons[parent].rels.children.push(`${node}`);
  });
  const chart = f3
    .createChart('#stage', persons)
    .setTransitionTime(0)
    .setCardXSpacing(tree.card.width + 20)
    .setCardYSpacing(tree.card.height * 2)
    .setSingleParentEmptyCard(false);
  chart.setCardHtml().setStyle('rect').setCardDim({ w: tree.card.width, h: tree.card.height }).setCardDisplay([['name']]);
  chart.updateMainId('0');
  chart.updateTree({ initial: true });
  const positions = chart.store.getTree().data.map(({ x, y }) => ({ x, y }));
  if (positions.length < persons.length) {
    throw new Error(`it shows ${positions.length} of ${persons.length} persons`);
  }
  const listener = document.getElementById('f3Canvas');
  const zoom = listener.__zoomObj.scaleExtent([0, Infinity]);
  const [right, bottom] = [container.clientWidth / 2, container.clientHeight / 2];
  return {
    positions,
    look: ({ x, y, scale }) =>
      d3
        .select(listener)
        .call(
          zoom.transform,
          d3.zoomIdentity.translate(right - x * scale, bottom - y * scale).scale(scale),
        ),
  };
}
