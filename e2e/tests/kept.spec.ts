// Families that the browser keeps: opened again from a list, after a reload, and without a bridge.
import { expect, SMALL_FAMILY, test } from '../fixtures/banyan';
import { Bridge } from '../fixtures/processes';
import { Shell } from '../fixtures/shell';

// Without a bridge the browser reports what it could not load; the page does without.
test.use({ serviceWorkers: 'allow', expectedFaults: [/ERR_|Failed to|WebSocket/] });

const TWO = SMALL_FAMILY.replace('David', 'Daniel').replace('1 CHIL @I4@\n', '');
const OTHER = SMALL_FAMILY.replaceAll('Ahorn', 'Eiche');

test('what was opened is listed, opened again after a reload, and forgotten', async ({ shell, page }) => {
  await shell.open();
  for (const [name, text, born] of [
    ['ahorn.ged', SMALL_FAMILY, 'David'],
    ['eiche.ged', OTHER, 'Eiche'],
    ['ahorn.ged', TWO, 'Daniel'],
  ] as const) {
    await shell.openText(name, text);
    await expect(shell.part('family-name')).toContainText(name);
    await shell.settled();
    await shell.flyTo(born);
  }
  const list = shell.part('findings');
  const names = list.getByRole('heading', { level: 3 });
  const leads = list.locator('.link');
  await page.keyboard.press('r');
  await expect(names).toHaveText(['ahorn.ged', 'eiche.ged', 'ahorn.ged']);
  await expect(leads.first()).toHaveText(/^4 persons · 3\d\d B · opened .*20\d\d/);
  await page.screenshot({ path: 'artefacts/kept.png' });

  // Of two files of a name the one that was open is opened again.
  await page.reload();
  await shell.settled();
  await shell.flyTo('Daniel');
  await page.keyboard.press('r');
  await leads.nth(4).click();
  await shell.until('nobody is selected', ({ selected }) => selected === null);
  await shell.settled();
  await shell.flyTo('David');
  await page.keyboard.press('r');
  await expect(names).toHaveText(['ahorn.ged', 'ahorn.ged', 'eiche.ged']);

  await list.getByRole('button', { name: 'Forget this tree and its changes' }).last().click();
  await expect(names).toHaveText(['ahorn.ged', 'ahorn.ged']);
  await page.keyboard.press('Shift+Delete');
  await expect(shell.part('toast')).toContainText('Press again');
  await expect(names).toHaveCount(2);
  await page.keyboard.press('Shift+Delete');
  await expect(names).toHaveCount(0);
  await expect(list).toContainText('This browser keeps no tree yet');
});

test('without a bridge the app and its families are still there', async ({ page, redis }) => {
  const bridge = await Bridge.start(['--listen', '127.0.0.1:0', redis.url]);
  const shell = new Shell(page, bridge.url);
  await shell.open();
  for (const [name, text] of [['eiche.ged', OTHER], ['ahorn.ged', SMALL_FAMILY]] as const) {
    await shell.openText(name, text);
    await expect(shell.part('family-name')).toContainText(name);
    await shell.until('four persons are there', ({ nodes }) => nodes === 4);
  }
  const kept = () =>
    page.evaluate(async () => {
      const store = await caches.open('banyan-app');
      return (await store.keys()).map((request) => new URL(request.url).pathname);
    });
  await expect.poll(kept, { timeout: 30_000 }).toEqual(
    expect.arrayContaining(['/', '/engine.js', '/engine_bg.wasm', '/texts/zh-CN.json']),
  );
  await bridge.stop();

  await page.reload();
  await shell.settled();
  await expect(shell.part('family-name')).toContainText('ahorn.ged');
  await shell.flyTo('Berta Ahorn');
  // The other language and the other family are there as well.
  await page.keyboard.press('Shift+L');
  await expect(shell.part('details')).toContainText('女');
  await page.keyboard.press('r');
  await shell.part('findings').getByRole('button', { name: '4 人' }).last().click();
  await shell.until('the other family is there', ({ selected }) => selected === null);
  await shell.flyTo('Berta Eiche');
});
