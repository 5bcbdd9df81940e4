// Hundreds of clients of a real Redis that come and go while somebody looks.
import { expect, test } from '../fixtures/banyan';
import { Redis } from '../fixtures/resp';

const herd = (port: number, name: string, count: number): Promise<Redis[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => Redis.connect(port, `${name}-${index}`)));

test('who is selected holds still on the screen while hundreds come and go', async ({ shell, redis }) => {
  const stay = await herd(redis.port, 'stay', 150);
  await shell.open('#/connections');
  await shell.status(/live/);
  await shell.flyTo('stay-77');
  const { camera, selected } = await shell.stats();
  const place = () => shell.where(selected ?? '');
  const before = await place();
  expect(before).not.toBeNull();
  const { nodes } = await shell.stats();
  for (let round = 0; round < 4; round += 1) {
    const passing = await herd(redis.port, `passing-${round}`, 100);
    await shell.until('a hundred more are drawn', (stats) => stats.nodes >= nodes + 90, 10_000);
    for (const client of passing) client.close();
    await shell.until('they are gone', (stats) => stats.nodes < nodes + 50, 10_000);
    const after = await place();
    expect(Math.abs((after?.x ?? 0) - (before?.x ?? 0))).toBeLessThan(2);
    expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2);
    const stats = await shell.stats();
    expect(stats.selected).toBe(selected);
    expect(stats.camera.scale).toBe(camera.scale);
  }
  for (const client of stay) client.close();
});

test('one client that changes costs the tiles it stands on', async ({ shell, redis }) => {
  test.slow();
  const clients = await herd(redis.port, 'many', 250);
  await shell.open('#/connections');
  await shell.status(/live/);
  await shell.flyTo('many-120');
  const { tiles } = await shell.settled();
  expect(tiles).toBeGreaterThan(8);
  // Now and then all of them look idle for a step longer at once; in between there is one alone.
  let database = 1;
  await expect(async () => {
    const before = await shell.settled();
    database = (database % 9) + 1;
    await clients[120]?.send('SELECT', database);
    await shell.until('the change arrives', ({ revision }) => revision > before.revision, 5_000);
    await expect(shell.part('details')).toContainText(`db${database}`);
    const after = await shell.settled();
    const painted = after.tiles_painted - before.tiles_painted;
    expect(painted).toBeGreaterThan(0);
    expect(painted).toBeLessThan(before.tiles / 2);
  }).toPass({ timeout: 60_000, intervals: [500] });
  for (const client of clients) client.close();
});

test('cards that come and go are seen to, and leave nothing behind on the overlay', async ({ shell, redis, page }) => {
  const first = await herd(redis.port, 'grow', 8);
  await shell.open('#/connections');
  await shell.status(/live/);
  const { nodes } = await shell.settled();
  // The most pixels with ink that any frame had, and those of the last frame.
  await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-testid=overlay-canvas]');
    const seen = { most: 0, now: 0 };
    Object.assign(window, { seen });
    const look = () => {
      if (!canvas) return;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      seen.now = data.filter((byte, at) => at % 4 === 3 && byte !== 0).length;
      seen.most = Math.max(seen.most, seen.now);
      requestAnimationFrame(look);
    };
    look();
  });
  const seen = () =>
    page.evaluate(() => (window as unknown as { seen: { most: number; now: number } }).seen);
  const more = await herd(redis.port, 'grow-more', 12);
  await shell.until('they are drawn', (stats) => stats.nodes >= nodes + 12, 10_000);
  await expect.poll(async () => (await seen()).most).toBeGreaterThan(1_000);
  for (const client of more) client.close();
  await shell.until('they are gone', (stats) => stats.nodes < nodes + 12, 10_000);
  await expect.poll(async () => (await seen()).now).toBe(0);
  for (const client of first) client.close();
});
