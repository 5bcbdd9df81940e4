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

test('what is selected keeps its details while others come and go', async ({ shell, redis }) => {
  const kept = await Redis.connect(redis.port, 'the-one-that-stays');
  await shell.open('#/connections');
  await shell.status(/live/);
  await shell.flyTo('the-one-that-stays');
  await expect(shell.part('details')).toContainText('the-one-that-stays');
  const { selected } = await shell.stats();
  for (let round = 0; round < 3; round += 1) {
    const passing = await Promise.all(
      Array.from({ length: 5 }, (_, index) => Redis.connect(redis.port, `passing-${round}-${index}`)),
    );
    await shell.part('details').page().waitForTimeout(700);
    for (const client of passing) client.close();
  }
  expect((await shell.stats()).selected).toBe(selected);
  await expect(shell.part('details')).toContainText('the-one-that-stays');
  kept.close();
});

test('other groups leave nothing of the ones before', async ({ shell, redis, page }) => {
  const clients = await Promise.all(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => Redis.connect(redis.port, `pool-${name}`)),
  );
  await shell.open('#/connections');
  await shell.status(/live/);
  await shell.until('all are drawn', ({ nodes }) => nodes > 12);
  await page.keyboard.press('f');
  await shell.settled();
  expect(await shell.strays()).toBe(0);
  const before = await shell.stats();
  // By address there is one group, which is smaller than the many were.
  await page.keyboard.press('6');
  const after = await shell.until('one group of one host', ({ nodes }) => nodes < before.nodes);
  const area = ({ bounds }: typeof after) => bounds.width * bounds.height;
  expect(area(after)).toBeLessThan(area(before));
  expect(await shell.strays()).toBe(0);
  for (const client of clients) client.close();
});
