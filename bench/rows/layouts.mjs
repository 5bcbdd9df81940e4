// The tidy layout of a million nodes beside d3.tree (equal cards) and d3-flextree (cards of any size),
// each laying out the same tree three times; the middle one counts.
import { atLeast, information, ratio } from '../page.mjs';

const NODES = 1_000_000;

export async function layouts(bench) {
  const browser = await bench.plain();
  const ours = await browser.withPage(120_000, async (page) => {
    await page.goto(bench.address);
    await page.waitForFunction(() => window.banyan, null, { timeout: 20_000 });
    return page.evaluate((nodes) => window.banyan.measure('layout', nodes), NODES);
  });
  const { address } = bench.tree(NODES);
  const theirs = await browser.withPage(240_000, async (page) => {
    await page.goto(`${bench.site.address}/peers/stage.html`);
    return page.evaluate(async (tree) => {
      const { measure } = await import('/peers/d3-layouts.mjs');
      return measure(tree);
    }, address);
  });
  const equal = ours.tidy_layout.painted_millis;
  const varied = ours.tidy_sizes.painted_millis;
  return [
    atLeast('10^6 nodes, tidy layout: d3.tree : Banyan', ratio(theirs.tree, equal), ': 1', 6),
    atLeast('10^6 nodes, cards of all sizes: d3-flextree : Banyan', ratio(theirs.flextree, varied), ': 1', 10),
    information('10^6 nodes, tidy layout: Banyan', equal, 'ms'),
    information('10^6 nodes, cards of all sizes: Banyan', varied, 'ms'),
  ];
}
