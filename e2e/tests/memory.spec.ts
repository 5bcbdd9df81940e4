// A browser that gives the page little memory: what does not fit is told as that.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '../fixtures/banyan';
import { BANYAN } from '../fixtures/processes';

/** Pages of 64 KiB that a program may have: enough for a sample, too few for the family below. */
const MOST_PAGES = 800;
const PERSONS = 100_000;

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    const flag = `--js-flags=--wasm-max-mem-pages=${MOST_PAGES}`;
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), flag] });
  },
});

test('a family that does not fit into memory is refused with a reason', async ({ shell, page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'banyan-memory-'));
  const file = join(folder, 'too-large.ged');
  try {
    execFileSync(BANYAN, ['generate', 'family', '-n', `${PERSONS}`, '--seed', '1', '-o', file]);
    await shell.open('#/family?doc=sample:darwin-wedgwood');
    const before = await shell.stats();
    await shell.openFile(file);
    await expect(shell.part('error')).toContainText('too-large.ged');
    await expect(shell.part('error')).toContainText('does not fit into the memory');
    await expect(shell.part('panic')).toHaveCount(0);
    const after = await shell.settled();
    expect([after.nodes, after.camera]).toEqual([before.nodes, before.camera]);
    await expect(shell.part('progress')).toHaveCount(0);

    // The page goes on: another language, and another file.
    await page.keyboard.press('Shift+L');
    await expect(shell.part('error')).toContainText('内存放不下');
    await page.keyboard.press('Shift+L');
    await shell.openText('small.ged', '0 HEAD\n1 GEDC\n2 VERS 5.5.1\n0 @I1@ INDI\n1 NAME A /B/\n0 TRLR\n');
    await shell.until('the next file opens', ({ nodes }) => nodes === 1);
    await expect(shell.part('error')).toHaveCount(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
