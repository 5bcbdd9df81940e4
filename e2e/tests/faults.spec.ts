// What goes wrong at the servers is said in the page, and healed when they heal.
import { expect, test } from '../fixtures/banyan';
import { Bridge, RedisServer, freePort } from '../fixtures/processes';
import { Shell } from '../fixtures/shell';

test.use({ expectedFaults: [/WebSocket/i, /ERR_CONNECTION_REFUSED/i] });

test('a server that dies is stale, and live again when it is back', async ({ page }) => {
  const redis = await RedisServer.start();
  const bridge = await Bridge.start(['--listen', '127.0.0.1:0', redis.url]);
  try {
    const shell = new Shell(page, bridge.url);
    await shell.open('#/connections');
    await shell.status(/live/);
    const before = await shell.stats();
    await redis.kill();
    await shell.status(/down|stale/);
    await expect(shell.part('status')).toContainText(/stale since \d/);
    await expect(shell.part('status')).toHaveAttribute('title', new RegExp(`${redis.port}`));
    expect((await shell.stats()).nodes, 'old data stays').toBe(before.nodes);
    await redis.restart();
    await shell.status(/live/, 20_000);
  } finally {
    await bridge.stop();
    await redis.remove();
  }
});

test('a server that is not there is named, with the reason', async ({ page }) => {
  const port = await freePort();
  const bridge = await Bridge.start(['--listen', '127.0.0.1:0', `redis://127.0.0.1:${port}`]);
  try {
    const shell = new Shell(page, bridge.url);
    await page.goto(`${bridge.url}#/connections`);
    await shell.status(/down/);
    await expect(shell.part('empty')).toContainText(`${port}`);
    await expect(shell.part('empty')).toContainText('Nobody listens there');
  } finally {
    await bridge.stop();
  }
});

test('a wrong password is named as such, and never shown', async ({ page }) => {
  const redis = await RedisServer.start(['--requirepass', 'the-right-one']).catch(() => undefined);
  test.skip(redis === undefined, 'redis-server did not start');
  if (!redis) return;
  const wrong = redis.url.replace('redis://', 'redis://:not-the-right-one@');
  const bridge = await Bridge.start(['--listen', '127.0.0.1:0', wrong]);
  try {
    await page.goto(`${bridge.url}#/connections`);
    await expect(page.locator('body')).toContainText(/password/i);
    await expect(page.locator('body')).not.toContainText('not-the-right-one');
    expect(bridge.messages).not.toContain('not-the-right-one');
  } finally {
    await bridge.stop();
    await redis.remove();
  }
});

test('a bridge that goes away is said to be away', async ({ page, redis }) => {
  const bridge = await Bridge.start(['--listen', '127.0.0.1:0', redis.url]);
  const shell = new Shell(page, bridge.url);
  await shell.open('#/connections');
  await shell.status(/live/);
  const port = new URL(bridge.url).port;
  await bridge.stop();
  await shell.status(/reconnecting/);
  const again = await Bridge.start(['--listen', `127.0.0.1:${port}`, redis.url]);
  await shell.status(/live/, 30_000);
  await again.stop();
});
