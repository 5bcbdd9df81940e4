// Files that are no genealogies: an error with its reason, and the family that was open stays.
import { Buffer } from 'node:buffer';
import { SMALL_FAMILY, expect, test } from '../fixtures/banyan';

const FILES: [what: string, name: string, bytes: string | Buffer][] = [
  ['an empty file', 'empty.ged', ''],
  ['a picture', 'photo.ged', Buffer.from('89504e470d0a1a0a0000000d49484452000000010000', 'hex')],
  ['prose', 'letter.ged', 'Dear all,\n\nthis is a letter and no genealogy.\n'],
  ['random bytes', 'noise.ged', Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 7919) % 256))],
];

for (const [what, name, bytes] of FILES) {
  test(`${what} is refused with a reason`, async ({ shell }) => {
    await shell.open('#/family?doc=sample:darwin-wedgwood');
    const before = await shell.stats();
    await shell.openText(name, bytes);
    await expect(shell.part('error')).toContainText(name);
    const after = await shell.settled();
    expect(after.nodes).toBe(before.nodes);
    expect(after.camera).toEqual(before.camera);
  });
}

test('why a file is refused is told in the language of the page', async ({ shell, page }) => {
  await shell.open('#/family?doc=sample:darwin-wedgwood');
  await shell.openText('page.ged', '<!doctype html>\n<title>Ahorn</title>\n');
  await expect(shell.part('error')).toContainText('It looks like a web page (HTML): “<!doctype html>”');
  await page.keyboard.press('Shift+L');
  await expect(shell.part('error')).toContainText('看起来是网页（HTML）：“<!doctype html>”');
});

test('what is odd in a file is told in the language of the page', async ({ shell, page }) => {
  await shell.open();
  await shell.openText('odd.ged', SMALL_FAMILY.replace('1 CHIL @I4@', '1 CHIL @I9@'));
  await shell.until('the family opens', ({ nodes }) => nodes === 4);
  await page.keyboard.press('d');
  await expect(shell.part('diagnostics')).toContainText('no record has the identifier @I9@');
  await page.keyboard.press('Shift+L');
  await expect(shell.part('diagnostics')).toContainText('没有标识符为 @I9@ 的记录');
  await expect(shell.part('diagnostics')).not.toContainText('identifier');
});

const HALF = SMALL_FAMILY.slice(0, SMALL_FAMILY.indexOf('0 @I4@') + 12);
const LONG = SMALL_FAMILY.replace('0 TRLR', `0 @N1@ NOTE ${'x'.repeat(1_000_000)}\n0 TRLR`);

const DAMAGED: [what: string, name: string, bytes: string, persons: number[]][] = [
  ['a truncated file', 'half.ged', HALF, [3, 4]],
  ['a line of a million characters', 'long.ged', LONG, [4]],
];

for (const [what, name, bytes, persons] of DAMAGED) {
  test(`${what} is told with its line, and opens only when asked to`, async ({ shell }) => {
    await shell.open('#/family?doc=sample:darwin-wedgwood');
    const before = await shell.stats();
    await shell.openText(name, bytes);
    await expect(shell.part('error')).toContainText(name);
    await expect(shell.part('error')).toContainText(/line \d+/);
    expect((await shell.settled()).nodes).toBe(before.nodes);
    await shell.part('open-anyway').click();
    await shell.until('what can be read is there', ({ nodes }) => persons.includes(nodes));
    await expect(shell.part('error')).toHaveCount(0);
  });
}

test('names with markup in them stay text', async ({ shell, page }) => {
  await shell.open();
  const hostile = SMALL_FAMILY.replace('Adam', '<img src=x onerror=alert(1)>Adam');
  page.on('dialog', () => {
    throw new Error('a name was run as a script');
  });
  await shell.openText('hostile.ged', hostile);
  await shell.until('the family opens', ({ nodes }) => nodes === 4);
  await shell.flyTo('Adam');
  await expect(shell.part('details')).toContainText('<img src=x');
  await expect(shell.part('details').locator('img')).toHaveCount(0);
});
