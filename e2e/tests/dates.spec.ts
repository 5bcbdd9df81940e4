// Dates in the calendar of the reader's choice.
import { expect, test } from '../fixtures/banyan';

test('dates are shown in another calendar, in details, after a reload too', async ({ shell, page }) => {
  await shell.open('#/family?doc=sample:darwin-wedgwood');
  await shell.flyTo('Charles Robert Darwin');
  const details = shell.part('details');
  await expect(details).toContainText('1809-02-12');
  for (const [toast, date] of [
    ['Gregorian', '1809-02-12'],
    ['Chinese', '嘉庆十三年戊辰腊月廿八 (1809-02-12)'],
    ['Julian', '1809-01-31 (Julian) (1809-02-12)'],
    ['Hebrew', '26 Shevat 5569 (1809-02-12)'],
  ]) {
    await page.keyboard.press('Shift+K');
    await expect(shell.part('toast')).toContainText(toast ?? '');
    await expect(details).toContainText(date ?? '');
  }
  // The address keeps who is selected, the browser the calendar.
  await page.reload();
  await expect(details).toContainText('26 Shevat 5569');
});
