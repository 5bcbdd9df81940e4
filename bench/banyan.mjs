// Banyan goes through the motions of its peers, on the same trees: the lab page makes them up.
import { readFileSync } from 'node:fs';
import { SEED } from './bench.mjs';
import { MOTIONS, cameras, median, usual, walk } from './motion.mjs';
import { outline } from './peers/tree.mjs';
import { settled, stats } from './page.mjs';
import { BUDGET_MILLIS, RUNS, nothing } from './peers.mjs';

/** Opens the lab with a tree of so many nodes; the page's `stats()` once its first picture is whole. */
async function openLab(page, bench, nodes) {
  await page.goto(`${bench.address}#/lab?doc=tree:${nodes}:${SEED}`);
  // The thumbnail comes after the last tile, and is no repaint.
  const isThere = (now) => now.first_picture_millis > 0 && now.thumbnail_repaints > 0;
  return settled(page, (now) => now.nodes === nodes && isThere(now));
}

/**
 * What `measurePeer` gives, and for each motion in `motions` the frames of its runs and what the page
 * says of itself: its `stats()`, the thumbnail's repaints, the longest task of the main thread above
 * 50 ms, the most canvas calls of a frame, and the share of the frames that moved the canvas.
 */
export async function measureBanyan(bench, peer, nodes) {
  const result = { ...nothing(peer, nodes), motions: {} };
  const browser = await bench.presented();
  try {
    const { card, x, y } = JSON.parse(readFileSync(bench.tree(nodes).file, 'utf8'));
    const middle = (_, node) => ({ x: x[node] + card.width / 2, y: y[node] + card.height / 2 });
    const around = outline(x.map(middle), card);
    await browser.withPage(180_000, async (page, { memory }) => {
      const first = await openLab(page, bench, nodes);
      if (Math.abs(first.bounds.width - around.bounds.width) > 1) {
        throw new Error('the lab shows another tree than the peers get');
      }
      result.load = first.first_picture_millis;
      await page.evaluate(takeStage);
      for (const motion of MOTIONS) {
        const before = await stats(page);
        const path = cameras(motion, around);
        const budgetMillis = BUDGET_MILLIS[nodes] ?? 6_000;
        const runs = await page.evaluate(walk, { path, motion, runs: RUNS, budgetMillis });
        const after = await stats(page);
        const longestTask = await page.evaluate(() => window.stage.longestTask());
        const warm = await page.evaluate(warmFramesOn, path.slice(0, 240));
        result[motion] = median(runs.map(usual));
        result.motions[motion] = {
          runs,
          stats: after,
          thumbnailRepaints: after.thumbnail_repaints - before.thumbnail_repaints,
          longestTask,
          ...warm,
        };
      }
      result.memory = (await memory()) - browser.emptyPage;
    });
  } catch (error) {
    result.fault = error.message.split('\n')[0];
  }
  return result;
}

/**
 * In the page: the most canvas calls of a frame on the way, which is gone once more for them, and how
 * many of the frames moved the canvas as it was.
 */
async function warmFramesOn(path) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  window.stage.look(path[0]);
  await window.stage.ready();
  window.banyan.forget_frames();
  for (const camera of path) {
    window.stage.look(camera);
    await frame();
  }
  await frame();
  const { canvas_calls, frames_moved } = window.banyan.stats();
  return { canvasCalls: canvas_calls, moved: frames_moved / path.length };
}

/** In the page: what a peer's page has as `window.stage`. */
function takeStage() {
  let longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  }).observe({ type: 'longtask' });
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  window.stage = {
    begin() {
      longest = 0;
      window.banyan.forget_frames();
    },
    look: ({ x, y, scale }) => window.banyan.look(x, y, scale),
    async ready() {
      do {
        await nextFrame();
        await nextFrame();
      } while (window.banyan.stats().wanted > 0);
    },
    longestTask: () => longest,
  };
}
