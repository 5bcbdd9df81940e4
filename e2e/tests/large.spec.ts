// A family of 200,000: opened, cancelled in each of its stages, looked at, changed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures/banyan';
import { BANYAN } from '../fixtures/processes';
import type { Shell } from '../fixtures/shell';

const PERSONS = 200_000;
/** Builds of a busy machine open it in seconds; this only says that it does. */
const LONG = 120_000;

test.describe.configure({ timeout: 4 * LONG });

let folder = '';
let file = '';

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'banyan-large-'));
  file = join(folder, 'large.ged');
  execFileSync(BANYAN, ['generate', 'family', '-n', `${PERSONS}`, '--seed', '1', '-o', file]);
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Presses Cancel as soon as the progress says one of these, from now on; what it returns waits until
 * that was.
 */
async function cancelAt(page: Page, words: string): Promise<() => Promise<void>> {
  const cancelled = await page.evaluateHandle((words) => {
    const pressed = new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => {
        const panel = document.querySelector('[data-testid=progress]');
        const cancel = panel?.querySelector<HTMLElement>('[data-testid=cancel]');
        if (!cancel || !panel?.textContent?.includes(words)) return;
        observer.disconnect();
        cancel.click();
        resolve();
      });
      observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    });
    // In an object, or it would be waited for here.
    return { pressed };
  }, words);
  return () => cancelled.evaluate(({ pressed }) => pressed);
}

async function opened(shell: Shell): Promise<void> {
  await shell.openFile(file);
  await shell.until('everybody is there', ({ nodes }) => nodes === PERSONS, LONG);
  await shell.settled();
}

test('each stage of the opening can be cancelled, and the family before stays', async ({ shell, page }) => {
  await shell.open('#/family?doc=sample:darwin-wedgwood');
  const { nodes } = await shell.stats();
  for (const words of ['Reading the file', 'Reading its records', 'Linking', 'Laying out', 'Preparing']) {
    const cancelled = await cancelAt(page, words);
    await shell.openFile(file);
    await cancelled();
    await expect(shell.part('progress')).toBeHidden();
    expect((await shell.stats()).nodes, words).toBe(nodes);
  }
  await shell.flyTo('Charles Robert Darwin');
});

test('a large family is searched, and shows the records of its file', async ({ shell }) => {
  await shell.open();
  await opened(shell);
  expect(await shell.inked()).toBeGreaterThan(0.005);
  await shell.search('I199999');
  await expect(shell.part('results').getByRole('option').first()).toBeVisible();
  await shell.page.keyboard.press('Enter');
  await shell.until('somebody is selected', ({ selected }) => selected === 'I199999');
  await shell.part('details').getByText('Record', { exact: false }).last().click();
  await expect(shell.part('details')).toContainText('0 @I199999@ INDI');
});

test('a chart and a change of a large family can be cancelled, and it is as it was', async ({ shell, page }) => {
  await shell.open();
  await opened(shell);
  await shell.search('I150000');
  await expect(shell.part('results').getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Enter');
  await shell.until('somebody is selected', ({ selected }) => selected === 'I150000');
  await shell.settled();

  for (const key of ['Delete', 'Shift+T']) {
    const cancelled = await cancelAt(page, 'Laying out');
    await page.keyboard.press(key);
    await cancelled();
    await shell.until('it opens again', ({ nodes, wanted }) => nodes === PERSONS && wanted === 0, LONG);
    await expect(shell.part('progress')).toBeHidden({ timeout: LONG });
    await shell.until('whoever was selected is', ({ selected }) => selected === 'I150000', LONG);
    await expect(page).not.toHaveURL(/show=/);
  }

  await page.keyboard.press('Delete');
  await shell.until('one is gone', ({ nodes }) => nodes === PERSONS - 1, LONG);
});

test('the hiding of the living of a large family can be cancelled, and the switch goes back', async ({ shell, page }) => {
  await shell.open();
  await opened(shell);
  for (const isHidden of [false, true]) {
    const cancelled = await cancelAt(page, 'Laying out');
    await page.keyboard.press('Shift+P');
    await cancelled();
    await expect(shell.part('progress')).toBeHidden({ timeout: LONG });
    await shell.until('it opens again', ({ nodes, wanted }) => nodes === PERSONS && wanted === 0, LONG);
    const figures = expect(shell.part('figures'));
    await (isHidden ? figures : figures.not).toContainText('hidden');
    expect(await page.evaluate(() => localStorage.getItem('banyan.living'))).toBe(isHidden ? 'hidden' : '');
    if (isHidden) continue;
    await page.keyboard.press('Shift+P');
    await expect(shell.part('figures')).toContainText('hidden', { timeout: LONG });
    await expect(shell.part('progress')).toBeHidden({ timeout: LONG });
  }
});
