// Photos on the cards of a family that comes with its pictures.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/banyan';
import { png } from '../fixtures/gedzip';
import { ARCHIVE, type Colour, FAMILY, GREEN, VIOLET } from '../fixtures/pictured';

/** How many px of the main canvas have about this colour, and where their middle is. */
function spot(page: Page, colour: Colour): Promise<{ count: number; x: number; y: number }> {
  return page.evaluate((colour) => {
    const { width, data } = window.mainPicture();
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

// As another machine wrote the paths.
const ELSEWHERE = FAMILY.replace('media/adam%20ahorn.png', 'C:\\Users\\Ann\\Media\\ADAM AHORN.png');

/** A family in a folder, its pictures below. */
async function pictured(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'banyan-folder-'));
  await mkdir(join(folder, 'pictures/media'), { recursive: true });
  await writeFile(join(folder, 'ahorn.ged'), ELSEWHERE);
  await writeFile(join(folder, 'notes.txt'), 'no family');
  await writeFile(join(folder, 'pictures/media/Adam Ahorn.png'), png(300, 200, GREEN));
  await writeFile(join(folder, 'pictures/berta.png'), png(16, 16, VIOLET));
  return folder;
}

test('a folder can be dropped', async ({ shell, page }) => {
  const folder = await pictured();
  await shell.open();
  // As the browser hears of a drag from a file manager.
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data });
  await drag('dragEnter');
  await drag('dragOver');
  await expect(shell.part('drop')).toContainText('a folder');
  await drag('drop');
  await shell.until('four persons are there', ({ nodes }) => nodes === 4);
  for (const colour of [GREEN, VIOLET]) {
    await expect.poll(async () => (await spot(page, colour)).count).toBeGreaterThan(400);
  }
  await rm(folder, { recursive: true });
});

test('the pictures of a folder are on the cards', async ({ shell, page }) => {
  const folder = await pictured();
  await shell.open();
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+o');
  await (await chooser).setFiles(folder);
  await shell.until('four persons are there', ({ nodes }) => nodes === 4);
  await expect(shell.part('family-name')).toContainText('ahorn.ged');
  for (const colour of [GREEN, VIOLET]) {
    await expect.poll(async () => (await spot(page, colour)).count).toBeGreaterThan(400);
  }
  await rm(folder, { recursive: true });

  // The browser keeps them beside the file.
  await page.reload();
  await shell.settled();
  await page.keyboard.press('f');
  await expect.poll(async () => (await spot(page, GREEN)).count).toBeGreaterThan(400);
});

test('pictures that are dropped find their persons in the family that is open', async ({ shell, page }) => {
  await shell.open();
  await shell.openText('ahorn.ged', ELSEWHERE);
  await shell.until('four persons are there', ({ nodes }) => nodes === 4);
  const drop = async (name: string, colour: Colour) => {
    const bytes = Buffer.from(png(64, 64, colour)).toString('base64');
    const transfer = await page.evaluateHandle(
      ([name, base64]) => {
        const transfer = new DataTransfer();
        const raw = Uint8Array.from(atob(base64 ?? ''), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([raw], name ?? '', { type: 'image/png' }));
        return transfer;
      },
      [name, bytes],
    );
    await shell.part('overlay-canvas').dispatchEvent('drop', { dataTransfer: transfer });
  };
  await drop('Adam Ahorn.png', GREEN);
  await expect(shell.part('toast')).toContainText('1 person has a picture');
  await expect.poll(async () => (await spot(page, GREEN)).count).toBeGreaterThan(400);
  // Those of before stay.
  await drop('berta.png', VIOLET);
  await expect(shell.part('toast')).toContainText('2 persons have a picture');
  for (const colour of [GREEN, VIOLET]) {
    await expect.poll(async () => (await spot(page, colour)).count).toBeGreaterThan(400);
  }
  await drop('nobody.png', GREEN);
  await expect(shell.part('toast')).toContainText('2 persons have a picture');
});
