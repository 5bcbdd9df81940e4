// Files of what is shown: as downloads, into a chosen file, and as the same picture as the canvas.
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import type { Download, Page } from '@playwright/test';
import { expect, test } from '../fixtures/banyan';
import { ARCHIVE, type Colour, GREEN, VIOLET } from '../fixtures/pictured';
import type { Shell } from '../fixtures/shell';

/** Without the browser's question for a place, which no test can answer. */
async function withoutPicker(page: Page): Promise<void> {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
}

interface Choice {
  format?: 'PNG' | 'SVG' | 'PDF';
  screen?: boolean;
  percent?: number;
  paper?: 'A4' | 'A3' | 'Letter';
}

/** Opens the panel and fills it in. */
async function choose(shell: Shell, page: Page, choice: Choice): Promise<void> {
  if (!(await shell.part('export').isVisible())) await page.keyboard.press('Shift+E');
  await shell.part('export-format').selectOption(choice.format ?? 'PNG');
  await shell.part('export-what').selectOption({ index: choice.screen ? 1 : 0 });
  await shell.part('export-percent').fill(`${choice.percent ?? 100}`);
  if (choice.paper) await shell.part('export-page').selectOption(choice.paper);
}

async function download(shell: Shell, page: Page): Promise<Download> {
  const coming = page.waitForEvent('download');
  await shell.part('export-start').click();
  const file = await coming;
  await expect(shell.part('export-news')).toHaveText('The file is made.');
  return file;
}

/** Width and height that the panel tells, in px. */
async function foretold(shell: Shell): Promise<[number, number]> {
  const told = (await shell.part('export-size').innerText()).replaceAll(',', '');
  const [, width, height] = /(\d+) × (\d+)/.exec(told) ?? [];
  return [Number(width), Number(height)];
}

async function bytes(file: Download): Promise<Buffer> {
  return readFileSync(await file.path());
}

/** What the file draws and tells, unpacked, in its order: without fonts and pictures. */
function streams(pdf: string): string[] {
  const unpacked: string[] = [];
  for (const part of pdf.split(' obj\n').slice(1)) {
    const data = /^<< \/Length (\d+) \/Filter \/FlateDecode >>\nstream\n/.exec(part);
    if (!data) continue;
    const packed = Buffer.from(part.slice(data[0].length, data[0].length + Number(data[1])), 'latin1');
    unpacked.push(inflateSync(packed).toString('latin1'));
  }
  return unpacked;
}

/** Sides and RGB rows of a PNG as this project writes it: 8 bit, each row as the difference to the one above. */
function decoded(png: Buffer): { width: number; height: number; pixels: Buffer } {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') {
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
    }
  }
  const rows = inflateSync(Buffer.concat(parts));
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width * 3; x++) {
      const above = y ? (pixels[(y - 1) * width * 3 + x] ?? 0) : 0;
      pixels[y * width * 3 + x] = ((rows[y * (width * 3 + 1) + 1 + x] ?? 0) + above) & 255;
    }
  }
  return { width, height, pixels };
}

test.describe('as downloads', () => {
  test.beforeEach(async ({ page }) => withoutPicker(page));

  test('PNG, SVG and PDF of everything', async ({ shell, page, context }) => {
    await shell.open('#/family?doc=sample:honglou');
    await choose(shell, page, { format: 'PNG', percent: 150 });
    const png = await download(shell, page);
    expect(png.suggestedFilename()).toBe('honglou.png');
    const { width, height, pixels } = decoded(await bytes(png));
    expect(await foretold(shell)).toEqual([width, height]);
    const paper = pixels.subarray(0, 3);
    let inked = 0;
    for (let at = 0; at < pixels.length; at += 3) if (paper.compare(pixels, at, at + 3)) inked++;
    expect(inked / (width * height)).toBeGreaterThan(0.05);

    await choose(shell, page, { format: 'SVG' });
    const svg = (await bytes(await download(shell, page))).toString();
    for (const name of ['賈寶玉', '林黛玉', 'Wang Xifeng']) expect(svg).toContain(`>${name}</text>`);
    // A page without our policy, which lets nobody parse.
    const fresh = await context.newPage();
    const fault = await fresh.evaluate(
      (text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror')?.textContent,
      svg,
    );
    await fresh.close();
    expect(fault).toBeUndefined();

    await choose(shell, page, { format: 'PDF', paper: 'A4' });
    const pdf = (await bytes(await download(shell, page))).toString('latin1');
    const pages = Number.parseInt(await shell.part('export-size').innerText(), 10);
    expect(pdf.startsWith('%PDF-1.7') && pdf.endsWith('%%EOF\n')).toBe(true);
    expect(pages).toBeGreaterThan(2);
    expect(pdf.split('/Type /Page ').length - 1).toBe(pages);
    // What the letters stand for, as a reader of the file finds it.
    const texts = streams(pdf).join('');
    for (const letter of '寶黛鳳X') {
      const code = letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
      expect(texts, letter).toMatch(new RegExp(`<[0-9A-F]{2}> <${code}>`));
    }
    await page.keyboard.press('Escape');
    await expect(shell.part('export')).toBeHidden();
  });

  test('what is foretold has the legend below and the title above', async ({ shell, page }) => {
    await shell.open('#/family?doc=sample:honglou');
    await choose(shell, page, { format: 'PNG' });
    await download(shell, page);
    const [plainWidth, plainHeight] = await foretold(shell);
    // A page of the picture's size has the family's name and its figures at its top.
    await choose(shell, page, { format: 'PDF' });
    await shell.part('export-page').selectOption({ index: 0 });
    const pdf = (await bytes(await download(shell, page))).toString('latin1');
    const [, ...box] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf) ?? [];
    expect(box).toHaveLength(2);
    const [width, height] = await foretold(shell);
    expect(width).toBe(plainWidth);
    expect(height).toBeGreaterThan(plainHeight);
    const points = [width, height].map((px) => px * 0.75);
    box.forEach((side, at) => expect(Math.abs(Number(side) - (points[at] ?? 0))).toBeLessThan(1));

    await page.keyboard.press('Escape');
    await page.keyboard.press('q');
    await expect(shell.part('colouring')).toHaveValue('generation');
    await choose(shell, page, { format: 'PNG' });
    const coloured = decoded(await bytes(await download(shell, page)));
    expect(await foretold(shell)).toEqual([coloured.width, coloured.height]);
    expect(coloured.height).toBeGreaterThan(plainHeight);
  });

  test('printing takes sheets of paper, with a cover that says what is on them', async ({ shell, page }) => {
    await shell.open('#/family?doc=sample:honglou');
    await page.keyboard.press('Control+p');
    await expect(shell.part('export-format')).toHaveValue('2');
    await expect(shell.part('export-page')).toHaveValue('1');
    const pdf = (await bytes(await download(shell, page))).toString('latin1');
    const pages = Number.parseInt(await shell.part('export-size').innerText(), 10);
    expect(pdf.split('/Type /Page ').length - 1).toBe(pages);
    // The cover has no card with its round corners.
    const [cover, sheet] = streams(pdf);
    expect(cover).not.toMatch(/ c$/m);
    expect(sheet).toMatch(/ c$/m);
    // What was wanted is remembered.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+e');
    await expect(shell.part('export-page')).toHaveValue('1');
  });

  test('the pictures of persons are in every file, each once', async ({ shell, page, context }) => {
    await shell.open();
    await shell.openText('ahorn.gdz', ARCHIVE);
    await shell.until('four persons are there', ({ nodes }) => nodes === 4);
    await choose(shell, page, { format: 'PNG', percent: 100 });
    const { pixels } = decoded(await bytes(await download(shell, page)));
    const count = ([red, green, blue]: Colour) => {
      let found = 0;
      for (let at = 0; at < pixels.length; at += 3) {
        const far = [red, green, blue].some((value, part) => Math.abs((pixels[at + part] ?? 0) - value) > 5);
        found += far ? 0 : 1;
      }
      return found;
    };
    // Squares of 46 px, their corners rounded.
    for (const colour of [GREEN, VIOLET]) {
      expect(count(colour)).toBeGreaterThan(0.9 * 46 * 46);
      expect(count(colour)).toBeLessThan(46 * 46);
    }

    await choose(shell, page, { format: 'SVG' });
    const svg = (await bytes(await download(shell, page))).toString();
    expect(svg.match(/<image /g)).toHaveLength(2);
    expect(svg.match(/<use /g)).toHaveLength(2);
    const fresh = await context.newPage();
    const colours = await fresh.evaluate(async (svg) => {
      const image = new Image();
      image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
      await image.decode();
      const pen = new OffscreenCanvas(image.width, image.height).getContext('2d');
      pen?.drawImage(image, 0, 0);
      const { data } = pen?.getImageData(0, 0, image.width, image.height) ?? { data: [] };
      const seen: Record<string, number> = {};
      for (let at = 0; at < data.length; at += 4) {
        const colour = `${data[at]},${data[at + 1]},${data[at + 2]}`;
        seen[colour] = (seen[colour] ?? 0) + 1;
      }
      return seen;
    }, svg);
    await fresh.close();
    for (const colour of [GREEN, VIOLET]) expect(colours[colour.join()]).toBeGreaterThan(0.9 * 46 * 46);

    await choose(shell, page, { format: 'PDF' });
    const pdf = (await bytes(await download(shell, page))).toString('latin1');
    for (const side of [96, 16]) expect(pdf.split(`/Image /Width ${side} /Height ${side} `)).toHaveLength(2);
  });

  test('a large one can be stopped, and the page answers meanwhile', async ({ shell, page }) => {
    await shell.open('#/family?doc=sample:darwin-wedgwood');
    await choose(shell, page, { format: 'PNG', percent: 1600 });
    await shell.part('export-start').click();
    await expect(shell.part('export-cancel')).toBeVisible();
    const { camera } = await shell.stats();
    await page.keyboard.press('Shift+ArrowRight');
    await shell.until('the picture moves', (stats) => stats.camera.x !== camera.x);
    await shell.settled();
    await expect(shell.part('export-cancel')).toBeVisible();
    await shell.part('export-cancel').click();
    await expect(shell.part('export-start')).toBeVisible();
    await expect(shell.part('export-news')).toHaveText('');
    // What comes after is whole.
    await choose(shell, page, { format: 'SVG' });
    const svg = (await bytes(await download(shell, page))).toString();
    expect(svg.endsWith('</svg>\n')).toBe(true);
  });

  for (const zoom of [0, 3]) {
    test(`an SVG of the screen is the picture on the canvas, ${zoom} steps out`, async ({ shell, page, context }) => {
      await shell.open('#/family?doc=sample:honglou');
      for (let step = 0; step < zoom; step++) await page.keyboard.press('-');
      await shell.settled();
      await choose(shell, page, { format: 'SVG', screen: true });
      const svg = (await bytes(await download(shell, page))).toString();
      const url = await page.evaluate(() => {
        const canvas = document.createElement('canvas');
        const picture = window.mainPicture();
        Object.assign(canvas, { width: picture.width, height: picture.height });
        canvas.getContext('2d')?.putImageData(picture, 0, 0);
        return canvas.toDataURL();
      });
      const fresh = await context.newPage();
      const mean = await fresh.evaluate(
        async ({ svg, url }) => {
          const load = async (source: string) => {
            const image = new Image();
            image.src = source;
            await image.decode();
            const sheet = new OffscreenCanvas(image.width, image.height);
            const pen = sheet.getContext('2d') as OffscreenCanvasRenderingContext2d;
            pen.drawImage(image, 0, 0);
            return pen.getImageData(0, 0, sheet.width, sheet.height);
          };
          const drawn = await load(URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' })));
          const shown = await load(url);
          if (drawn.width !== shown.width || drawn.height !== shown.height) return Number.POSITIVE_INFINITY;
          let sum = 0;
          for (let at = 0; at < shown.data.length; at++) {
            sum += Math.abs((shown.data[at] ?? 0) - (drawn.data[at] ?? 0));
          }
          return sum / shown.data.length;
        },
        { svg, url },
      );
      await fresh.close();
      // A card left out or moved by its height would make it ten times as much.
      expect(mean).toBeLessThan(0.5);
    });
  }
});

test('into the file that was chosen', async ({ shell, page }) => {
  // A file of the page's own keeping takes the place of the browser's question.
  await page.addInitScript(() => {
    const choose = async (options: { suggestedName: string }) =>
      (await navigator.storage.getDirectory()).getFileHandle(options.suggestedName, { create: true });
    Object.assign(window, { showSaveFilePicker: choose });
  });
  await shell.open('#/family?doc=sample:honglou');
  await choose(shell, page, { format: 'PNG', percent: 200 });
  await shell.part('export-start').click();
  await expect(shell.part('export-news')).toHaveText('The file is made.');
  const file = await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle('honglou.png')).getFile();
    return Array.from(new Uint8Array(await file.arrayBuffer()));
  });
  const { width } = decoded(Buffer.from(file));
  expect(width).toBeGreaterThan(4000);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('the panel fits', async ({ shell, page }) => {
    await shell.open('#/family?doc=sample:honglou');
    await choose(shell, page, { format: 'PDF' });
    // When the panel has come up from below.
    await expect(async () => {
      for (const part of ['export', 'export-page', 'export-start']) {
        const box = await shell.part(part).boundingBox();
        expect(box && box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844, part).toBe(true);
      }
    }).toPass({ timeout: 5000 });
  });
});
