// Measures in Chromium and writes rows: `node browser.mjs OUT.json [--only PATTERN]... [--skip PATTERN]...`.
//
// BANYAN_BIN names the program, CHROMIUM the browser. Each file in rows/ makes some rows
// `{name, value, unit, bar, ok}`; a bar of null means that the row is information. What the peers
// did is in `peers` too, as it was measured, and `chromium` is the version of the browser.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Bench } from './bench.mjs';
import { dots } from './rows/dots.mjs';
import { families } from './rows/families.mjs';
import { layouts } from './rows/layouts.mjs';
import { million } from './rows/million.mjs';
import { panning } from './rows/panning.mjs';
import { peers } from './rows/peers.mjs';
import { redraws } from './rows/redraws.mjs';

/** In the order of the table. */
const CASES = [redraws, panning, million, peers, layouts, dots, families];

const { values: wanted, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true, default: [] },
    skip: { type: 'string', multiple: true, default: [] },
  },
});
const [out] = positionals;
if (!out) throw new Error('usage: node browser.mjs OUT.json [--only PATTERN] [--skip PATTERN]');
const isNamed = (patterns, { name }) => patterns.some((pattern) => name.includes(pattern));
const cases = CASES.filter(
  (it) => (wanted.only.length === 0 || isNamed(wanted.only, it)) && !isNamed(wanted.skip, it),
);

const rows = [];
if (cases.length === 0) {
  writeFileSync(out, JSON.stringify({ rows, peers: [], chromium: null }));
  process.exit();
}
const bench = await Bench.start();
let faults = 0;
try {
  for (const measure of cases) {
    const began = performance.now();
    try {
      rows.push(...(await measure(bench)));
    } catch (error) {
      // A case that cannot be measured is a row that says so, not the end of the others.
      faults += 1;
      console.error(`${measure.name}: ${error.stack}`);
      rows.push({ name: `${measure.name}: not measured`, value: null, unit: '', bar: null, ok: false });
    }
    console.error(`${measure.name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
} finally {
  await bench.end();
}
writeFileSync(out, JSON.stringify({ rows, peers: bench.measured, chromium: bench.version }));
process.exitCode = faults > 0 ? 1 : 0;
