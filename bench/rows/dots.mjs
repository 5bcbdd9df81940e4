// A million dots: a raster in the program and one `putImageData`, beside one `fillRect` each.
import { median } from '../motion.mjs';
import { atLeast, information, ratio } from '../page.mjs';

const NODES = 1_000_000;
const RUNS = 3;

export async function dots(bench) {
  const browser = await bench.plain();
  const runs = await browser.withPage(180_000, async (page) => {
    await page.goto(bench.address);
    await page.waitForFunction(() => window.banyan, null, { timeout: 20_000 });
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) {
      runs.push(await page.evaluate((nodes) => window.banyan.measure('dots', nodes), NODES));
    }
    return runs;
  });
  const millis = ({ dots_raster: raster }) => raster.painted_millis;
  const times = (run) => ratio(run.dots_fill_rect.painted_millis, millis(run));
  return [
    atLeast('10^6 dots: fillRect each : raster in wasm', median(runs.map(times)), ': 1', 40),
    information('10^6 dots: raster in wasm, three times', median(runs.map(millis)), 'ms'),
  ];
}
