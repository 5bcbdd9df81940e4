// What is wrong with a cache, and what only its kernel or its commands tell.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '../fixtures/banyan';
import { Bridge, RedisServer, freePort } from '../fixtures/processes';
import { Redis } from '../fixtures/resp';
import { Shell } from '../fixtures/shell';

const watching = (url: string) => Bridge.start(['--demo', 'never', '--listen', '127.0.0.1:0', url]);

test('what is wrong is listed in English and in Chinese, leads there, and can be copied', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const redis = await RedisServer.start(['--maxclients', '11']);
  const bridge = await watching(redis.url);
  const shell = new Shell(page, bridge.url);
  await shell.open('#/connections');
  await shell.status(/live/);
  // Nothing is wrong, and what that means is said.
  await page.keyboard.press('d');
  const findings = shell.part('findings');
  await expect(findings).toContainText('Nothing is wrong, as far as was looked.');
  await expect(findings).toContainText(/\d+ rules were judged/);

  const clients = await Promise.all(Array.from({ length: 9 }, () => Redis.connect(redis.port)));
  await expect(findings).toContainText('Nearly as many clients as may be');
  await expect(findings).toContainText('CONFIG SET maxclients');
  await expect(shell.part('show-diagnostics')).toContainText(/Warning 1|Critical 1/);
  await findings.getByRole('button', { name: 'the server' }).click();
  await expect(shell.part('details')).toContainText('Nearly as many clients as may be');
  await page.keyboard.press('Shift+C');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^### (Warning|Critical): Nearly as many clients as may be — `the server`/);

  await page.keyboard.press('Shift+L');
  await expect(findings).toContainText('连接数接近上限');
  await expect(findings).toContainText('处理办法');
  await expect(shell.part('details')).toContainText('连接数接近上限');

  for (const client of clients) client.close();
  await expect(findings).toContainText('在已查看的范围内，一切正常。');
  await bridge.stop();
  await redis.remove();
});

test('a finding about a key leads to the key', async ({ page }) => {
  const redis = await RedisServer.start();
  const client = await Redis.connect(redis.port);
  await client.send('SETRANGE', 'archive:2024:all', 12_000_000, 'x');
  const bridge = await watching(redis.url);
  const shell = new Shell(page, bridge.url);
  await shell.open('#/keyspace');
  await page.keyboard.press('d');
  const findings = shell.part('findings');
  await expect(findings).toContainText('A very big key');
  await shell.view('connections');
  await expect(findings).toContainText('A very big key');
  await findings.getByRole('button', { name: 'key archive:2024:all' }).click();
  await shell.until('the key is shown', ({ view, selected }) => view === 'keyspace' && selected !== null);
  await expect(shell.part('details')).toContainText('archive:2024:all');
  client.close();
  await bridge.stop();
  await redis.remove();
});

test('the threads of a memcached stand with their connections', async ({ page }) => {
  const port = await freePort();
  const user = process.getuid?.() === 0 ? ['-u', 'root'] : [];
  const memcached = spawn('memcached', ['-l', '127.0.0.1', '-p', `${port}`, '-t', '4', ...user]);
  const failed = await Promise.race([once(memcached, 'error').then(() => true), sleep(500, false)]);
  test.skip(failed, 'memcached is not installed');
  const sockets = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write('version\r\n');
      return socket;
    }),
  );
  const bridge = await watching(`memcached://127.0.0.1:${port}`);
  const shell = new Shell(page, bridge.url);
  await shell.open('#/connections?sel=server');
  await shell.status(/live/);
  const details = shell.part('details');
  await expect(details).toContainText('memcached');
  await sleep(1_500);
  const text = await details.innerText();
  test.skip(!/mc-worker/.test(text), `the kernel may not be asked: ${text}`);
  expect(text.match(/worker · mc-worker \d+/g)).toHaveLength(4);
  expect(text).toMatch(/listener · /);
  // Grouped by them, each worker has its card with what it takes.
  await page.keyboard.press('9');
  await details.getByRole('button', { name: /worker · mc-worker/ }).first().click();
  await shell.until('a thread is selected', ({ selected }) => `${selected}`.startsWith('group:thread'));
  await expect(details).toContainText(/worker · mc-worker \d+/);
  await expect(details).toContainText('127.0.0.1');
  for (const socket of sockets) socket.destroy();
  await bridge.stop();
  await end(memcached);
});

test('who waits for a queue is told in their order', async ({ page }) => {
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
  // The first press says what it costs, the second does it.
  await page.keyboard.press('e');
  await expect(shell.part('toast')).toContainText('Press again');
  await page.keyboard.press('e');
  const details = shell.part('details');
  await expect(details).toContainText('Queues: who waits, in order', { timeout: 15_000 });
  await expect(details).toContainText('jobs:mail');
  // Who asks again after the window was not seen to: then the key is a hint.
  await expect(details).toContainText(/1\. (≈ )?(first|second)-worker/);
  await expect(details).toContainText(/2\. (≈ )?(first|second)-worker/);
  isOver = true;
  await Promise.all([first, second]);
  await bridge.stop();
  await redis.remove();
});

test('a client that is dead is told by a word, with its evidence', async ({ page }) => {
  test.setTimeout(90_000);
  const name = `banyan-e2e-${process.pid}`;
  const ip = (...args: string[]) => spawnSync('ip', args).status === 0;
  const inside = (...args: string[]) => ip('netns', 'exec', name, 'ip', ...args);
  const there = name.slice(-12);
  const isMade =
    ip('netns', 'add', name) &&
    ip('link', 'add', `v${there}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name) &&
    ip('addr', 'add', '10.213.77.1/24', 'dev', `v${there}`) &&
    ip('link', 'set', `v${there}`, 'up') &&
    inside('addr', 'add', '10.213.77.2/24', 'dev', 'eth0') &&
    inside('link', 'set', 'eth0', 'up');
  if (!isMade) ip('netns', 'del', name);
  test.skip(!isMade, 'no right to make a network of its own');
  // Probed after nine seconds, then every three: the kernel gives it up after the third.
  const settings = ['--bind', '127.0.0.1', '10.213.77.1', '--protected-mode', 'no', '--tcp-keepalive', '9'];
  const redis = await RedisServer.start(settings);
  const words = ['netns', 'exec', name, 'redis-cli', '-h', '10.213.77.1', '-p', `${redis.port}`];
  const worker = spawn('ip', [...words, 'BRPOP', 'jobs:mail', '0']);
  const bridge = await watching(redis.url);
  const shell = new Shell(page, bridge.url);
  await shell.open('#/connections');
  await shell.flyTo('10.213.77.2');
  await expect(shell.part('details')).toContainText('blocked');
  inside('link', 'set', 'eth0', 'down');
  await page.keyboard.press('d');
  await expect(shell.part('findings')).toContainText('A dead client waits for work', { timeout: 30_000 });
  await expect(shell.part('findings')).toContainText('CLIENT KILL ID');
  await expect(shell.part('show-diagnostics')).toContainText('Critical 1');
  await expect(shell.part('details')).toContainText('dead');
  await bridge.stop();
  await end(worker);
  await redis.remove();
  ip('netns', 'del', name);
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
