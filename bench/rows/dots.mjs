// A million dots: a raster in the program and one `putImageData`, beside one `fillRect` each.
import { atLeast, information, ratio } from '../page.mjs';

const NODES = 1_000_000;

export async function dots(bench) {
  const browser = await bench.plain();
  const { dots_raster: raster, dots_fill_rect: rects } = await browser.withPage(180_000, async (page) => {
    await page.goto(bench.address);
    await page.waitForFunction(() => window.banyan, null, { timeout: 20_000 });
    return page.evaluate((nodes) => window.banyan.measure('dots', nodes), NODES);
  });
  const times = ratio(rects.painted_millis, raster.painted_millis);
  return [
    atLeast('10^6 dots: fillRect each : raster in wasm', times, ': 1', 40),
    information('10^6 dots: raster in wasm, three times', raster.painted_millis, 'ms'),
  ];
}
