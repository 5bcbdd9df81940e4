// The peers: each loads the same trees and goes through the same motions.
import { MOTIONS, cameras, median, walk } from './motion.mjs';

export const PEERS = [
  'vis-network',
  'cytoscape',
  'cytoscape-texture',
  'echarts',
  'd3-svg',
  'sigma',
  'pixi',
  'family-chart',
  'g6',
];
export const SIZES = [1_000, 10_000, 100_000];

/** Milliseconds for a motion, all its runs together. */
export const BUDGET_MILLIS = { 1_000: 3_000, 10_000: 4_500, 100_000: 6_000 };
const RUNS = 3;
const LOAD_MILLIS = 45_000;

/**
 * What a peer does with a tree of `nodes`: `{peer, nodes, near, fit, zoom, load, memory, fault}`, the
 * motions and the load in milliseconds, the memory in bytes; null for what could not be measured, and
 * the fault says why.
 */
export async function measurePeer(browser, site, peer, nodes) {
  const result = { peer, nodes, near: null, fit: null, zoom: null, load: null, memory: null, fault: null };
  const errors = [];
  const limit = LOAD_MILLIS + MOTIONS.length * 4 * BUDGET_MILLIS[nodes];
  try {
    await browser.withPage(limit, async (page, { memory }) => {
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(`${site.address}/peers/stage.html?peer=${peer}`, { timeout: 10_000 });
      await page.waitForFunction(() => window.stage, null, { timeout: 10_000 });
      const empty = await memory();
      const loading = page.evaluate((address) => window.stage.load(address), `/data/tree-${nodes}.json`);
      const loaded = await within(LOAD_MILLIS, 'loads', loading);
      result.load = loaded.millis;
      for (const motion of MOTIONS) {
        const path = cameras(motion, loaded);
        const going = { path, motion, runs: RUNS, budgetMillis: BUDGET_MILLIS[nodes] };
        const runs = await within(4 * BUDGET_MILLIS[nodes], motion, page.evaluate(walk, going));
        result[motion] = median(runs.map(median));
      }
      result.memory = (await memory()) - empty;
    });
  } catch (error) {
    // What the page said first is the cause; what the harness saw is the effect.
    result.fault = brief(errors[0] ?? error.message);
  }
  return result;
}

function within(millis, what, promise) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`${what}: not done within ${millis / 1000} s`)), millis);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function brief(message) {
  const line = message.replace(/^page\.\w+: /, '').split('\n')[0];
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
