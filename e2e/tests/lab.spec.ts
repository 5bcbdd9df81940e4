// The lab: trees of any size, and the experiment with the caches.
import { expect, test } from '../fixtures/banyan';

const figures = (page: import('@playwright/test').Page, name: string, count: number) =>
  page.evaluate(([name, count]) => window.banyan?.measure(name, count) ?? {}, [name, count] as const);

test('the menu leads to the lab, which makes a tree up', async ({ shell, page }) => {
  await shell.open('#/family?doc=sample:darwin-wedgwood');
  await shell.part('menu-button').click();
  await page.locator('[data-command="show-lab"]').click();
  await shell.until('a tree is shown', ({ view, nodes }) => view === 'lab' && nodes === 10_000);
  await shell.settled();
  expect(await shell.inked()).toBeGreaterThan(0.01);
  await shell.part('lab-size').selectOption('1000');
  await shell.part('lab-make').click();
  await shell.until('the tree is as large as chosen', ({ nodes }) => nodes === 1_000);
  await expect(page).toHaveURL(/#\/lab\?doc=tree:1000:7/);
});

test('an address makes the same tree again, and another family than that', async ({ shell, page }) => {
  await shell.open('#/lab?doc=tree:5000:3');
  const first = (await shell.settled()).bounds;
  await page.reload();
  expect((await shell.settled()).bounds).toEqual(first);
  await shell.open('#/lab?doc=family:2000:3');
  expect((await shell.settled()).nodes).toBe(2_000);
});

test('a node of the lab is found, selected and walked from', async ({ shell, page }) => {
  await shell.open('#/lab?doc=tree:5000:3');
  expect((await shell.flyTo('1234')).selected).toBe('1234');
  await page.keyboard.press('ArrowLeft');
  const { selected } = await shell.until('its parent is', ({ selected }) => selected !== '1234');
  expect(Number(selected)).toBeLessThan(1234);
});

test('circles are tried, compared, and copied as Markdown', async ({ shell, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await shell.open('#/lab?doc=tree:1000:7');
  await shell.part('lab-circles').selectOption('50');
  await shell.part('lab-try-circles').click();
  const results = shell.part('lab-results');
  await expect(results.locator('tr[data-way]')).toHaveCount(3, { timeout: 60_000 });
  await expect(shell.part('lab-running')).toHaveCount(0);
  await shell.part('lab-copy').click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('| Way | Recorded | With raster | Faster |');
  expect(copied.split('\n').filter((line) => line.startsWith('| A canvas each'))).toHaveLength(2);
});

test('a near view says which branches it lies in', async ({ shell, page }) => {
  await shell.open('#/lab?doc=tree:20000:7');
  await shell.flyTo('15000');
  await expect(shell.part('places')).toContainText(' › ');
  await page.keyboard.press('f');
  await shell.settled();
  await expect(shell.part('places')).toHaveCount(0);
});

test('what takes long to make up can be given up', async ({ shell, page }) => {
  await page.goto(`${shell.address}#/lab?doc=family:2000000:1`);
  await expect(shell.part('progress')).toContainText('2,000,000');
  await shell.part('cancel').click();
  await expect(shell.part('progress')).toHaveCount(0);
  await expect(shell.part('lab')).toBeVisible();
  await expect(shell.part('welcome')).toHaveCount(0);
  // Nothing comes after all, and another tree can be had.
  await shell.part('lab-kind').selectOption({ label: 'A tree of cards' });
  await shell.part('lab-size').selectOption('1000');
  await shell.part('lab-make').click();
  expect((await shell.settled()).nodes).toBe(1_000);
});

test('a tree that is gone is gone from the minimap too', async ({ shell }) => {
  await shell.open('#/lab?doc=tree:1000:7');
  const ink = () =>
    shell.part('minimap').evaluate((node) => {
      const { width, height } = node as HTMLCanvasElement;
      const data = (node as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data;
      return data?.some((part) => part > 0);
    });
  await expect.poll(ink).toBe(true);
  await shell.part('lab-kind').selectOption({ label: 'A family' });
  await shell.part('lab-size').selectOption('1000000');
  await shell.part('lab-make').click();
  await shell.part('cancel').click();
  await expect(shell.part('progress')).toHaveCount(0);
  expect(await ink()).toBe(false);
});

test('the lists of the lab follow the language', async ({ shell }) => {
  await shell.open('#/lab?doc=tree:1000:7');
  await expect(shell.part('lab-kind')).toContainText('A family');
  await shell.part('language').click();
  await expect(shell.part('lab-kind')).toContainText('家族');
});

test('connections that nobody sees stand still', async ({ shell, page }) => {
  await page.goto(`${shell.address}#/lab?doc=connections:1000:5`);
  await shell.until('it lives', ({ revision }) => revision > 3);
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  });
  await page.waitForTimeout(500);
  const { revision } = await shell.stats();
  await page.waitForTimeout(1_500);
  expect((await shell.stats()).revision).toBe(revision);
});

test('an experiment can be ended', async ({ shell }) => {
  await shell.open('#/lab?doc=tree:1000:7');
  await shell.part('lab-try-family').click();
  await expect(shell.part('lab-running')).toBeVisible();
  await shell.part('lab-cancel').click();
  await expect(shell.part('lab-running')).toHaveCount(0);
  // The page is alive, and so is its engine.
  await shell.part('zoom-fit').click();
  await shell.settled();
});

test('copied pictures beat drawn ones, by every way', async ({ shell, page }) => {
  await shell.open('#/lab?doc=tree:1000:7');
  const { direct, sprites, scene_canvas, tiles } = await figures(page, 'family', 40);
  // No time is asserted, only what holds on every machine: the order.
  for (const way of [sprites, scene_canvas, tiles]) {
    expect(direct?.painted_millis).toBeGreaterThan(way?.painted_millis ?? Infinity);
  }
  expect(direct?.recorded_millis).toBeGreaterThan(scene_canvas?.recorded_millis ?? Infinity);
});

test('made-up connections change, and the camera and the selection hold', async ({ shell, page }) => {
  // A thousand changes a second: there is always a tile to paint, so it never settles.
  await page.goto(`${shell.address}#/lab?doc=connections:2000:5`);
  await shell.until('it lives', ({ revision }) => revision > 3);
  // The server stands at the origin; its clients come and go.
  const { camera } = await shell.stats();
  const { x, y } = await shell.middle();
  await page.mouse.click(x + (60 - camera.x) * camera.scale, y + (30 - camera.y) * camera.scale);
  const before = await shell.until('the server is selected', ({ selected }) => selected !== null);
  const later = await shell.until('it lives', ({ revision }) => revision > before.revision + 10);
  expect(later.selected).toBe(before.selected);
  expect(later.camera).toEqual(before.camera);
});

test('the minimap is painted though there is always a tile to paint', async ({ shell, page }) => {
  await page.setViewportSize({ width: 1500, height: 900 });
  await shell.open('#/family');
  const family = await shell.settled();
  await page.goto(`${shell.address}#/lab?doc=connections:20000:5`);
  const lives = await shell.until('it lives', ({ revision }) => revision > 3);
  const first = await shell.until(
    'the minimap is painted',
    (stats) => stats.thumbnail_repaints > family.thumbnail_repaints,
  );
  await shell.until(
    'and again',
    (stats) => stats.thumbnail_repaints > first.thumbnail_repaints && stats.revision > lives.revision,
  );
});

test('a zoom through all levels of a large tree never shows a hole for long', async ({ shell, page }) => {
  await shell.open('#/lab?doc=tree:100000:7');
  await page.evaluate(async () => {
    const { banyan } = window;
    if (!banyan) throw new Error('the app does not run');
    const { bounds } = JSON.parse(`${banyan.stats()}`);
    const middle = [bounds.x + bounds.width / 2, bounds.y + bounds.height / 2] as const;
    const least = Math.min(innerWidth / bounds.width, innerHeight / bounds.height);
    banyan.forget_frames();
    for (let frame = 0; frame < 240; frame += 1) {
      const along = (1 - Math.cos((frame / 240) * 2 * Math.PI)) / 2;
      banyan.look(...middle, least * (4 / least) ** along);
      await new Promise(requestAnimationFrame);
    }
  });
  const { hole_millis } = await shell.settled();
  expect(hole_millis).toBeLessThan(100);
});

test('the memory for pictures is a choice that is kept', async ({ shell, page }) => {
  await shell.open('#/lab?doc=tree:20000:7');
  await page.keyboard.press('p');
  await expect(page.getByText('288 MiB')).toBeVisible();
  await page.keyboard.press('p');
  await page.keyboard.press('p');
  await expect(page.getByText('48 MiB')).toBeVisible();
  await page.reload();
  await shell.settled();
  for (const zoom of ['+', '+', '-', '-', '-', 'f', '+', '+', '+', '+']) {
    await page.keyboard.press(zoom);
    const { tile_bytes } = await shell.settled();
    expect(tile_bytes).toBeLessThanOrEqual(32 * 2 ** 20);
  }
});

test('on a phone a tree begins at its root', async ({ shell, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await shell.open('#/lab?doc=tree:5000:3');
  const { camera, bounds } = await shell.stats();
  const { x } = await shell.middle();
  expect(x + (bounds.x - camera.x) * camera.scale).toBeGreaterThan(0);
  expect(x + (bounds.x - camera.x) * camera.scale).toBeLessThan(100);
});

test('on a phone a live tree begins at its root, below the minimap', async ({ shell, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  // It never settles: connections come and go.
  await page.goto(`${shell.address}#/lab?doc=connections:1000:5`);
  await shell.until('the clients are there', (stats) => stats.nodes > 1000);
  const middle = await shell.middle();
  const root = async (side: 'x' | 'y') => {
    const { camera, bounds } = await shell.stats();
    return middle[side] + (bounds[side] - camera[side]) * camera.scale;
  };
  expect(await root('x')).toBeGreaterThan(0);
  expect(await root('x')).toBeLessThan(100);
  await page.keyboard.press('m');
  await expect(shell.part('minimap')).toBeVisible();
  const box = await shell.part('minimap').boundingBox();
  const bottom = (box?.y ?? 0) + (box?.height ?? 0);
  expect(await root('y'), 'what is there stays').toBeLessThan(bottom);
  await page.keyboard.press('Home');
  await expect.poll(() => root('y')).toBeGreaterThan(bottom);
  expect(await root('y')).toBeLessThan(bottom + 100);
});
