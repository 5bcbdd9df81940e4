// Branches folded away and back, and what else somebody wants to stand otherwise.
import type { Shell } from '../fixtures/shell';
import { expect, gedcom, test } from '../fixtures/banyan';

const DARWINS = '#/family?doc=sample:darwin-wedgwood';
const CHARLES = 'Charles Robert Darwin';
/** His father. */
const ROBERT = 'I33';

/** Opens the Darwins at somebody. */
async function openAt(shell: Shell, id: string): Promise<void> {
  await shell.open(`${DARWINS}&sel=${id}`);
  await shell.until('somebody is selected', (stats) => stats.selected === id);
  await shell.settled();
}

/** Folds who is selected, and waits until the picture shows it. */
async function press(shell: Shell, key: string, said: string | RegExp): Promise<void> {
  const { revision } = await shell.settled();
  await shell.page.keyboard.press(key);
  await expect(shell.part('toast')).toContainText(said);
  await shell.until('another picture', (stats) => stats.revision !== revision);
  await shell.settled();
}

test('a branch is folded, the card holds still, and its handle unfolds it', async ({ shell, page }) => {
  await openAt(shell, ROBERT);
  const id = ROBERT;
  const before = await shell.settled();
  const { nodes } = before;
  const stood = await shell.where(id);
  await press(shell, 'v', /Folded: \d+ persons hidden/);
  expect(await shell.where(id), 'it holds still').toEqual(stood);
  const folded = await shell.stats();
  expect(folded.camera).toEqual(before.camera);
  // Fewer persons are packed otherwise, not always narrower.
  expect(folded.bounds).not.toEqual(before.bounds);
  expect(folded.nodes, 'a handle').toBe(nodes + 1);
  await expect(shell.part('chart')).toContainText('folded away');
  await expect(page.locator('[role=status]', { hasText: 'persons hidden' })).toHaveCount(1);

  // Arrows do not lead into the fold.
  await page.keyboard.press('ArrowDown');
  await page.waitForTimeout(300);
  expect((await shell.settled()).selected).toBe(id);

  // Nobody but the handle is pressed: below the card, beyond its lower edge.
  const at = await shell.where(id);
  const { camera } = await shell.stats();
  const canvas = await shell.part('overlay-canvas').boundingBox();
  const below = (canvas?.y ?? 0) + (at?.y ?? 0) + (28 + 6) * camera.scale;
  await page.mouse.click((canvas?.x ?? 0) + (at?.x ?? 0), below);
  await expect(shell.part('toast')).toContainText('Unfolded');
  const unfolded = await shell.until('all are back', (stats) => stats.nodes === nodes);
  await shell.settled();
  expect(unfolded.bounds).toEqual(before.bounds);
  expect(await shell.where(id)).toEqual(stood);
  expect((await shell.stats()).selected).toBe(id);
});

test('a link has the same folds, camera and person, and the back button unfolds', async ({ shell, page }) => {
  await shell.open(DARWINS);
  const { selected } = await shell.flyTo('Erasmus Darwin');
  await press(shell, 'v', 'Folded');
  await page.keyboard.press('-');
  const { camera, bounds } = await shell.settled();
  const stood = await shell.where(selected ?? '');
  await expect.poll(() => page.url()).toContain('with=d.');
  await page.waitForTimeout(400);

  const link = new URL(page.url()).hash;
  await shell.open(link);
  const again = await shell.until('selected again', (stats) => stats.selected === selected);
  expect([again.bounds.width, again.bounds.height]).toEqual([bounds.width, bounds.height]);
  expect(again.camera.scale).toBe(camera.scale);
  const stands = await shell.where(selected ?? '');
  expect(Math.abs((stands?.x ?? 0) - (stood?.x ?? 0))).toBeLessThanOrEqual(1);
  expect(Math.abs((stands?.y ?? 0) - (stood?.y ?? 0))).toBeLessThanOrEqual(1);

  // A second fold is another place in the history.
  await press(shell, 'Shift+Z', 'Nothing is folded');
  expect(page.url()).not.toContain('with=');
  await expect(shell.part('chart')).toBeHidden();
  await page.goBack();
  await expect(shell.part('chart')).toContainText('folded away');
  await expect.poll(() => page.url()).toContain('with=d.');
});

test('somebody in a fold is unfolded by a search, a link, and a relation', async ({ shell, page }) => {
  await shell.open(DARWINS);
  const { selected: charles } = await shell.flyTo(CHARLES);
  await openAt(shell, ROBERT);
  await press(shell, 'v', 'Folded');
  expect(await shell.where(charles ?? '')).toBeNull();
  await shell.flyTo(CHARLES);
  await expect(shell.part('chart')).toBeHidden();
  const found = await shell.until('found', (stats) => stats.selected === charles);
  expect(found.nodes).toBeGreaterThan(0);

  await shell.open(`${DARWINS}&with=d.${ROBERT}&sel=${charles}`);
  await shell.until('selected by a link', (stats) => stats.selected === charles);
  await expect(shell.part('chart')).toBeHidden();

  // The way to a grandson, who stays by his mother's line, leads through the fold.
  await shell.open(`${DARWINS}&with=d.${ROBERT}&sel=${ROBERT}`);
  await shell.until('selected', (stats) => stats.selected === ROBERT);
  await page.keyboard.press('k');
  await shell.flyTo('Francis Darwin');
  await expect(shell.part('details')).toContainText('Robert Waring Darwin');
  await expect(shell.part('chart')).toBeHidden();
});

test('ancestors, in-laws, couples, birth order and the male line', async ({ shell, page }) => {
  await shell.open(DARWINS);
  await shell.flyTo(CHARLES);
  await press(shell, 'Shift+V', 'hidden');
  await press(shell, 'Shift+V', 'Unfolded');
  await press(shell, 'z', 'Siblings stand in birth order');
  await expect(shell.part('chart')).toContainText('birth order');
  await press(shell, 'Shift+M', 'Sons first');
  await expect(shell.part('chart')).toContainText('male line first');
  expect(new URL(page.url()).hash).toContain('with=birth~male');
  await press(shell, 'z', 'nearer to their partners');
  await press(shell, 'Shift+M', 'by birth');
  await press(shell, 'Shift+Q', 'stands left of');
  await expect(shell.part('chart')).toContainText('1 couple flipped');

  await page.keyboard.press('Shift+D');
  await expect(shell.part('chart')).toContainText('Descendants of');
  const { bounds } = await shell.settled();
  await press(shell, 'Shift+W', 'In-laws are hidden');
  expect((await shell.stats()).bounds.width).toBeLessThan(bounds.width);
  await expect(shell.part('chart')).toContainText('without in-laws');
  await press(shell, 'Shift+W', 'In-laws are shown');
});

test('three thousand fold where motion is unwelcome', async ({ shell, page }) => {
  const file = gedcom('classic/royal92.ged');
  test.skip(!file, 'the file is not here');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await shell.open('#/family');
  await shell.openFile(file ?? '');
  await shell.until('all are there', ({ nodes }) => nodes > 3000);
  const { selected } = await shell.flyTo('Victoria Hanover');
  const stood = await shell.where(selected ?? '');
  await press(shell, 'v', 'hidden');
  expect(await shell.where(selected ?? '')).toEqual(stood);
});

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });

  test('折叠与展开', async ({ shell }) => {
    await shell.open('#/family?doc=sample:honglou');
    await shell.flyTo('賈政');
    await press(shell, 'v', /已折叠：隐藏 \d+ 人/);
    await expect(shell.part('chart')).toContainText(/折叠 \d+ 人/);
    await press(shell, 'Shift+Z', '没有折叠的分支');
  });
});
