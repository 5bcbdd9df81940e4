// d3 with SVG: a group for each card, an elbow for each edge, one transform for all.
import { edges, script } from './tree.mjs';

export async function load(tree, container) {
  await script('/node_modules/d3/dist/d3.min.js');
  const { width, height } = tree.card;
  const svg = window.d3
    .select(container)
    .append('svg')
    .attr('width', container.clientWidth)
    .attr('height', container.clientHeight);
  const world = svg.append('g');
  world
    .append('g')
    .attr('fill', 'none')
    .attr('stroke', '#888')
    .selectAll('path')
    .data(Array.from(edges(tree)))
    .join('path')
    .attr('d', ([node, parent]) => {
      const [from, to] = [tree.middles[parent], tree.middles[node]];
      const top = to.y - height / 2;
      const bus = (from.y + height / 2 + top) / 2;
      return `M${from.x},${from.y + height / 2}V${bus}H${to.x}V${top}`;
    });
  const cards = world
    .selectAll('g.card')
    .data(tree.names)
    .join('g')
    .attr('class', 'card')
    .attr('transform', (_, node) => `translate(${tree.x[node]},${tree.y[node]})`);
  cards
    .append('rect')
    .attr('width', width)
    .attr('height', height)
    .attr('rx', 6)
    .attr('fill', '#fff')
    .attr('stroke', '#888');
  cards
    .append('text')
    .attr('x', width / 2)
    .attr('y', height / 2)
    .attr('dy', '0.35em')
    .attr('text-anchor', 'middle')
    .text((name) => name);
  const [right, bottom] = [container.clientWidth / 2, container.clientHeight / 2];
  return {
    look({ x, y, scale }) {
      const shift = `${right - x * scale},${bottom - y * scale}`;
      world.attr('transform', `translate(${shift})scale(${scale})`);
    },
  };
}
