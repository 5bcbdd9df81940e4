// The clients of a real Redis, live.
import { expect, test } from '../fixtures/banyan';
import { Redis } from '../fixtures/resp';

test('a client appears within a second or so, says what it does, and goes', async ({ shell, redis, page }) => {
  await shell.open('#/connections');
  await shell.status(/live/);
  const before = await shell.stats();

  const client = await Redis.connect(redis.port, 'worker-of-this-test');
  client.begin('BRPOP', 'queue:nobody-fills', 0);
  const joined = await shell.until('the client is drawn', ({ nodes }) => nodes > before.nodes, 3_000);
  await shell.flyTo('worker-of-this-test');
  await expect(shell.part('details')).toContainText(/blocked/i);
  await expect(shell.part('details')).toContainText(/brpop/i);

  client.close();
  await page.keyboard.press('Escape');
  await shell.until('the client is gone', ({ nodes }) => nodes < joined.nodes, 10_000);
});

test('the picture holds still while clients come and go', async ({ shell, redis }) => {
  await shell.open('#/connections');
  await shell.status(/live/);
  const { camera, nodes } = await shell.stats();
  const clients = await Promise.all(
    Array.from({ length: 8 }, (_, index) => Redis.connect(redis.port, `herd-${index}`)),
  );
  await shell.until('eight more are drawn', (stats) => stats.nodes >= nodes + 8, 5_000);
  expect((await shell.stats()).camera).toEqual(camera);
  for (const client of clients) client.close();
});

test('the data goes on flowing', async ({ shell }) => {
  await shell.open('#/connections');
  await shell.status(/live/);
  const before = await shell.stats();
  await shell.until('bytes arrive', ({ bytes_received }) => bytes_received > before.bytes_received);
});
