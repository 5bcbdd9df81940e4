// The shell: views, address, languages, themes, errors.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/banyan';

const PARTS = [
  'main-canvas',
  'overlay-canvas',
  'minimap',
  'minimap-view',
  'search',
  'status',
  'view-family',
  'view-connections',
  'view-keyspace',
  'open-file',
  'language',
  'theme',
];

test('every part has its handle', async ({ shell }) => {
  await shell.open();
  for (const part of PARTS) await expect(shell.part(part), part).toBeAttached();
});

test('the views change and keep their cameras', async ({ shell }) => {
  await shell.open('#/family?doc=sample:darwin-wedgwood');
  await shell.drag(-120, 40);
  const family = await shell.settled();
  await shell.view('connections');
  await shell.settled();
  await shell.view('keyspace');
  await shell.settled();
  await shell.view('family');
  const again = await shell.settled();
  expect(again.nodes).toBe(family.nodes);
  expect(again.camera).toEqual(family.camera);
});

test('a reload brings back view, file, selection and camera', async ({ shell, page }) => {
  await shell.open('#/family?doc=sample:honglou');
  await shell.flyTo('寶玉');
  await shell.drag(-64, 32);
  const before = await shell.settled();
  await expect(page).toHaveURL(/sel=/);
  await page.reload();
  const after = await shell.until('the selection is back', ({ selected }) => selected === before.selected);
  expect(after.nodes).toBe(before.nodes);
  expect(after.camera.scale).toBeCloseTo(before.camera.scale, 6);
  expect(Math.abs(after.camera.x - before.camera.x) * before.camera.scale).toBeLessThan(2);
  expect(Math.abs(after.camera.y - before.camera.y) * before.camera.scale).toBeLessThan(2);
  await expect(shell.part('details')).toContainText('寶玉');
});

test('a reload brings back a live view', async ({ shell, page }) => {
  await shell.open('#/connections');
  await expect(page).toHaveURL(/#\/connections\?.*target=/);
  await page.reload();
  const { view } = await shell.settled();
  expect(view).toBe('connections');
  await shell.status(/live/);
});

test('back leads to the view before', async ({ shell, page }) => {
  await shell.open('#/family');
  await shell.view('keyspace');
  await page.goBack();
  await shell.until('the family is back', ({ view }) => view === 'family');
});

test('it speaks Chinese, and remembers', async ({ shell, page }) => {
  await shell.open();
  await shell.part('language').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(shell.part('view-family')).toContainText('家族');
  await page.reload();
  await shell.settled();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await shell.part('language').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(shell.part('view-family')).toContainText('Family');
});

test('a language whose texts do not come is not spoken', async ({ shell, page }) => {
  await shell.open();
  await page.route('**/texts/zh-CN.json', (route) => route.fulfill({ body: 'Not Found' }));
  await shell.part('language').click();
  await expect(shell.part('toast')).toContainText('The texts of the other language did not come.');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.unroute('**/texts/zh-CN.json');
  await shell.part('language').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
});

test('the dark theme reaches the canvas', async ({ shell, page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await shell.open();
  const light = await brightness(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect
    .poll(() => brightness(page), { message: 'the canvas gets dark' })
    .toBeLessThan(light / 2);
});

test('the theme can be chosen by hand, and is remembered', async ({ shell, page }) => {
  await shell.open();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  // The other one first, so that the press is seen.
  await shell.part('theme').click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await shell.settled();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await shell.part('theme').click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});

test('the page obeys its own policy and asks nobody else', async ({ shell, page, bridge }) => {
  const foreign: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    const isOurs = url.origin === new URL(bridge.url).origin || ['blob:', 'data:'].includes(url.protocol);
    if (!isOurs) foreign.push(request.url());
  });
  const response = await page.goto(bridge.url);
  await shell.settled();
  const policy = response?.headers()['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(foreign).toEqual([]);
});

/** The mean of the picture's pixels, 0 to 255. */
function brightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { data } = window.mainPicture();
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) sum += (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0);
    return sum / (data.length / 4) / 3;
  });
}
