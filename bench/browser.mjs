// Measures the app in one Chromium and writes rows: `node browser.mjs ROWS.json`.
//
// BANYAN_BIN names the program, CHROMIUM the browser. Each file in rows/ makes some rows
// `{name, value, unit, bar, ok}`; a bar of null means that the row is information.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { BANYAN } from './page.mjs';
import { panning } from './rows/panning.mjs';
import { redraws } from './rows/redraws.mjs';

/** In the order of the table. The cases of the rendering engine at its limit are added here. */
const CASES = [redraws, panning];

const [out] = process.argv.slice(2);
if (!out) throw new Error('usage: node browser.mjs ROWS.json');

const bridge = spawn(BANYAN, [
  'serve',
  '--listen',
  '127.0.0.1:0',
  '--demo',
  'never',
], { stdio: ['ignore', 'pipe', 'inherit'] });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const rows = [];
let faults = 0;
try {
  const address = await new Promise((found, failed) => {
    let said = '';
    bridge.stdout.setEncoding('utf8').on('data', (text) => {
      said += text;
      const url = /Banyan listens on (http:\S+)/.exec(said)?.[1];
      if (url) found(url);
    });
    bridge.once('error', failed);
    bridge.once('exit', (code) => failed(new Error(`banyan ended with ${code}`)));
  });
  for (const measure of CASES) {
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    try {
      rows.push(...(await measure(page, address)));
    } catch (error) {
      // A case that cannot be measured is a row that says so, not the end of the others.
      faults += 1;
      console.error(`${measure.name}: ${error}`);
      rows.push({ name: `${measure.name}: not measured`, value: null, unit: '', bar: null, ok: false });
    }
    await page.close();
  }
} finally {
  await browser.close();
  bridge.kill('SIGTERM');
}
writeFileSync(out, JSON.stringify({ rows }));
process.exitCode = faults > 0 ? 1 : 0;
