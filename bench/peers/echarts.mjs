// ECharts' tree, which lays out by itself: as large as its cards need to stand apart.
import { nested, script } from './tree.mjs';

export async function load(tree, container) {
  await script('/node_modules/echarts/dist/echarts.min.js');
  const { parents, card } = tree;
  const isParent = new Set(parents);
  const leaves = parents.filter((_, node) => !isParent.has(node)).length;
  const depths = [1];
  for (let node = 1; node < parents.length; node += 1) depths.push(depths[parents[node]] + 1);
  const levels = depths.reduce((most, depth) => Math.max(most, depth));
  const chart = window.echarts.init(container);
  const drawn = new Promise((finished) => chart.on('finished', finished));
  chart.setOption({
    animation: false,
    series: [
      {
        type: 'tree',
        data: [nested(tree, (node) => ({ name: tree.names[node] }))],
        orient: 'TB',
        edgeShape: 'polyline',
        left: 0,
        top: 0,
        width: leaves * (card.width + 16),
        height: levels * (card.height + 48),
        symbol: 'roundRect',
        symbolSize: [card.width, card.height],
        nodeScaleRatio: 1,
        label: { position: 'inside', fontSize: 14 },
        initialTreeDepth: -1,
        expandAndCollapse: false,
        roam: true,
        animation: false,
      },
    ],
  });
  await drawn;
  const data = chart.getModel().getSeriesByIndex(0).getData();
  const positions = Array.from({ length: data.count() }, (_, index) => data.getItemLayout(index))
    .filter((place) => Number.isFinite(place?.x))
    .map(({ x, y }) => ({ x, y }));
  const [right, bottom] = [container.clientWidth / 2, container.clientHeight / 2];
  let now = { scale: 1, x: 0, y: 0 };
  return {
    positions,
    look({ x, y, scale }) {
      const next = { scale, x: right - x * scale, y: bottom - y * scale };
      const zoom = scale / now.scale;
      const action = { type: 'treeRoam', seriesIndex: 0, animation: { duration: 0 } };
      if (Math.abs(zoom - 1) < 1e-9) {
        chart.dispatchAction({ ...action, dx: next.x - now.x, dy: next.y - now.y });
      } else {
        // The point that stays where it is gives zoom and move in one action.
        const still = (axis) => (next[axis] - now[axis] * zoom) / (1 - zoom);
        chart.dispatchAction({ ...action, zoom, originX: still('x'), originY: still('y') });
      }
      now = next;
    },
  };
}
