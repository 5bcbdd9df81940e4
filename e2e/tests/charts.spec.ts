// Parts of a family, and its lives on an axis of years.
import type { Shell } from '../fixtures/shell';
import { expect, test } from '../fixtures/banyan';

const DARWINS = '#/family?doc=sample:darwin-wedgwood';
const CHARLES = 'Charles Robert Darwin';

/** Selects somebody, presses a key, and waits until another picture is there. */
async function chart(shell: Shell, name: string, key: string, title: string): Promise<string> {
  const { selected, bounds } = await shell.flyTo(name);
  await shell.page.keyboard.press(key);
  await expect(shell.part('chart')).toContainText(title);
  const before = JSON.stringify(bounds);
  await shell.until('another chart', (stats) => JSON.stringify(stats.bounds) !== before);
  await shell.settled();
  return selected ?? '';
}

for (const [key, title] of [
  ['a', `Ancestors of ${CHARLES} · 4 generations`],
  ['Shift+D', `Descendants of ${CHARLES} · 4 generations`],
  ['Shift+H', `Ancestors and descendants of ${CHARLES} · 4 generations`],
  ['Shift+R', `Relatives of ${CHARLES} · up to 4 steps away`],
  ['Shift+T', 'Lives on an axis of years'],
  ['Shift+F', `Ancestors of ${CHARLES} in rings · 5 generations`],
  ['Shift+A', `Ancestors of ${CHARLES} in half rings · 5 generations`],
  ['Shift+S', `Hanging-line chart of ${CHARLES}`],
  ['Shift+U', `Tables of five generations of ${CHARLES}`],
  ['Shift+G', `Pagoda chart of ${CHARLES}`],
  ['Shift+B', `List of the generations of ${CHARLES}`],
] as const) {
  test(`${title}: shown, restored by a link, and left again`, async ({ shell, page }) => {
    await shell.open(DARWINS);
    const everyone = (await shell.stats()).bounds;
    const id = await chart(shell, CHARLES, key, title);
    await shell.until('the same person is selected', (stats) => stats.selected === id);
    expect(await shell.inked()).toBeGreaterThan(0.003);
    const { bounds, camera } = await shell.settled();
    await expect.poll(() => page.url()).toContain('show=');

    // The address alone brings the same chart, camera and person.
    const link = new URL(page.url()).hash;
    await shell.open(link);
    await expect(shell.part('chart')).toContainText(title);
    const again = await shell.until('selected again', (stats) => stats.selected === id);
    expect(again.bounds).toEqual(bounds);
    expect(again.camera).toEqual(camera);

    await shell.part('everyone').click();
    await expect(shell.part('chart')).toBeHidden();
    const after = await shell.until('selected among everyone', (stats) => stats.selected === id);
    expect(after.bounds).toEqual(everyone);
    expect(page.url()).not.toContain('show=');
  });
}

test('a chart reaches one generation further, and less far', async ({ shell }) => {
  await shell.open(DARWINS);
  await chart(shell, CHARLES, 'a', '4 generations');
  const four = (await shell.stats()).bounds;
  for (const left of ['3 generations', '2 generations', '1 generation']) {
    await shell.part('fewer').click();
    await expect(shell.part('chart')).toContainText(left);
  }
  // With nobody but the parents it has come to its end.
  await expect(shell.part('fewer')).toBeDisabled();
  const one = await shell.until('less', ({ bounds }) => bounds.height < four.height);
  await shell.page.keyboard.press(']');
  await expect(shell.part('chart')).toContainText('2 generations');
  await shell.until('more', ({ bounds }) => bounds.height > one.bounds.height);
});

test('an hourglass goes as far down as it is told, and a link says so', async ({ shell, page }) => {
  await shell.open(DARWINS);
  await chart(shell, CHARLES, 'Shift+H', '4 generations');
  const title = shell.part('chart');
  for (const [key, reach, address] of [
    ['{', '4+3 generations', '4+3'],
    ['[', '3+2 generations', '3+2'],
    ['}', '3 generations', '3'],
    ['{', '3+2 generations', '3+2'],
  ]) {
    await page.keyboard.press(key);
    await expect(title).toContainText(`· ${reach}`);
    await expect.poll(() => decodeURIComponent(page.url())).toMatch(new RegExp(`hourglass:[^&:]+:${address.replace('+', '\\+')}(&|$)`));
  }
  const { nodes } = await shell.settled();
  const address = page.url();
  await shell.open(address.slice(address.indexOf('#')));
  await expect(title).toContainText('· 3+2 generations');
  expect((await shell.settled()).nodes).toBe(nodes);
  // Ancestors go one way.
  await page.keyboard.press('a');
  await expect(title).toContainText('Ancestors of');
  await page.keyboard.press('{');
  await expect(title).toContainText('· 4 generations');
});

test('the name of a chart ends before the details begin, however wide its letters', async ({ shell, page }) => {
  await shell.open(DARWINS);
  await chart(shell, CHARLES, 'a', 'Ancestors of');
  await page.evaluate(() => {
    const wide = new CSSStyleSheet();
    wide.replaceSync('.tool-name { letter-spacing: 0.5em }');
    document.adoptedStyleSheets = [wide];
  });
  const [title, details] = await Promise.all([
    shell.part('chart').boundingBox(),
    shell.part('details').boundingBox(),
  ]);
  expect((title?.x ?? 0) + (title?.width ?? Infinity)).toBeLessThanOrEqual(details?.x ?? 0);
});

test('of charts asked for in a hurry the last is shown, with the same person selected', async ({ shell, page }) => {
  await shell.open(DARWINS);
  const id = await chart(shell, CHARLES, 'a', '4 generations');
  await page.evaluate(() => {
    for (const key of ['[', '[', ']', '[']) {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    }
  });
  await expect(shell.part('chart')).toContainText('2 generations');
  await expect(shell.part('progress')).toHaveCount(0);
  await shell.until('the same person is selected', (stats) => stats.selected === id);
});

test('who is not on the chart is found among everyone', async ({ shell }) => {
  await shell.open(DARWINS);
  const charles = await chart(shell, CHARLES, 'a', 'Ancestors of');
  const { selected } = await shell.flyTo('Emma Wedgwood');
  expect(selected).not.toBe(charles);
  await expect(shell.part('chart')).toBeHidden();
  expect(await shell.where(selected ?? '')).not.toBeNull();

  // The same by a link in the details: a child is no ancestor.
  await chart(shell, CHARLES, 'a', 'Ancestors of');
  await shell.part('details').getByRole('button', { name: /Francis/ }).first().click();
  await expect(shell.part('chart')).toBeHidden();
  await expect(shell.part('details').getByRole('heading').first()).toContainText('Francis');
});

test('the back button leads through the charts', async ({ shell, page }) => {
  await shell.open(DARWINS);
  await chart(shell, CHARLES, 'a', 'Ancestors of');
  await page.keyboard.press('Shift+D');
  await expect(shell.part('chart')).toContainText('Descendants of');
  await shell.settled();
  await page.goBack();
  await expect(shell.part('chart')).toContainText('Ancestors of');
  await page.goBack();
  await expect(shell.part('chart')).toBeHidden();
  await page.goForward();
  await expect(shell.part('chart')).toContainText('Ancestors of');
});

test('a press on a ring selects who stands there', async ({ shell, page }) => {
  await shell.open(DARWINS);
  const charles = await chart(shell, CHARLES, 'Shift+F', 'in rings');
  // In the middle is he himself, to the left his father's half of the first ring.
  const middle = await shell.where(charles);
  await page.mouse.click((middle?.x ?? 0) - 100, middle?.y ?? 0);
  await expect(shell.part('details').getByRole('heading').first()).toContainText(
    'Robert Waring Darwin',
  );
});

test('a link to a chart of nobody shows everyone', async ({ shell }) => {
  await shell.open(`${DARWINS}&show=ancestors:nobody:4`);
  await expect(shell.part('chart')).toBeHidden();
});

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });

  test('祖先、后代与年代轴', async ({ shell, page }) => {
    await shell.open('#/family?doc=sample:honglou');
    await chart(shell, '賈寶玉', 'a', '賈寶玉的祖先 · 4 代');
    await page.keyboard.press('Shift+R');
    await expect(shell.part('chart')).toContainText('賈寶玉的亲属 · 相隔 4 步以内');
    await page.keyboard.press('e');
    await expect(shell.part('chart')).toBeHidden();
    await shell.part('overlay-canvas').click({ button: 'right', position: { x: 640, y: 700 } });
    await page.getByRole('menuitem', { name: '显示后代' }).click();
    await expect(shell.part('chart')).toContainText('的后代 · 4 代');
  });

  test('苏式、欧式、宝塔式与牒记式从始祖开始', async ({ shell, page }) => {
    await shell.open('#/family?doc=sample:honglou');
    for (const [key, name] of [
      ['Shift+S', '賈公世系 · 苏式'],
      ['Shift+U', '賈公世系 · 欧式'],
      ['Shift+G', '賈公世系 · 宝塔式'],
      ['Shift+B', '賈公世系 · 牒记式'],
    ] as const) {
      await page.keyboard.press('e');
      await expect(shell.part('chart')).toBeHidden();
      const everyone = JSON.stringify((await shell.settled()).bounds);
      await page.keyboard.press(key);
      await expect(shell.part('chart')).toContainText(name);
      await shell.until('another chart', ({ bounds }) => JSON.stringify(bounds) !== everyone);
      await shell.settled();
      expect(await shell.inked()).toBeGreaterThan(0.003);
    }
  });
});
