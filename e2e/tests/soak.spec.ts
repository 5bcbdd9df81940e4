// A long look around in something large that changes: memory must stay where it is.
//
// Half a minute with the other tests; BANYAN_SOAK_MINUTES=10 for the whole of it.
import { expect, test } from '../fixtures/banyan';

const MINUTES = Number(process.env.BANYAN_SOAK_MINUTES ?? 0.5);

test('random moves over 100,000 nodes keep memory steady', async ({ shell, page }) => {
  test.setTimeout(MINUTES * 60_000 + 240_000);
  await open(shell, 'tree:100000:7');
  await wander(shell, page, MINUTES / 2);
});

test('random moves over 10,000 connections that change keep memory steady', async ({ shell, page }) => {
  test.setTimeout(MINUTES * 60_000 + 240_000);
  await open(shell, 'connections:10000:7');
  await wander(shell, page, MINUTES / 2);
});

/** What lives never settles: it is enough that it is there. */
async function open(shell: import('../fixtures/shell').Shell, doc: string): Promise<void> {
  await shell.page.goto(`${shell.address}#/lab?doc=${doc}`);
  await shell.until('it is there', ({ tiles }) => tiles > 0);
}

/** Moves the camera about, and compares memory of the second half with that of the first. */
async function wander(
  shell: import('../fixtures/shell').Shell,
  page: import('@playwright/test').Page,
  minutes: number,
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = (await session.send('Runtime.getHeapUsage')) as { usedSize: number };
    return usedSize;
  };
  let state = 1;
  // mulberry32: the same way each time.
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const marks: { heap: number; worker: number }[] = [];
  const mark = async () => {
    const { worker_memory_bytes, tile_bytes, sprite_bytes } = await shell.stats();
    expect(tile_bytes).toBeLessThanOrEqual(64 * 2 ** 20);
    expect(sprite_bytes).toBeLessThanOrEqual(24 * 2 ** 20);
    marks.push({ heap: await heap(), worker: worker_memory_bytes });
  };
  const ends = Date.now() + minutes * 60_000;
  while (Date.now() < ends || marks.length < 4) {
    for (let move = 0; move < 12; move += 1) {
      const [dx, dy] = [random() * 800 - 400, random() * 500 - 250];
      const key = ['+', '-', 'f', 'Home', '+', '-', '+'][Math.floor(random() * 7)] ?? 'f';
      await page.keyboard.press(key);
      await shell.drag(dx, dy);
    }
    await mark();
  }
  const half = Math.ceil(marks.length / 2);
  const most = (from: typeof marks, of: 'heap' | 'worker') => Math.max(...from.map((mark) => mark[of]));
  const [before, after] = [marks.slice(0, half), marks.slice(half)];
  expect(most(after, 'heap')).toBeLessThan(most(before, 'heap') * 1.25 + 2 ** 21);
  expect(most(after, 'worker')).toBeLessThan(most(before, 'worker') * 1.25 + 2 ** 22);
}
