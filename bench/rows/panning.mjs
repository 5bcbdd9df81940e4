// What a frame costs the main thread while a hand drags a large family.
import { atMost, gedcom, information, open, settled, stats } from '../page.mjs';

export async function panning(bench) {
  const path = gedcom('classic/Queen.ged');
  if (!path) {
    console.error('Queen.ged is not on this machine: panning is not measured');
    return [];
  }
  const browser = await bench.plain();
  return browser.withPage(120_000, async (page) => {
    const { nodes } = await open(page, bench.address, path);
    await drag(page);
    await settled(page);
    const repaints = (await stats(page)).thumbnail_repaints;
    await page.evaluate(() => window.banyan.forget_frames());
    for (let round = 0; round < 5; round += 1) await drag(page);
    const { frame_millis, canvas_calls, thumbnail_repaints } = await stats(page);
    return [
      atMost('pan Queen.ged: main thread per frame, p95', frame_millis.p95, 'ms', 4),
      atMost('pan Queen.ged: canvas calls in a frame', canvas_calls, 'calls', 40),
      atMost('pan Queen.ged: thumbnail repaints', thumbnail_repaints - repaints, 'repaints', 0),
      information('pan Queen.ged: main thread per frame, p50', frame_millis.p50, 'ms'),
      information('pan Queen.ged: main thread per frame, max', frame_millis.max, 'ms'),
      information('Queen.ged: persons', nodes, 'persons'),
    ];
  });
}

/** Two seconds of a hand that goes round in a circle, one move a frame. */
async function drag(page) {
  const middle = { x: 800, y: 500 };
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  for (let step = 0; step < 120; step += 1) {
    const angle = (step / 120) * 2 * Math.PI;
    await page.mouse.move(middle.x + 300 * Math.sin(angle), middle.y + 200 * (1 - Math.cos(angle)));
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
}
