// Families: samples, files, search, selection.
import { SMALL_FAMILY, expect, gedcom, test } from '../fixtures/banyan';

test('without a file the sample family is there', async ({ shell }) => {
  await shell.open('');
  const { view, nodes } = await shell.stats();
  expect(view).toBe('family');
  expect(nodes).toBeGreaterThan(20);
});

test('a file that is chosen opens', async ({ shell }) => {
  await shell.open();
  await shell.openText('ahorn.ged', SMALL_FAMILY);
  await shell.until('four persons are there', ({ nodes }) => nodes === 4);
  await shell.settled();
  await expect(shell.part('family-name')).toContainText('ahorn');
});

test('while a file is looked for the next engine says nothing, and then opens it', async ({ shell, page }) => {
  await page.addInitScript(() => {
    const heard: number[] = [];
    const Native = Worker;
    window.Worker = class extends Native {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        const at = heard.push(0) - 1;
        this.addEventListener('message', () => (heard[at] = (heard[at] ?? 0) + 1));
      }
    };
    Object.assign(window, { heard });
  });
  await shell.open('');
  const chooser = page.waitForEvent('filechooser');
  await shell.part('open-file').click();
  const file = { name: 'ahorn.ged', mimeType: 'text/plain', buffer: Buffer.from(SMALL_FAMILY) };
  const found = await chooser;
  const heard = () => page.evaluate(() => (window as unknown as { heard: number[] }).heard.slice(1));
  await expect.poll(heard, 'it says that it is there').toEqual([1]);
  // It rehearses: a family that is made up is opened again and again.
  await page.waitForTimeout(400);
  expect(await heard()).toEqual([1]);
  await found.setFiles(file);
  await shell.until('four persons are there', ({ nodes }) => nodes === 4);
  // Nothing that it rehearsed comes after all.
  await page.waitForTimeout(600);
  expect((await shell.settled()).nodes).toBe(4);
});

for (const [file, persons] of [
  ['classic/royal92.ged', 3010],
  ['classic/pres2020.ged', 2322],
  ['classic/Queen.ged', 4683],
] as const) {
  test(`everyone of ${file} is there once`, async ({ shell }) => {
    const path = gedcom(file);
    test.skip(path === undefined, `${file} is not on this machine`);
    await shell.open();
    await shell.openFile(path ?? '');
    const { nodes } = await shell.until('the file is laid out', (stats) => stats.nodes > 2000);
    expect(nodes).toBe(persons);
    await shell.settled();
    expect(await shell.inked()).toBeGreaterThan(0.005);
  });
}

test('a file that is dropped opens', async ({ shell }) => {
  const path = gedcom('classic/kennedy.ged') ?? gedcom('zh/honglou_utf8.ged');
  test.skip(path === undefined, 'no file to drop on this machine');
  await shell.open('#/family?doc=sample:darwin-wedgwood');
  const before = await shell.stats();
  await shell.dropFile(path ?? '');
  await shell.until('another family is there', ({ nodes }) => nodes > 0 && nodes !== before.nodes);
  await shell.settled();
});

test('search finds a person and flies there', async ({ shell }) => {
  await shell.open('#/family?doc=sample:darwin-wedgwood');
  const before = await shell.stats();
  await shell.flyTo('Charles Robert Darwin');
  await expect(shell.part('details')).toContainText('Darwin');
  const after = await shell.stats();
  expect(after.selected).not.toBeNull();
  expect(after.camera).not.toEqual(before.camera);
});

test('keys go from result to result, and back to who is selected', async ({ shell, page }) => {
  await shell.open('#/family?doc=sample:darwin-wedgwood');
  const first = (await shell.flyTo('Wedgwood')).selected;
  await page.keyboard.press('n');
  const second = (await shell.until('another is selected', ({ selected }) => selected !== first)).selected;
  await shell.settled();
  await page.keyboard.press('Shift+N');
  await shell.until('the first is selected again', ({ selected }) => selected === first);
  // Before the first is the last.
  await page.keyboard.press('Shift+N');
  const last = (await shell.until('the last is selected', ({ selected }) => selected !== first)).selected;
  expect(last).not.toBe(second);
  const { camera } = await shell.settled();
  await shell.drag(200, 120);
  await shell.settled();
  await page.keyboard.press('s');
  await shell.until('the camera is back', (now) => now.camera.x === camera.x && now.camera.y === camera.y);
});

test('search finds Chinese names', async ({ shell }) => {
  await shell.open('#/family?doc=sample:honglou');
  await shell.flyTo('寶玉');
  await expect(shell.part('details')).toContainText('寶玉');
});

test('search says when it finds nobody', async ({ shell, page }) => {
  await shell.open();
  await shell.search('zzqqxx');
  await expect(page.getByText('Nothing found for “zzqqxx”')).toBeVisible();
  await expect(page.getByRole('option')).toHaveCount(0);
});

test('a click on a card selects it, a click beside it lets go', async ({ shell, page }) => {
  await shell.open('#/family?doc=sample:darwin-wedgwood');
  const { selected } = await shell.flyTo('Charles Robert Darwin');
  const place = await shell.where(selected ?? '');
  if (!place) throw new Error('the person is nowhere');
  const box = await shell.part('overlay-canvas').boundingBox();
  const at = { x: (box?.x ?? 0) + place.x, y: (box?.y ?? 0) + place.y };

  // The first one lets go of what the search has found, the second of the selection.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await shell.until('nobody is selected', (stats) => stats.selected === null);
  await page.mouse.move(at.x + 5, at.y + 5);
  await shell.until('the card below the pointer is known', (stats) => stats.hovered === selected);
  await page.mouse.click(at.x, at.y);
  await shell.until('the person is selected', (stats) => stats.selected === selected);
  await expect(shell.part('details')).toBeVisible();

  // Somewhere below the person there is room between the cards.
  for (let below = 40; below < 120; below += 4) {
    await page.mouse.move(at.x, at.y + below);
    await page.waitForTimeout(100);
    if ((await shell.stats()).hovered === null) break;
  }
  await page.mouse.down();
  await page.mouse.up();
  await shell.until('nobody is selected', (stats) => stats.selected === null);
  await expect(shell.part('details')).toBeHidden();
});

test('the details lead from one person to the next', async ({ shell }) => {
  await shell.open('#/family?doc=sample:darwin-wedgwood');
  const { selected } = await shell.flyTo('Charles Robert Darwin');
  await shell.part('details').getByRole('button', { name: /Emma/ }).first().click();
  await shell.until('another person is selected', (stats) => {
    return stats.selected !== null && stats.selected !== selected;
  });
  await expect(shell.part('details')).toContainText('Emma');
});

test('a large file shows how far it is, and can be cancelled', async ({ shell }) => {
  await shell.open('#/family?doc=sample:darwin-wedgwood');
  const before = await shell.stats();
  const persons = Array.from({ length: 300_000 }, (_, n) => {
    const parents = n > 0 ? `1 FAMC @F${(n - 1) >> 1}@\n` : '';
    return `0 @I${n}@ INDI\n1 NAME Nobody /Large/\n1 SEX M\n${parents}1 FAMS @F${n}@\n`;
  });
  const families = persons.map((_, n) => {
    const children = [2 * n + 1, 2 * n + 2].filter((child) => child < persons.length);
    return `0 @F${n}@ FAM\n1 HUSB @I${n}@\n${children.map((child) => `1 CHIL @I${child}@\n`).join('')}`;
  });
  const head = '0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n';
  await shell.openText('large.ged', [head, ...persons, ...families, '0 TRLR\n'].join(''));
  await expect(shell.part('progress')).toContainText('large.ged');
  await shell.part('cancel').click();
  await expect(shell.part('progress')).toHaveCount(0);
  const after = await shell.settled();
  expect(after.nodes).toBe(before.nodes);
  expect(after.camera).toEqual(before.camera);
});
