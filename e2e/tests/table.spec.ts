// Everybody in a table: a window of rows, sorted, filtered, walked by keys, and saved.
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../fixtures/banyan';
import type { Shell } from '../fixtures/shell';

const PERSONS = 20_000;
const GIVEN = ['Anna', 'Berta', 'Carl', 'Dora', 'Emil'];

/** Families of four; everybody's name and year of birth follow from their number. */
function family(): string {
  const lines = ['0 HEAD', '1 GEDC', '2 VERS 5.5.1', '1 CHAR UTF-8'];
  for (let id = 0; id < PERSONS; id += 1) {
    const [given, household] = [GIVEN[id % 5], Math.floor(id / 4)];
    lines.push(`0 @I${id}@ INDI`, `1 NAME ${given} /Haus${household % 997}/`);
    lines.push(`1 SEX ${id % 2 ? 'F' : 'M'}`, '1 BIRT', `2 DATE ${1500 + (id % 400)}`);
    lines.push(`1 ${id % 4 < 2 ? 'FAMS' : 'FAMC'} @F${household}@`);
  }
  for (let id = 0; id < PERSONS / 4; id += 1) {
    const [man, wife, son, daughter] = [0, 1, 2, 3].map((place) => `@I${4 * id + place}@`);
    lines.push(`0 @F${id}@ FAM`, `1 HUSB ${man}`, `1 WIFE ${wife}`);
    lines.push(`1 CHIL ${son}`, `1 CHIL ${daughter}`);
  }
  return [...lines, '0 TRLR', ''].join('\n');
}

async function opened(shell: Shell, page: Page): Promise<Locator> {
  // Without the browser's question for a place, files are downloads.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
  await shell.open();
  await shell.openText('many.ged', family());
  await shell.until('everybody is there', ({ nodes }) => nodes === PERSONS);
  await shell.settled();
  await page.keyboard.press('b');
  await expect(shell.part('table').getByRole('status')).toHaveText('20,000 persons, by Name');
  return shell.part('table').getByRole('grid');
}

const row = (grid: Locator, place: number) => grid.locator(`[data-row="${place}"]`);

test('only the rows in sight are in the document, and each can be reached', async ({ shell, page }) => {
  const grid = await opened(shell, page);
  await expect(grid).toHaveAttribute('aria-rowcount', `${PERSONS + 1}`);
  await expect(row(grid, 0)).toContainText('Haus0');
  expect(await grid.getByRole('row').count()).toBeLessThan(120);
  for (const share of [0.5, 1]) {
    await grid.evaluate((grid, share) => {
      grid.scrollTop = share * (grid.scrollHeight - grid.clientHeight);
    }, share);
    const place = share === 1 ? PERSONS - 1 : PERSONS / 2;
    await expect(row(grid, place)).toBeInViewport();
    expect(await grid.getByRole('row').count()).toBeLessThan(120);
  }
  // Whoever is found by the search is brought into sight.
  await shell.flyTo('Anna Haus7');
  const chosen = grid.locator('[aria-selected="true"]');
  await expect(chosen).toBeInViewport();
  await expect(chosen).toContainText('Anna Haus7');
});

test('rows are sorted by any column, filtered, and kept in the address', async ({ shell, page }) => {
  const grid = await opened(shell, page);
  const born = grid.getByRole('columnheader', { name: 'Born' });
  await expect(born).toHaveAttribute('aria-sort', 'none');
  await born.getByRole('button').click();
  await expect(born).toHaveAttribute('aria-sort', 'ascending');
  await expect(row(grid, 0)).toContainText('1500');
  await born.getByRole('button').click();
  await expect(born).toHaveAttribute('aria-sort', 'descending');
  await expect(row(grid, 0)).toContainText('1899');

  await shell.part('table-filter').fill('emil 1514');
  const caption = shell.part('table').getByRole('status');
  await expect(caption).toHaveText('50 of 20,000 persons, by Born, descending');
  await expect(grid).toHaveAttribute('aria-rowcount', '51');
  await shell.part('table').getByText('Columns').click();
  await shell.part('table').getByRole('checkbox', { name: 'Record' }).click();
  await expect(row(grid, 0)).toContainText('I14');
  await expect.poll(() => page.url()).toContain('table=-born');

  await page.reload();
  await shell.settled();
  await expect(caption).toHaveText('50 of 20,000 persons, by Born, descending');
  await expect(shell.part('table-filter')).toHaveValue('emil 1514');
  await expect(row(grid, 0)).toContainText('I14');
});

test('a row leads to its person, by pointer and by keys', async ({ shell, page }) => {
  const grid = await opened(shell, page);
  await row(grid, 3).click();
  await shell.until('somebody is selected', ({ selected }) => selected !== null);
  await expect(row(grid, 3)).toHaveAttribute('aria-selected', 'true');
  await expect(shell.part('details')).toContainText('Haus0');

  await grid.focus();
  await page.keyboard.press('End');
  await expect(row(grid, PERSONS - 1)).toBeInViewport();
  for (const key of ['ArrowUp', 'Enter']) await page.keyboard.press(key);
  const last = row(grid, PERSONS - 2);
  await expect(last).toBeInViewport();
  await expect(last).toHaveAttribute('aria-selected', 'true');
  await expect(grid).toHaveAttribute('aria-activedescendant', `row-${PERSONS - 2}`);
  const name = (await last.getByRole('gridcell').first().textContent()) ?? '';
  await expect(shell.part('details').getByRole('heading', { level: 2 })).toHaveText(name);
  await page.screenshot({ path: 'artefacts/table.png' });

  await page.keyboard.press('b');
  await expect(shell.part('table')).toBeHidden();
  await expect.poll(() => page.url()).not.toContain('table');
});

test('the file has the rows and columns that are shown', async ({ shell, page }) => {
  const grid = await opened(shell, page);
  await shell.part('table-filter').fill('dora 1503');
  await expect(grid).toHaveAttribute('aria-rowcount', '51');
  const coming = page.waitForEvent('download');
  await shell.part('table').getByRole('button', { name: 'Save as CSV' }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe('many.csv');
  const lines = (await readFile(await file.path(), 'utf8')).split('\r\n');
  expect(lines[0]).toMatch(/^\ufeffName,Sex,Born,Place of birth,/);
  expect(lines.length).toBe(52);
  expect(lines.at(-1)).toBe('');
  const shown = await row(grid, 0).getByRole('gridcell').first().textContent();
  expect(lines[1]?.split(',')[0]).toBe(shown);
  for (const line of lines.slice(1, -1)) expect(line).toMatch(/^Dora Haus\d+,female,1503,/);
});
