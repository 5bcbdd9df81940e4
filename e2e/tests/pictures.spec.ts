// Pictures for people to look at, in e2e/artefacts/: each view in both languages and both themes.
// With BANYAN_SCREENSHOT=1 the one of the README is taken anew.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, gedcom, test } from '../fixtures/banyan';
import { Redis } from '../fixtures/resp';

const FOLDER = join(import.meta.dirname, '../artefacts');

for (const [locale, language] of [
  ['en-GB', 'en'],
  ['zh-CN', 'zh-CN'],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${language}, ${colorScheme}`, () => {
      test.use({ locale, colorScheme, viewport: { width: 1600, height: 900 } });

      test('all views', async ({ shell, page, redis }) => {
        const clients = await Promise.all(
          ['mailer', 'mailer', 'web', 'web', 'web', 'cron'].map((name) => Redis.connect(redis.port, name)),
        );
        clients[0]?.begin('BRPOP', 'queue:mail', 0);
        clients[1]?.begin('BRPOP', 'queue:mail', 0);
        clients[5]?.begin('SUBSCRIBE', 'events');
        const picture = (name: string) =>
          page.screenshot({ path: join(FOLDER, `${name}-${language}-${colorScheme}.png`) });

        await shell.open('#/family?doc=sample:honglou');
        await expect(page.locator('html')).toHaveAttribute('lang', language);
        await picture('family-honglou');
        await shell.open('#/family?doc=sample:darwin-wedgwood');
        await picture('family');
        await shell.flyTo('Charles Robert Darwin');
        await expect(shell.part('details')).toBeVisible();
        await picture('family-selected');
        if (process.env.BANYAN_SCREENSHOT && language === 'en' && colorScheme === 'light') {
          copyFileSync(
            join(FOLDER, `family-selected-${language}-${colorScheme}.png`),
            join(import.meta.dirname, '../../docs/screenshot.png'),
          );
        }

        const large = gedcom('classic/royal92.ged');
        if (large) {
          await shell.openFile(large);
          await shell.until('the file is laid out', ({ nodes }) => nodes > 2000);
          await shell.settled();
          await picture('family-royal92');
          await page.keyboard.press('f');
          await shell.settled();
          await picture('family-royal92-all');
        }

        await shell.view('connections');
        await shell.settled();
        await picture('connections');
        await shell.view('keyspace');
        await shell.settled();
        await picture('keyspace');
        for (const client of clients) client.close();
      });
    });
  }
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, deviceScaleFactor: 2 });

  test('the family', async ({ shell, page }) => {
    await shell.open('#/family?doc=sample:honglou');
    await page.screenshot({ path: join(FOLDER, 'family-phone.png') });
    expect(await shell.inked()).toBeGreaterThan(0.005);
  });
});
