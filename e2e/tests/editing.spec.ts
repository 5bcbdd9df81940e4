// A family that is changed: persons told, added, linked, taken out; undone, kept, saved.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures/banyan';
import type { Shell } from '../fixtures/shell';

const ADAM = [
  '0 HEAD',
  '1 GEDC',
  '2 VERS 5.5.1',
  '1 CHAR UTF-8',
  '0 @I1@ INDI',
  '1 NAME Adam /Ahorn/',
  '1 SEX M',
  '1 _OWN kept',
  '0 @I2@ INDI',
  '1 NAME Bela /Buche/',
  '1 SEX F',
  '0 TRLR',
  '',
].join('\n');

async function fill(shell: Shell, page: Page, key: string, answers: Record<string, string>) {
  await page.keyboard.press(key);
  const form = shell.part('form');
  await expect(form).toBeVisible();
  for (const [label, answer] of Object.entries(answers)) {
    const field = form.getByLabel(label, { exact: true });
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') {
      await field.selectOption({ label: answer });
    } else {
      await field.fill(answer);
    }
  }
  await shell.part('form-submit').click();
  await expect(form).toBeHidden();
}

async function saved(page: Page): Promise<string> {
  const coming = page.waitForEvent('download');
  await page.keyboard.press('Control+s');
  const path = await (await coming).path();
  return await readFile(path, 'utf8');
}

test('a child is added, undone, made again, kept over a reload, and saved', async ({ shell, page }) => {
  // Without the browser's question for a place, files are downloads.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
  await shell.open();
  await shell.openText('ahorn.ged', ADAM);
  await shell.until('both are there', ({ nodes }) => nodes === 2);
  await shell.flyTo('Adam');
  await fill(shell, page, 'Shift+I', { Relation: 'a child', 'Given name': 'Carl', 'Born on': '1850-03-04' });
  await shell.until('a child is there', ({ nodes, links }) => nodes === 3 && links > 0);
  await expect(shell.part('details').getByRole('heading', { level: 2 })).toHaveText('Carl Ahorn');
  await expect(shell.part('figures')).toContainText('1 change');

  await page.keyboard.press('Control+z');
  await shell.until('nobody was added', ({ nodes }) => nodes === 2);
  await page.keyboard.press('Control+y');
  await shell.until('the child is back', ({ nodes }) => nodes === 3);

  await page.reload();
  await shell.until('the child is kept', ({ nodes }) => nodes === 3);
  await shell.flyTo('Carl');
  await fill(shell, page, 'u', { Dead: 'yes', 'Died in': 'Ulm' });
  await expect(shell.part('details')).toContainText('Ulm');

  const file = await saved(page);
  expect(file).toContain('1 _OWN kept\n');
  expect(file).toContain('1 NAME Carl /Ahorn/\n1 BIRT\n2 DATE 4 MAR 1850\n');
  expect(file).toContain('1 DEAT\n2 PLAC Ulm\n');
  expect(file).toMatch(/0 @F1@ FAM\n1 HUSB @I1@\n1 CHIL @I3@\n/);
});

test('a file has its own changes, whatever another of its name has', async ({ shell, page }) => {
  await shell.open();
  await shell.openText('same.ged', ADAM);
  await shell.until('both are there', ({ nodes }) => nodes === 2);
  await fill(shell, page, 'Shift+I', { 'Given name': 'Dora' });
  await shell.until('a third is there', ({ nodes }) => nodes === 3);
  await shell.openText('same.ged', ADAM.replace('Adam', 'Abel').replace('0 TRLR', '0 @I3@ INDI\n0 @I4@ INDI\n0 TRLR'));
  await shell.until('another file', ({ nodes }) => nodes === 4);
  await fill(shell, page, 'Shift+I', { 'Given name': 'Enno' });
  await shell.until('a fifth is there', ({ nodes }) => nodes === 5);
  await shell.openText('same.ged', ADAM);
  await shell.until('the change of before is there', ({ nodes }) => nodes === 3);
  await expect(shell.part('toast')).toHaveText('Your changes of before are here again.');
});

test('two are linked, parted, made one, and taken out', async ({ shell, page }) => {
  await shell.open();
  await shell.openText('pair.ged', ADAM);
  await shell.until('both are there', ({ nodes }) => nodes === 2);
  const link = async (relation: string) => {
    await shell.flyTo('Adam');
    await page.keyboard.press('k');
    await shell.flyTo('Bela');
    await fill(shell, page, 'Shift+J', { Relation: relation });
  };
  await link('a partner');
  await shell.until('they are a couple', ({ links }) => links > 0);
  await link('no longer linked');
  await shell.until('they are parted', ({ links }) => links === 0);
  await link('the same person');
  await shell.until('they are one', ({ nodes }) => nodes === 1);
  await expect(shell.part('details')).toContainText('Bela Buche');
  await page.keyboard.press('Delete');
  await shell.until('nobody is left', ({ nodes }) => nodes === 0);
  for (let left = 4; left > 0; left -= 1) await page.keyboard.press('Control+z');
  await shell.until('everything is undone', ({ nodes, links }) => nodes === 2 && links === 0);
});

test('what cannot be is refused in words, in Chinese too', async ({ shell, page }) => {
  await shell.open('#/family?doc=sample:honglou');
  await page.keyboard.press('Shift+L');
  await shell.flyTo('賈寶玉');
  await page.keyboard.press('Shift+I');
  const form = shell.part('form');
  await form.getByLabel('关系').selectOption({ label: '父母' });
  await form.getByLabel('名', { exact: true }).fill('某');
  await shell.part('form-submit').click();
  await expect(shell.part('toast')).toHaveText('已有父母两人。');
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();
});
