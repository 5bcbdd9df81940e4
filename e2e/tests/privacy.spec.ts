// Those who may live, hidden by one switch: from the page, and from the files that it makes.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/banyan';
import type { Shell } from '../fixtures/shell';

const SECRETS = ['Carla', 'Geheim', 'Verborgen', '1984', 'Unlesbar'];

/** A couple that is dead, a daughter who lives, and a sentence in her record that no reader knows. */
const FAMILY = [
  '0 HEAD',
  '1 GEDC',
  '2 VERS 5.5.1',
  '1 CHAR UTF-8',
  '0 @I1@ INDI',
  '1 NAME Adam /Ahorn/',
  '1 SEX M',
  '1 BIRT',
  '2 DATE 1850',
  '1 DEAT',
  '2 DATE 1920',
  '0 @I2@ INDI',
  '1 NAME Berta /Buche/',
  '1 SEX F',
  '1 DEAT',
  '0 @I3@ INDI',
  '1 NAME Carla /Geheim/',
  '1 SEX F',
  '1 BIRT',
  '2 DATE 3 MAR 1984',
  '2 PLAC Verborgen',
  'Unlesbar',
  '0 @F1@ FAM',
  '1 HUSB @I1@',
  '1 WIFE @I2@',
  '1 CHIL @I3@',
  '0 TRLR',
  '',
].join('\n');

/** All that the page holds: its text, its attributes, what stands in its fields, its title. */
function everything(page: Page): Promise<string> {
  return page.evaluate(() => {
    const fields = [...document.querySelectorAll('input')].map((field) => field.value);
    return [document.documentElement.outerHTML, document.title, ...fields].join('\n');
  });
}

async function opened(shell: Shell): Promise<void> {
  await shell.open();
  await shell.openText('living.ged', FAMILY);
  await shell.until('three are there', ({ nodes }) => nodes === 3);
  await shell.settled();
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
});

test('a key hides the living from the page and from its files, and shows them again', async ({
  shell,
  page,
}) => {
  await opened(shell);
  const { selected } = await shell.flyTo('Carla Geheim');
  const before = await shell.settled();
  await expect(shell.part('details')).toContainText('Verborgen');
  await page.keyboard.press('d');
  await expect(shell.part('diagnostics')).toContainText('Unlesbar');
  expect(await shell.svg()).toContain('Geheim');
  await shell.search('');
  await page.keyboard.press('Escape');

  await page.keyboard.press('Shift+P');
  await expect(shell.part('figures')).toContainText('1 who may live is hidden');
  await expect(shell.part('details').getByRole('heading').first()).toHaveText('Living');
  const masked = await shell.until('selected again', (stats) => stats.selected === selected);
  expect(masked.camera, 'the camera stays').toEqual(before.camera);
  expect(masked.bounds, 'and so does everybody').toEqual(before.bounds);
  await expect(shell.part('details').getByText('The record as the file has it')).toBeHidden();
  await expect(shell.part('diagnostics')).toBeVisible();
  let told = await everything(page);
  await page.keyboard.press('i');
  await expect(shell.part('findings')).toContainText('Hidden, as they may live');
  told += await everything(page);
  for (const secret of SECRETS) expect(told, secret).not.toContain(secret);
  expect(told).toContain('Adam Ahorn');
  await page.keyboard.press('Escape');

  const drawn = await shell.svg();
  for (const secret of SECRETS) expect(drawn, secret).not.toContain(secret);
  expect(drawn).toContain('Living');
  expect(drawn).toContain('Ahorn');
  await shell.search('Geheim');
  await expect(page.getByText('Nothing found for “Geheim”.')).toBeVisible();

  await shell.search('');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+P');
  await expect(shell.part('details').getByRole('heading').first()).toHaveText('Carla Geheim');
  await expect(shell.part('figures')).not.toContainText('hidden');
  expect((await shell.settled()).camera).toEqual(before.camera);
});

test('it is remembered, and speaks the language of the page', async ({ shell, page }) => {
  await opened(shell);
  await page.keyboard.press('Shift+P');
  await expect(shell.part('figures')).toContainText('1 who may live is hidden');
  await shell.settled();
  const address = page.url();
  await shell.open(address.slice(address.indexOf('#')));
  await shell.until('three are there', ({ nodes }) => nodes === 3);
  await expect(shell.part('figures')).toContainText('1 who may live is hidden');
  await page.keyboard.press('d');
  await expect(shell.part('diagnostics')).toBeVisible();
  let told = await everything(page);
  for (const secret of SECRETS) expect(told, secret).not.toContain(secret);

  await shell.flyTo('Living');
  await page.keyboard.press('Shift+L');
  await expect(shell.part('details').getByRole('heading').first()).toHaveText('在世者');
  await expect(shell.part('figures')).toContainText('已隐藏 1 位可能在世者');
  told = await everything(page);
  for (const secret of SECRETS) expect(told, secret).not.toContain(secret);
});

test('a relation keeps its question under the mask', async ({ shell, page }) => {
  await opened(shell);
  await shell.flyTo('Carla Geheim');
  await page.keyboard.press('k');
  await shell.flyTo('Adam Ahorn');
  const title = shell.part('details').getByRole('heading', { level: 2 });
  await expect(title).toHaveText('Adam Ahorn is the father of Carla Geheim');
  await shell.search('');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+P');
  await expect(title).toHaveText('Adam Ahorn is the father of Living');
  const told = await everything(page);
  for (const secret of SECRETS) expect(told, secret).not.toContain(secret);
});
