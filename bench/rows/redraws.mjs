// The experiment that the project grew from: a tree of 800 persons, redrawn 1000 times while panning,
// every redraw flushed by a one-pixel read-back.
import { information, open, row } from '../page.mjs';

export async function redraws(page, address) {
  await open(page, address);
  const { direct_millis, tiles_millis } = await page.evaluate(() => {
    const { bench } = window.banyan;
    if (!bench) throw new Error('window.banyan.bench is missing');
    return bench('redraws', JSON.stringify({ persons: 800, redraws: 1000 })).then((result) =>
      JSON.parse(`${result}`),
    );
  });
  return [
    row(
      '800 persons, 1000 redraws, flushed: direct : tiles',
      direct_millis / tiles_millis,
      ': 1',
      15,
      (value) => value >= 15,
    ),
    information('800 persons, 1000 redraws, flushed: direct', direct_millis, 'ms'),
    information('800 persons, 1000 redraws, flushed: tiles', tiles_millis, 'ms'),
  ];
}
