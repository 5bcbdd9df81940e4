// Figures about a family, what in it cannot be, and the records of its persons.
import { expect, gedcom, test } from '../fixtures/banyan';

/** A son who is born after his mother's death. */
const LATE = [
  '0 HEAD',
  '1 GEDC',
  '2 VERS 5.5.1',
  '1 CHAR UTF-8',
  '0 @I1@ INDI',
  '1 NAME Anna /Ahorn/',
  '1 SEX F',
  '1 BIRT',
  '2 DATE 1800',
  '1 DEAT',
  '2 DATE 1830',
  '0 @I2@ INDI',
  '1 NAME Bela /Ahorn/',
  '1 SEX M',
  '1 BIRT',
  '2 DATE 1840',
  '1 _ODD <i>nobody</i> knows',
  '0 @F1@ FAM',
  '1 WIFE @I1@',
  '1 CHIL @I2@',
  '0 TRLR',
  '',
].join('\n');

test('figures lead to persons, and are copied as Markdown', async ({ shell, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await shell.open('#/family?doc=sample:darwin-wedgwood');
  await page.keyboard.press('i');
  const figures = shell.part('findings');
  await expect(figures.getByRole('heading', { level: 2 })).toHaveText('Figures and problems');
  await expect(figures).toContainText('Longest line of descent');
  await expect(figures).toContainText(/At death\s*average \d+\.\d, median \d+, \d+ to \d+/);
  await figures.getByText('Surnames').click();
  const darwin = figures.locator('.row', { hasText: 'Darwin' }).first();
  await darwin.getByRole('button').click();
  await shell.until('somebody is selected', (stats) => stats.selected !== null);
  await expect(shell.part('details').getByRole('heading').first()).toContainText('Darwin');

  await page.keyboard.press('Shift+C');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^## Figures and problems\n\n- Persons: \d+\n/);
  expect(copied).toMatch(/\n- `Darwin`: `\d+`\n/);

  await page.keyboard.press('Shift+L');
  await expect(figures.getByRole('heading', { level: 2 })).toHaveText('统计与疑点');
  await expect(figures).toContainText('中位数');
  await page.keyboard.press('i');
  await expect(figures).toBeHidden();
});

test('a problem leads to whom it is about', async ({ shell, page }) => {
  await shell.open();
  await shell.openText('late.ged', LATE);
  await shell.until('both are there', ({ nodes }) => nodes === 2);
  await page.keyboard.press('i');
  const figures = shell.part('findings');
  await expect(figures).toContainText('Born after the mother died: 1');
  await figures.getByRole('button', { name: 'Bela Ahorn was born after Anna Ahorn' }).click();
  await shell.until('he is selected', (stats) => stats.selected === 'I2');
  await figures.getByRole('button', { name: 'Anna Ahorn (1800–1830)', exact: true }).last().click();
  await shell.until('she is selected', (stats) => stats.selected === 'I1');

  // Another family has other figures.
  await shell.openText('other.ged', LATE.replace('1840', '1825'));
  await expect(figures).toBeHidden();
  await page.keyboard.press('i');
  await expect(figures).toContainText('Nothing that is said of anybody contradicts the rest.');
  await page.keyboard.press('Escape');
  await expect(figures).toBeHidden();
});

test('the details have the record as it stands in the file', async ({ shell }) => {
  await shell.open();
  await shell.openText('late.ged', LATE);
  await shell.until('both are there', ({ nodes }) => nodes === 2);
  await shell.flyTo('Bela Ahorn');
  const record = shell.part('details').locator('details', { hasText: 'The record as the file has it' });
  await expect(record.getByText('1 NAME Bela /Ahorn/')).toBeHidden();
  await record.locator('summary').click();
  await expect(record.getByText('1 _ODD <i>nobody</i> knows')).toBeVisible();
  await expect(record.locator('dt').first()).toHaveText('12');
  await expect(record.locator('dt').last()).toHaveText('17');
});

test('a real file has figures of all kinds', async ({ shell, page }) => {
  const file = gedcom('classic/royal92.ged');
  test.skip(!file, 'the real files are not there');
  await shell.open();
  await shell.openFile(file ?? '');
  await shell.until('it is there', ({ nodes }) => nodes === 3010);
  await page.keyboard.press('i');
  const figures = shell.part('findings');
  await expect(figures).toContainText('3,010');
  await expect(figures).toContainText('Generations off: 74');
});
