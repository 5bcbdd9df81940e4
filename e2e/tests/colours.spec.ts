// What the colours of a family say: chosen, read in the legend, lit, linked to, and printed.
import { expect, test } from '../fixtures/banyan';

/** Four of two names, in two countries. */
const FAMILY = [
  '0 HEAD',
  '1 GEDC',
  '2 VERS 5.5.1',
  '1 CHAR UTF-8',
  '0 @I1@ INDI',
  '1 NAME Anna /Ahorn/',
  '1 SEX F',
  '1 BIRT',
  '2 DATE 1800',
  '2 PLAC Wien, Austria',
  '0 @I2@ INDI',
  '1 NAME Bela /Ahorn/',
  '1 SEX M',
  '1 BIRT',
  '2 DATE 1840',
  '2 PLAC Graz, Austria',
  '0 @I3@ INDI',
  '1 NAME Carl /Buche/',
  '1 SEX M',
  '1 BIRT',
  '2 PLAC Ulm, Germany',
  '0 @I4@ INDI',
  '1 NAME Dora /Ahorn/',
  '1 SEX F',
  '0 @F1@ FAM',
  '1 HUSB @I3@',
  '1 WIFE @I1@',
  '1 CHIL @I2@',
  '1 CHIL @I4@',
  '0 TRLR',
  '',
].join('\n');

test('a key changes the colours, the legend counts them, and the address keeps them', async ({ shell, page }) => {
  await shell.open();
  await shell.openText('ahorn.ged', FAMILY);
  await shell.until('four are there', ({ nodes }) => nodes === 4);
  const before = await shell.settled();
  await page.keyboard.press('q');
  const legend = shell.part('legend');
  const row = (name: string) => legend.locator('.row', { hasText: name });
  await expect(shell.part('colouring')).toHaveValue('generation');
  await expect(row('Generation 1')).toContainText('2');
  await page.keyboard.press('q');
  await expect(shell.part('colouring')).toHaveValue('surname');
  await expect(row('Ahorn')).toContainText('3');
  await expect(row('Buche')).toContainText('1');
  await expect(page).toHaveURL(/[?&]colour=surname(&|$)/);
  const after = await shell.settled();
  expect(after.bounds).toEqual(before.bounds);
  expect(after.tiles_painted).toBeGreaterThan(before.tiles_painted);

  await shell.part('colouring').selectOption({ label: 'Place of birth' });
  await expect(row('Austria')).toContainText('2');
  await expect(row('not known')).toContainText('1');
  await expect(page).toHaveURL(/colour=place/);
  await page.keyboard.press('Shift+L');
  await expect(row('不详')).toContainText('1');
  await expect(shell.part('colouring').locator('option:checked')).toHaveText('出生地');
});

test('a row of the legend lights its persons, and Escape all others again', async ({ shell, page }) => {
  await shell.open('#/family?doc=sample:darwin-wedgwood&colour=surname');
  const legend = shell.part('legend');
  const row = legend.locator('.row', { hasText: 'Darwin' }).first();
  const count = Number(await row.getByRole('button').innerText());
  expect(count).toBeGreaterThan(5);
  const before = await shell.settled();
  await row.getByRole('button').click();
  await expect(shell.part('toast')).toHaveText(`Darwin: ${count} persons are lit`);
  const lit = await shell.settled();
  expect(lit.tiles_painted).toBeGreaterThan(before.tiles_painted);
  await page.keyboard.press('Escape');
  await shell.until('all are lit again', ({ tiles_painted }) => tiles_painted > lit.tiles_painted);
  // Pressed twice, a row lights everybody again as well.
  await row.getByRole('button').click();
  await expect(shell.part('toast')).toHaveText(`Darwin: ${count} persons are lit`);
  await row.getByRole('button').click();
  await expect(shell.part('toast')).toBeHidden();
});

test('a picture that is made has the legend below it', async ({ shell, page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
  await shell.open();
  await shell.openText('ahorn.ged', FAMILY);
  await shell.until('four are there', ({ nodes }) => nodes === 4);
  const plain = await shell.svg();
  expect(plain).not.toContain('>Sex</text>');
  await page.keyboard.press('q');
  await page.keyboard.press('q');
  await expect(shell.part('colouring')).toHaveValue('surname');
  await shell.settled();
  const painted = await shell.svg();
  for (const text of ['Surname', 'Ahorn', 'Buche', '3']) expect(painted).toContain(`>${text}</text>`);
  const height = (text: string) => Number(/ height="([\d.]+)"/.exec(text)?.[1]);
  expect(height(painted)).toBeGreaterThan(height(plain));
});
