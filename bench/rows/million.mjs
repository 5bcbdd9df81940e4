// A tree of a million nodes, presented, beside one of a thousand and beside a bare fill of the window.
import { openLab } from '../banyan.mjs';
import { median, quantile } from '../motion.mjs';
import { atMost, information, ratio } from '../page.mjs';

const MILLION = 1_000_000;
const LOADS = 3;
const MEGABYTE = 1e6;

export async function million(bench) {
  const small = await bench.peer('Banyan', 1_000);
  const large = await bench.peer('Banyan', MILLION);
  const fill = await bench.peer('fill', 1_000);
  if (large.fault) throw new Error(large.fault);
  const { near, zoom } = large.motions;
  // Of each run, and of those the middle one.
  const ofRuns = (share) => median(zoom.runs.map((frames) => quantile(frames, share)));
  const holes = Math.max(...Object.values(large.motions).map(({ stats }) => stats.hole_millis));
  return [
    atMost('10^6 nodes: first whole picture, places given', await firstPicture(bench), 'ms', 1000),
    atMost('10^6 nodes, a warm pan frame, presented : a fill of the window', ratio(large.near, fill.near), ': 1', 2),
    atMost('the same : a warm pan frame at 10^3 nodes', ratio(large.near, small.near), ': 1', 1.5),
    atMost('10^6 nodes, pan: canvas calls in a frame', near.canvasCalls, 'calls', 40),
    atMost('10^6 nodes, pan: thumbnail repaints', near.thumbnailRepaints, 'repaints', 0),
    atMost('10^6 nodes, pan: main thread per frame, p95', near.stats.frame_millis.p95, 'ms', 4),
    atMost('10^6 nodes, pan: main thread per frame, max', near.stats.frame_millis.max, 'ms', 16),
    atMost('10^6 nodes, zoom through all levels, presented, p95', ofRuns(0.95), 'ms', 16.7),
    atMost('10^6 nodes, zoom through all levels, presented, max', ofRuns(1), 'ms', 33),
    atMost('10^6 nodes, zoom through all levels: longest task over 50 ms', zoom.longestTask, 'ms', 0),
    atMost('10^6 nodes: longest hole in the picture', holes, 'ms', 100),
    atMost('10^6 nodes: memory over an empty page', large.memory / MEGABYTE, 'MB', 300),
    information('10^6 nodes, pan: presented', large.near, 'ms'),
    information('10^6 nodes, pan with all in view: presented', large.fit, 'ms'),
    information('10^6 nodes, zoom: presented', large.zoom, 'ms'),
    information('a fill of the window: presented', fill.near, 'ms'),
  ];
}

/** Milliseconds from the nodes in memory to a picture that lacks nothing: the middle of three pages. */
async function firstPicture(bench) {
  const browser = await bench.presented();
  const times = [];
  for (let load = 0; load < LOADS; load += 1) {
    const now = await browser.withPage(60_000, (page) => openLab(page, bench, MILLION));
    times.push(now.first_picture_millis);
  }
  return median(times);
}
