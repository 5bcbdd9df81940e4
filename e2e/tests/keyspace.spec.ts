// The keys of a real Redis as a tree of prefixes.
import { expect, test } from '../fixtures/banyan';

test('all keys are counted below their prefixes', async ({ shell }) => {
  await shell.open('#/keyspace');
  await shell.until('the prefixes are drawn', ({ nodes }) => nodes >= 6);
  await shell.flyTo('session');
  await expect(shell.part('details')).toContainText('300');
  await shell.flyTo('queue');
  await expect(shell.part('details')).toContainText('40');
});

test('it says how complete it is', async ({ shell }) => {
  await shell.open('#/keyspace');
  await expect(shell.part('figures')).toContainText('500 keys');
});

for (const [place, viewport] of [
  ['a desk', { width: 1280, height: 800 }],
  ['a phone', { width: 390, height: 844 }],
] as const) {
  test.describe(`on ${place}`, () => {
    test.use({ viewport });

    test('the root stands clear of all that lies over the canvas', async ({ shell, page }) => {
      await shell.open('#/keyspace');
      const { camera } = await shell.until('the prefixes are drawn', ({ nodes }) => nodes >= 6);
      const middle = await shell.middle();
      const [left, top] = [middle.x - camera.x * camera.scale, middle.y - camera.y * camera.scale];
      const panels = page.locator('.top-left .panel:visible');
      expect(await panels.count()).toBeGreaterThan(1);
      for (const panel of await panels.all()) {
        const box = await panel.boundingBox();
        if (!box) throw new Error('a panel went away');
        expect(left >= box.x + box.width || top >= box.y + box.height).toBe(true);
      }
    });
  });
}
