// Servers that belong together, and who waits for which key.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '../fixtures/banyan';
import { Bridge, RedisServer } from '../fixtures/processes';
import { Redis } from '../fixtures/resp';
import { Shell } from '../fixtures/shell';

const watching = (url: string) => Bridge.start(['--demo', 'never', '--listen', '127.0.0.1:0', url]);

test('a replica hangs by its master, and its line says how it is fed', async ({ page }) => {
  const master = await RedisServer.start(['--repl-diskless-sync-delay', '0']);
  const replica = await RedisServer.start(['--replicaof', '127.0.0.1', `${master.port}`]);
  const bridge = await watching(master.url);
  const shell = new Shell(page, bridge.url);
  await shell.open('#/connections');
  await shell.status(/live/);
  const found = await shell.flyTo(`127.0.0.1:${replica.port}`);
  expect(found.selected).toBe(`peer:127.0.0.1:${replica.port}`);
  const details = shell.part('details');
  await expect(details).toContainText('in step', { timeout: 15_000 });
  await expect(details).toContainText('Lag');
  await page.keyboard.press('Shift+L');
  await expect(details).toContainText('同步正常');
  await page.keyboard.press('Shift+L');

  // From there the way leads to the master, and from it back.
  await details.getByRole('button', { name: /master · 127\.0\.0\.1/ }).first().click();
  await shell.until('the master', ({ selected }) => selected === `peer:127.0.0.1:${master.port}`);
  await details.getByRole('button', { name: `replica · 127.0.0.1:${replica.port}` }).first().click();
  await shell.until('the replica', ({ selected }) => selected === found.selected);
  await replica.kill();
  await expect(details).toContainText('A server does not answer', { timeout: 15_000 });
  expect(await shell.strays()).toBe(0);
  await bridge.stop();
  await replica.remove();
  await master.remove();
});

test('who waits for a key hangs under it, with the place in the queue', async ({ page }) => {
  const redis = await RedisServer.start();
  const bridge = await watching(redis.url);
  const shell = new Shell(page, bridge.url);
  let isOver = false;
  const works = async (name: string) => {
    const client = await Redis.connect(redis.port, name);
    while (!isOver) await client.send('BRPOP', 'jobs:mail', 1).catch(() => null);
    client.close();
  };
  const first = works('first-worker');
  await sleep(300);
  const second = works('second-worker');
  await shell.open('#/connections?sel=server');
  await shell.status(/live/);
  await page.keyboard.press('e');
  await page.keyboard.press('e');
  const details = shell.part('details');
  await expect(details).toContainText('jobs:mail', { timeout: 15_000 });
  await page.keyboard.press('q');
  await shell.search('worker');
  await expect(page.getByText(/1\. (first|second)-worker/).first()).toBeVisible();
  await expect(page.getByText(/2\. (first|second)-worker/).first()).toBeVisible();
  isOver = true;
  await Promise.all([first, second]);
  await bridge.stop();
  await redis.remove();
});
