// How two persons are related: asked with a key, answered in words and on the chart.
import { expect, test } from '../fixtures/banyan';
import type { Shell } from '../fixtures/shell';

/** Pixels of the overlay that are not clear. */
function veiled(shell: Shell): Promise<number> {
  return shell.part('overlay-canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return new Uint32Array(data.buffer).filter((pixel) => pixel !== 0).length;
  });
}

test('a wife is a first cousin too', async ({ shell, page }) => {
  await shell.open('#/family?doc=sample:darwin-wedgwood');
  const { selected: charles } = await shell.flyTo('Charles Robert Darwin');
  await page.keyboard.press('k');
  const panel = shell.part('details');
  await expect(panel).toContainText('Choose whose relation to this person is asked for');
  await shell.flyTo('Emma Wedgwood');
  await expect(panel.getByRole('heading', { level: 2 })).toHaveText(
    'Emma Wedgwood is the wife of Charles Robert Darwin',
  );
  await expect(panel).toContainText('妻子');
  await expect(panel).toContainText('first cousin');
  await expect(panel).toContainText('1/16');
  await expect(page.locator('[aria-live=polite]', { hasText: 'is the wife of' })).toHaveCount(1);
  const { selected: emma } = await shell.settled();
  const box = await shell.part('overlay-canvas').boundingBox();
  expect(await veiled(shell)).toBeGreaterThan(((box?.width ?? 0) * (box?.height ?? 0)) / 2);

  const before = await shell.stats();
  await page.keyboard.press('j');
  await expect(panel).toContainText('Emma Wedgwood is the first cousin of Charles Robert Darwin');
  const after = await shell.settled();
  expect(after.camera, 'the camera flies so that the way fits').not.toEqual(before.camera);

  const address = page.url();
  expect(address).toContain(`rel=${charles}`);
  expect(address).toContain(`sel=${emma}`);
  await shell.open(address.slice(address.indexOf('#')));
  await expect(panel).toContainText('Emma Wedgwood is the wife of Charles Robert Darwin');
  expect((await shell.settled()).camera, 'a link is where it was').toEqual(after.camera);

  await page.keyboard.press('Escape');
  await expect(panel).not.toContainText('is the wife of');
  await expect(panel).toContainText('Emma');
  await shell.settled();
  expect(page.url()).not.toContain('rel=');
});

test('nobody is asked for in vain', async ({ shell, page }) => {
  await shell.open();
  const lines = ['0 HEAD', '1 CHAR UTF-8', '0 @I1@ INDI', '1 NAME Anna /Ahorn/'];
  lines.push('0 @I2@ INDI', '1 NAME Bela /Buche/', '0 TRLR', '');
  await shell.openText('strangers.ged', lines.join('\n'));
  await shell.until('both are there', ({ nodes }) => nodes === 2);
  await shell.flyTo('Anna');
  await page.keyboard.press('k');
  await shell.flyTo('Bela');
  await expect(shell.part('details')).toContainText('No way leads from Anna Ahorn to Bela Buche.');
});

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });

  test('cousins through the father’s sister', async ({ shell, page }) => {
    await shell.open('#/family?doc=sample:honglou');
    await shell.flyTo('賈寶玉');
    await page.keyboard.press('k');
    await shell.flyTo('林黛玉');
    const panel = shell.part('details');
    await expect(panel.getByRole('heading', { level: 2 })).toHaveText('林黛玉是賈寶玉的表姐妹');
    await expect(panel).toContainText('姑表');
    await expect(panel).toContainText('共同祖先');
    await expect(panel).toContainText('first cousin');
  });
});
