// One Chromium, whose pages are ended whatever they do.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const QUIET = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Canvas and page are drawn by the processor, WebGL too: what every machine has. */
const SOFTWARE = ['--disable-gpu', '--enable-unsafe-swiftshader'];
/** No waiting for a screen: the interval between two frames is what the whole pipeline takes. */
const PRESENTED = ['--disable-frame-rate-limit', '--disable-gpu-vsync'];

export const WINDOW = { width: 1600, height: 900 };

/**
 * Starts a Chromium; `isPresented` if frames are to follow each other as fast as they can. Its
 * `emptyPage` is the `memory` of a page with nothing in it.
 */
export async function start({ isPresented }) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...QUIET, ...SOFTWARE, ...(isPresented ? PRESENTED : [])],
  });
  const session = await browser.newBrowserCDPSession();
  const renderers = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  };

  /** Gives `use` a page of its own for so long, and ends the page with its process. */
  async function withPage(millis, use) {
    const before = new Set(await renderers());
    const context = await browser.newContext({ viewport: WINDOW, colorScheme: 'light' });
    const page = await context.newPage();
    const own = async () => (await renderers()).filter((id) => !before.has(id));
    let timer;
    const crash = new Promise((_, fail) => page.once('crash', () => fail(new Error('the page crashed'))));
    const late = new Promise((_, fail) => {
      timer = setTimeout(() => fail(new Error(`not done within ${millis / 1000} s`)), millis);
    });
    const work = use(page, { memory: () => memory(page, own) });
    try {
      return await Promise.race([work, crash, late]);
    } finally {
      clearTimeout(timer);
      work.catch(() => {});
      crash.catch(() => {});
      late.catch(() => {});
      // A page that is busy does not hear that it is to close: its process is ended.
      const closed = context.close().then(() => true, () => true);
      if (!(await Promise.race([closed, after(3000)]))) {
        for (const id of await own()) process.kill(id, 'SIGKILL');
        await Promise.race([closed, after(3000)]);
      }
    }
  }
  // Before any other page: beside one, half of what both have in common would be the other's.
  const emptyPage = await withPage(20_000, async (page, { memory }) => {
    await page.goto('data:text/html,<title>Nothing</title>');
    // A new process grows for a while whatever it shows.
    await page.waitForTimeout(2000);
    return memory();
  });
  return { withPage, emptyPage, version: browser.version(), close: () => browser.close() };
}

const after = (millis) => new Promise((resolve) => setTimeout(() => resolve(false), millis));

/**
 * Bytes of the processes that came with the page, after a collection of garbage: their proportional
 * set (PSS), that is private memory and the share of what is in common with others. Workers of a page
 * are threads of its process, and canvases drawn by the processor lie in it or in memory shared with
 * the process that presents them. Chromium starts a process or two of its own with the first page of
 * a context; they are in the memory of an empty page too, and so in no difference.
 */
async function memory(page, own) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  const bytes = (await own()).map((id) => {
    const rollup = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)[1]) * 1024;
  });
  return bytes.reduce((sum, each) => sum + each, 0);
}
