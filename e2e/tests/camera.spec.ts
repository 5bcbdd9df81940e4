// Looking around: wheel, drag, keys, double click, minimap.
import { expect, test } from '../fixtures/banyan';

test.beforeEach(async ({ shell }) => {
  await shell.open('#/family?doc=sample:darwin-wedgwood');
});

test('the first picture has ink on it', async ({ shell }) => {
  expect(await shell.inked()).toBeGreaterThan(0.01);
  expect((await shell.stats()).visible).toBeGreaterThan(0);
});

test('a drag moves the picture by as many pixels', async ({ shell }) => {
  const before = await shell.stats();
  await shell.drag(-160, 90);
  const after = await shell.settled();
  const scale = before.camera.scale;
  expect((after.camera.x - before.camera.x) * scale).toBeCloseTo(160, -1);
  expect((after.camera.y - before.camera.y) * scale).toBeCloseTo(-90, -1);
  expect(after.camera.scale).toBe(scale);
});

test('the wheel zooms at the pointer', async ({ shell, page }) => {
  const before = await shell.stats();
  const { x, y } = await shell.middle();
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -300);
  await shell.until('it zooms in', ({ camera }) => camera.scale > before.camera.scale * 1.1);
  const closer = await shell.settled();
  const slack = 8 / before.camera.scale;
  expect(Math.abs(closer.camera.x - before.camera.x)).toBeLessThan(slack);
  await page.mouse.wheel(0, 600);
  await shell.until('it zooms out', ({ camera }) => camera.scale < closer.camera.scale / 1.1);
});

test('a double click zooms in, with Shift out', async ({ shell, page }) => {
  const before = await shell.stats();
  const { x, y } = await shell.middle();
  await page.mouse.dblclick(x, y);
  await shell.until('it zooms in', ({ camera }) => camera.scale > before.camera.scale * 1.2);
  const closer = await shell.settled();
  await page.keyboard.down('Shift');
  await page.mouse.dblclick(x, y);
  await page.keyboard.up('Shift');
  await shell.until('it zooms out', ({ camera }) => camera.scale < closer.camera.scale / 1.2);
});

test('keys move, zoom and fit', async ({ shell, page }) => {
  await page.keyboard.press('Escape');
  const before = await shell.stats();
  await page.keyboard.press('+');
  await shell.until('+ zooms in', ({ camera }) => camera.scale > before.camera.scale);
  await page.keyboard.press('-');
  await shell.until('- zooms out', ({ camera }) => camera.scale <= before.camera.scale * 1.01);
  const rest = await shell.settled();
  await page.keyboard.press('ArrowRight');
  await shell.until('the arrow moves', ({ camera, selected }) => camera.x !== rest.camera.x || selected !== null);
  await page.keyboard.press('f');
  const fitted = await shell.until('f shows everything', ({ visible, nodes }) => visible === nodes);
  expect(fitted.camera.scale).toBeLessThanOrEqual(1);
});

test('a drag of the minimap moves the camera and repaints no thumbnail', async ({ shell, page }) => {
  await page.keyboard.press('f');
  await shell.settled();
  for (let press = 0; press < 6; press += 1) await page.keyboard.press('+');
  const before = await shell.settled();
  const box = await shell.part('minimap').boundingBox();
  if (!box) throw new Error('there is no minimap');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2, { steps: 6 });
  await page.mouse.up();
  await shell.until('the camera follows', ({ camera }) => camera.x > before.camera.x);
  const after = await shell.settled();
  expect(after.camera.scale).toBe(before.camera.scale);
  expect(after.thumbnail_repaints).toBe(before.thumbnail_repaints);
});

test('the minimap is two canvases, one above the other', async ({ shell }) => {
  const [below, above] = await Promise.all([
    shell.part('minimap').boundingBox(),
    shell.part('minimap-view').boundingBox(),
  ]);
  expect(above?.x).toBeCloseTo(below?.x ?? Number.NaN, 0);
  expect(above?.width).toBeCloseTo(below?.width ?? Number.NaN, 0);
});

test('a resized window keeps the middle in the middle', async ({ shell, page }) => {
  const before = await shell.stats();
  await page.setViewportSize({ width: 900, height: 600 });
  const after = await shell.settled();
  expect(Math.abs(after.camera.x - before.camera.x) * before.camera.scale).toBeLessThan(4);
  expect(await shell.inked()).toBeGreaterThan(0.01);
});

test('panning costs the main thread little, and few canvas calls', async ({ shell, page }) => {
  const { x, y } = await shell.middle();
  await shell.forgetFrames();
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 0; step < 40; step += 1) await page.mouse.move(x + 4 * (step % 10), y + step);
  await page.mouse.up();
  const { canvas_calls, frame_millis } = await shell.settled();
  expect(canvas_calls).toBeLessThanOrEqual(40);
  expect(frame_millis.p95).toBeGreaterThan(0);
});

test('the address waits until the picture has come to rest', async ({ shell, page }) => {
  const { camera } = await shell.settled();
  const before = page.url();
  const written = await page.evaluate(async ({ x, y, scale }) => {
    let written = 0;
    const write = history.replaceState.bind(history);
    history.replaceState = (...entry) => {
      written += 1;
      write(...entry);
    };
    const began = performance.now();
    for (let step = 1; performance.now() - began < 1_500; step += 1) {
      window.banyan?.look(x + step, y, scale);
      await new Promise(requestAnimationFrame);
    }
    return written;
  }, camera);
  // Six times a second would be nine; a page that stalls may take a stall for rest.
  expect(written).toBeLessThan(4);
  await expect.poll(() => page.url()).not.toBe(before);
});

for (const deviceScaleFactor of [1, 1.25, 2]) {
  test.describe(`at ${deviceScaleFactor} px a CSS px`, () => {
    test.use({ deviceScaleFactor });

    test('a picture that was moved is the one that would be drawn', async ({ shell, page }) => {
      await page.keyboard.press('Escape');
      for (let press = 0; press < 4; press += 1) await page.keyboard.press('+');
      let { camera, frames_moved } = await shell.settled();
      let moved = 0;
      // As far as the margins go, beyond them, and back.
      for (const [dx, dy] of [[24, 8], [16, -40], [70, 4], [20, 20], [-24, 0], [-4, -4], [-90, 60]] as const) {
        const { x, scale } = camera;
        await shell.look(x + dx / scale, camera.y + dy / scale, scale);
        await shell.until('it looks there', (stats) => Math.abs((stats.camera.x - x) * scale - dx) < 1);
        const stats = await shell.settled();
        moved += Number(stats.frames_moved > frames_moved);
        ({ camera } = stats);
        const picture = await page.screenshot();
        await shell.part('main-canvas').dispatchEvent('contextrestored');
        await shell.until('the tiles are painted anew', (now) => now.tiles_painted > stats.tiles_painted);
        ({ frames_moved } = await shell.settled());
        expect(picture.equals(await page.screenshot()), `moved by ${dx}, ${dy} px`).toBe(true);
      }
      // Where a picture is drawn before its margins are there, the next one is drawn too.
      expect(moved).toBeGreaterThan(0);
    });
  });
}

test('two fingers zoom where they are', async ({ shell, page }) => {
  const { x, y } = await shell.middle();
  const before = await shell.stats();
  const session = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', spread?: number) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints:
        spread === undefined
          ? []
          : [
              { x: x - spread, y, id: 0 },
              { x: x + spread, y, id: 1 },
            ],
    });
  await touch('touchStart', 60);
  for (let spread = 70; spread <= 150; spread += 10) await touch('touchMove', spread);
  await touch('touchEnd');
  const after = await shell.until(
    'the picture is larger, and rests',
    ({ camera, is_moving }) => camera.scale > before.camera.scale * 1.8 && !is_moving,
  );
  // What was in the middle of the fingers still is.
  expect(Math.abs(after.camera.x - before.camera.x) * after.camera.scale).toBeLessThan(24);
});

test('a canvas whose memory was taken away is drawn again when it comes back', async ({ shell }) => {
  await shell.settled();
  const before = await shell.inked();
  expect(before).toBeGreaterThan(0.01);
  const { tiles_painted } = await shell.stats();
  await shell.part('main-canvas').evaluate((canvas: HTMLCanvasElement) => {
    canvas.getContext('2d')?.reset();
    canvas.dispatchEvent(new Event('contextrestored'));
  });
  await shell.until('the tiles are painted anew', (stats) => stats.tiles_painted > tiles_painted);
  await shell.settled();
  expect(await shell.inked()).toBeCloseTo(before, 2);
});

test('a hidden page is not painted, and one that comes back is', async ({ shell, page }) => {
  const show = (state: 'hidden' | 'visible') =>
    page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      Object.defineProperty(document, 'hidden', { value: state === 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, state);
  const { tiles_painted } = await shell.settled();
  await show('hidden');
  await page.keyboard.press('+');
  await shell.until('tiles are wanted', (stats) => stats.wanted > 0);
  await page.waitForTimeout(300);
  expect((await shell.stats()).tiles_painted).toBe(tiles_painted);
  await show('visible');
  const after = await shell.settled();
  expect(after.tiles_painted).toBeGreaterThan(tiles_painted);
});
