// What the cases do with the page.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A genealogy outside of the project, or null where it is not on this machine. */
export function gedcom(path) {
  const file = fileURLToPath(new URL(`../../shared/data/ged/${path}`, import.meta.url));
  return existsSync(file) ? file : null;
}

/** The program that is measured. */
export const BANYAN = process.env.BANYAN_BIN ?? '../target/release/banyan';

/** A made-up family of exactly so many persons: the path of its file, which is gone with the process. */
export function family(persons, seed = 1) {
  const folder = mkdtempSync(join(tmpdir(), 'banyan-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, `made-up-${persons}.ged`);
  execFileSync(BANYAN, ['generate', 'family', '-n', `${persons}`, '--seed', `${seed}`, '-o', file]);
  return file;
}

/** `window.banyan.stats()`. */
export function stats(page) {
  return page.evaluate(() => JSON.parse(`${window.banyan?.stats() ?? 'null'}`));
}

/** Waits until the picture is whole, and `wanted` holds too. */
export async function settled(page, wanted = () => true) {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const now = await stats(page).catch(() => null);
    if (now && now.nodes > 0 && now.wanted === 0 && !now.is_moving && wanted(now)) return now;
    await page.waitForTimeout(100);
  }
  throw new Error('the picture does not settle');
}

/** Opens the app and, if one is given (a path, or name and bytes), a file in it. */
export async function open(page, address, file) {
  await page.goto(address);
  const sample = await settled(page);
  if (!file) return sample;
  const chooser = page.waitForEvent('filechooser');
  await page.getByTestId('open-file').click();
  await (await chooser).setFiles(file);
  return settled(page, (now) => now.nodes !== sample.nodes);
}

/** Rows with a bar. A value of null could not be measured, and misses it. */
export function atMost(name, value, unit, bar) {
  return row(name, value, unit, bar, value !== null && value <= bar);
}

export function atLeast(name, value, unit, bar) {
  return row(name, value, unit, bar, value !== null && value >= bar);
}

/** A row that is information. */
export function information(name, value, unit) {
  return row(name, value, unit, null, true);
}

/** How many times larger, or null where one is missing. */
export function ratio(larger, smaller) {
  return larger === null || smaller === null ? null : larger / smaller;
}

function row(name, value, unit, bar, ok) {
  return { name, value: value === null ? null : Number(value.toPrecision(4)), unit, bar, ok };
}
