// The experiment that the project grew from: a tree of 800 persons, redrawn 1000 times while panning.
// *Flushed*: after each redraw one pixel is read back, which waits for the raster. *Recorded*: the time
// until the browser has written down what is to be drawn, as the experiment measured it; a browser
// never draws what a later full clear hides.
import { atLeast, atMost, information, ratio, settled } from '../page.mjs';

const REDRAWS = 1000;

export async function redraws(bench) {
  const browser = await bench.plain();
  const times = await browser.withPage(300_000, async (page) => {
    await page.goto(bench.address);
    await settled(page);
    return page.evaluate((redraws) => window.banyan.measure('family', redraws), REDRAWS);
  });
  const painted = (way) => times[way]?.painted_millis ?? null;
  const recorded = (way) => times[way]?.recorded_millis ?? null;
  const what = `800 persons, ${REDRAWS} redraws`;
  const direct = painted('direct');
  const canvas = ratio(recorded('direct'), recorded('scene_canvas'));
  return [
    atLeast(`${what}, flushed: direct : sprites`, ratio(direct, painted('sprites')), ': 1', 4.5),
    atLeast(`${what}, flushed: direct : scene canvas`, ratio(direct, painted('scene_canvas')), ': 1', 20),
    atLeast(`${what}, flushed: direct : tiles`, ratio(direct, painted('tiles')), ': 1', 20),
    atLeast(`${what}, recorded alone (nothing is painted): direct : scene canvas`, canvas, ': 1', 167),
    atMost('a warm pan frame, flushed : a copy of the window in memory', ratio(painted('tiles'), painted('copy')), ': 1', 4),
    information(`${what}, flushed: direct`, direct, 'ms'),
    information(`${what}, flushed: direct, visible cards alone`, painted('direct_visible'), 'ms'),
    information(`${what}, flushed: tiles`, painted('tiles'), 'ms'),
    information(`${what}, flushed: a fill of the window`, painted('fill'), 'ms'),
  ];
}
