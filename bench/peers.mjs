// The peers: each loads the same trees and goes through the same motions.
import { MOTIONS, cameras, median, usual, walk } from './motion.mjs';

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
export const BUDGET_MILLIS = { 1_000: 1_500, 10_000: 3_000, 100_000: 6_000 };
export const RUNS = 3;
/** What is not done by then has failed. */
const LOAD_MILLIS = 45_000;
const MOTION_MILLIS = 45_000;

/**
 * What a peer does with a tree of `nodes`: `{peer, nodes, near, fit, zoom, load, memory, fault}`, the
 * motions and the load in milliseconds, the memory in bytes; null for what could not be measured, and
 * the fault says why.
 */
export async function measurePeer(bench, peer, nodes) {
  const result = nothing(peer, nodes);
  const errors = [];
  const browser = await bench.presented();
  const limit = LOAD_MILLIS + MOTIONS.length * MOTION_MILLIS;
  try {
    await browser.withPage(limit, async (page, { memory }) => {
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(`${bench.site.address}/peers/stage.html?peer=${peer}`, { timeout: 10_000 });
      await page.waitForFunction(() => window.stage, null, { timeout: 10_000 });
      const { address } = bench.tree(nodes);
      const loading = page.evaluate((address) => window.stage.load(address), address);
      const loaded = await within(LOAD_MILLIS, 'loads', loading);
      if (errors.length > 0) throw new Error(errors[0]);
      result.load = loaded.millis;
      for (const motion of MOTIONS) {
        const path = cameras(motion, loaded);
        const going = { path, motion, runs: RUNS, budgetMillis: BUDGET_MILLIS[nodes] };
        const runs = await within(MOTION_MILLIS, motion, page.evaluate(walk, going));
        result[motion] = median(runs.map(usual));
      }
      result.memory = (await memory()) - browser.emptyPage;
    });
  } catch (error) {
    // What the page said first is the cause; what the harness saw is the effect.
    result.fault = brief(errors[0] ?? error.message);
  }
  return result;
}

/** A measurement before anything was measured. */
export function nothing(peer, nodes) {
  return { peer, nodes, near: null, fit: null, zoom: null, load: null, memory: null, fault: null };
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
