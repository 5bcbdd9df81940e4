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
