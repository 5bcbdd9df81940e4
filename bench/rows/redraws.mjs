// The experiment that the project grew from: a tree of 800 persons, redrawn 1000 times while panning,
// every redraw flushed by a one-pixel read-back. See `src/engine/bench.rs`.
import { family, information, open, row } from '../page.mjs';

const PERSONS = 800;
const REDRAWS = 1000;

export async function redraws(page, address) {
  const { nodes } = await open(page, address, family(PERSONS));
  if (nodes !== PERSONS) throw new Error(`${nodes} persons instead of ${PERSONS}`);
  const times = await page.evaluate((redraws) => window.banyan.bench(redraws), REDRAWS);
  const what = `${PERSONS} persons, ${REDRAWS} redraws, flushed`;
  return [
    row(`${what}: direct : tiles`, times.direct_millis / times.tiles_millis, ': 1', 15, (it) => it >= 15),
    information(`${what}: direct, visible cards alone : tiles`, times.direct_visible_millis / times.tiles_millis, ': 1'),
    information(`${what}: tiles : one fill of the window`, times.tiles_millis / times.fill_millis, ': 1'),
    information(`${what}: direct`, times.direct_millis, 'ms'),
    information(`${what}: tiles`, times.tiles_millis, 'ms'),
    information(`${what}: tiles painted`, times.tiles_painted, 'tiles'),
  ];
}
