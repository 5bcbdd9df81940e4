// Families from a file to the first whole picture, and what it is like to look at a large one.
import { statSync } from 'node:fs';
import { median, quantile } from '../motion.mjs';
import { atLeast, atMost, family, information, settled, stats } from '../page.mjs';

const RUNS = 3;
/**
 * Persons, how they are called, milliseconds to the first whole picture, and those of them for the
 * layout: twice what it may take natively.
 */
const FAMILIES = [
  [100_000, '10^5', 1_000, null],
  [200_000, '200,000', 3_000, null],
  [1_000_000, '10^6', 8_000, 6_000],
  [2_000_000, '2,000,000', null, null],
];
const BYTES_A_PERSON = 700;
/** Nobody finds a file in less time. */
const LOOKING_MILLIS = 2_000;
/** Of a file, from its bytes to a genealogy whose records can be shown and changed. */
const READ_MEGABYTES_PER_SECOND = 50;
/** What is searched in the large ones: a letter that nearly all have, beginnings, what nobody has. */
const QUERIES = ['a', 'an', 'li', 'maria g', '张伟', 'qqqq'];
/** What nobody takes for waiting: Nielsen's tenth of a second. */
const INSTANT_MILLIS = 100;
/** A frame at sixty a second. */
const FRAME_MILLIS = 16.7;

export async function families(bench) {
  const browser = await bench.plain();
  const rows = [];
  for (const [persons, called, millis, layoutMillis] of FAMILIES) {
    const file = family(persons);
    const isLarge = persons >= 1_000_000;
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) {
      runs.push(
        await browser.withPage(240_000, async (page) => {
          const opened = await firstPicture(page, bench.address, file, persons, LOOKING_MILLIS);
          return isLarge ? { ...opened, ...(await looking(page)) } : opened;
        }),
      );
    }
    const name = `a family of ${called} persons`;
    const middle = (what) => median(runs.map((run) => run[what]));
    // As a program does it, or who drops a file on the page without a look at it.
    const atOnce = await browser.withPage(240_000, (page) =>
      firstPicture(page, bench.address, file, persons, 0),
    );
    const first = `${name}: from its bytes to the first whole picture`;
    const megabytes = statSync(file).size / 1e6;
    rows.push(
      bounded(first, middle('millis'), millis),
      information(`${name}: the same, the file given at once`, atOnce.millis, 'ms'),
      information(`${name}: until all around it is painted too`, middle('around'), 'ms'),
      atMost(`${name}: memory of the worker, a person`, middle('bytes') / persons, 'B', BYTES_A_PERSON),
      atLeast(
        `${name}: read in wasm, with records`,
        (megabytes * 1000) / middle('read'),
        'MB/s',
        READ_MEGABYTES_PER_SECOND,
      ),
      bounded(`${name}: laid out in wasm`, middle('layout'), layoutMillis),
    );
    if (isLarge) {
      rows.push(
        atMost(`${name}: the slowest of ${QUERIES.length} searches`, middle('search'), 'ms', INSTANT_MILLIS),
        atMost(`${name}: a pan frame, p95`, middle('pan'), 'ms', FRAME_MILLIS * 1.5),
        information(`${name}: a pan frame, p50`, middle('panMiddle'), 'ms'),
        atMost(`${name}: longest hole in the picture while panning`, middle('hole'), 'ms', INSTANT_MILLIS),
      );
    }
  }
  return rows;
}

/** Milliseconds, with a bar where there is one. */
function bounded(name, value, bar) {
  return bar === null ? information(name, value, 'ms') : atMost(name, value, 'ms', bar);
}

/**
 * To the first frame that lacks no tile of its level, and to that when what lies around the window is painted
 * too, so that nothing is left to do. The file is chosen after a while in which somebody looks for it.
 */
async function firstPicture(page, address, file, persons, lookingMillis) {
  await page.goto(address);
  await settled(page);
  const sample = await stats(page);
  await page.evaluate((persons) => {
    window.around = new Promise((resolve) => {
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
  const box = await chooser;
  await page.waitForTimeout(lookingMillis);
  await box.setFiles(file);
  const around = await page.evaluate(() => window.around);
  const now = await settled(page, (now) => now.first_picture_millis !== sample.first_picture_millis);
  const { first_picture_millis: millis, worker_memory_bytes: bytes } = now;
  const { read_millis: read, layout_millis: layout } = now;
  return { millis, around, bytes, read, layout };
}

/** Searches, and a hand that moves the picture 7 px a frame. */
async function looking(page) {
  const searches = [];
  for (const query of QUERIES) searches.push(await page.evaluate(answered, query));
  await page.getByTestId('search').fill('');
  await settled(page);
  const frames = await page.evaluate(panned);
  const { hole_millis: hole } = await settled(page);
  return {
    search: Math.max(...searches),
    pan: quantile(frames, 0.95),
    panMiddle: median(frames),
    hole,
  };
}

/** In the page: milliseconds from the last letter of a query to the list that answers it. */
async function answered(query) {
  const box = document.querySelector('[data-testid=search]');
  const panel = document.querySelector('.search-panel');
  const type = (text) => {
    box.value = text;
    box.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const changed = () =>
    new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        observer.disconnect();
        resolve();
      });
      observer.observe(panel, { childList: true, subtree: true, characterData: true });
    });
  box.focus();
  // From a list with something in it, so that every answer changes it.
  type('o');
  await changed();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const began = performance.now();
  type(query);
  await changed();
  return performance.now() - began;
}

/** In the page: the frames of a pan at the size at which the family opened. */
async function panned() {
  const { camera } = window.banyan.stats();
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  window.banyan.forget_frames();
  const frames = [];
  let last = await frame();
  for (let step = 1; step <= 240; step += 1) {
    window.banyan.look(camera.x + (7 * step) / camera.scale, camera.y, camera.scale);
    const now = await frame();
    frames.push(now - last);
    last = now;
  }
  return frames;
}
