// Families from a file to the first whole picture.
import { median } from '../motion.mjs';
import { atMost, family, settled } from '../page.mjs';

const RUNS = 3;
/** Persons, and milliseconds to the first whole picture. */
const FAMILIES = [
  [100_000, 1_000],
  [1_000_000, 8_000],
];
const BYTES_A_PERSON = 700;

export async function families(bench) {
  const browser = await bench.plain();
  const rows = [];
  for (const [persons, millis] of FAMILIES) {
    const file = family(persons);
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) {
      runs.push(await browser.withPage(120_000, (page) => firstPicture(page, bench.address, file, persons)));
    }
    const name = `a family of 10^${Math.log10(persons)} persons`;
    const middle = (what) => median(runs.map((run) => run[what]));
    rows.push(
      atMost(`${name}: from its bytes to the first whole picture`, middle('millis'), 'ms', millis),
      atMost(`${name}: memory of the worker, a person`, middle('bytes') / persons, 'B', BYTES_A_PERSON),
    );
  }
  return rows;
}

async function firstPicture(page, address, file, persons) {
  await page.goto(address);
  await settled(page);
  await page.evaluate((persons) => {
    window.opened = new Promise((resolve) => {
      const watch = () => {
        const began = performance.now();
        let whole = null;
        const look = () => {
          const { nodes, wanted, visible } = window.banyan.stats();
          if (nodes !== persons || wanted > 0 || visible === 0) whole = null;
          // Twice, for a new scene asks for its tiles with its first frame.
          else if (whole !== null) return resolve(whole - began);
          else whole = performance.now();
          return setTimeout(look, 20);
        };
        look();
      };
      document.addEventListener('change', watch, { capture: true, once: true });
    });
  }, persons);
  const chooser = page.waitForEvent('filechooser');
  await page.getByTestId('open-file').click();
  await (await chooser).setFiles(file);
  const millis = await page.evaluate(() => window.opened);
  const { worker_memory_bytes: bytes } = await settled(page);
  return { millis, bytes };
}
