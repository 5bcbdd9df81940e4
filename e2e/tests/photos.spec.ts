// Photos on the cards of a family that comes with its pictures.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/banyan';
import { ARCHIVE, type Colour, GREEN, VIOLET } from '../fixtures/pictured';

/** How many px of the main canvas have about this colour, and where their middle is. */
function spot(page: Page, colour: Colour): Promise<{ count: number; x: number; y: number }> {
  return page.getByTestId('main-canvas').evaluate((canvas: HTMLCanvasElement, colour) => {
    const { width, height } = canvas;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context?.drawImage(canvas, 0, 0);
    const data = context?.getImageData(0, 0, width, height).data ?? [];
    const sum = { count: 0, x: 0, y: 0 };
    for (let at = 0; at < data.length; at += 4) {
      if (colour.every((value, part) => Math.abs((data[at + part] ?? 0) - value) < 6)) {
        sum.count += 1;
        sum.x += (at / 4) % width;
        sum.y += Math.floor(at / 4 / width);
      }
    }
    const { count, x, y } = sum;
    return { count, x: x / count, y: y / count };
  }, colour);
}

test('the pictures of an archive are on the cards', async ({ shell, page }) => {
  await shell.open();
  await shell.openText('ahorn.gdz', ARCHIVE);
  await shell.until('four persons are there', ({ nodes }) => nodes === 4);
  for (const colour of [GREEN, VIOLET]) {
    await expect.poll(async () => (await spot(page, colour)).count).toBeGreaterThan(400);
  }
  const { camera } = await shell.settled();
  const [adam, berta] = [await spot(page, GREEN), await spot(page, VIOLET)];
  // Squares of 46 units, their corners rounded; the broken picture costs nobody theirs.
  const side = 46 * camera.scale;
  for (const { count } of [adam, berta]) {
    expect(count).toBeGreaterThan(0.85 * side * side);
    expect(count).toBeLessThan(1.05 * side * side);
  }
  // Side by side, as the two persons are, with the width of a card between them.
  expect(Math.abs(adam.y - berta.y)).toBeLessThan(1);
  expect(Math.abs(adam.x - berta.x)).toBeGreaterThan(2 * side);
  await page.screenshot({ path: 'artefacts/photos.png' });

  // From afar the cards are too small for pictures.
  for (let step = 0; step < 16; step += 1) await page.keyboard.press('-');
  await shell.settled();
  await expect.poll(async () => (await spot(page, GREEN)).count).toBe(0);

  // The browser keeps the whole archive for a reload.
  await page.reload();
  await shell.settled();
  await page.keyboard.press('f');
  await expect.poll(async () => (await spot(page, VIOLET)).count).toBeGreaterThan(400);
});
