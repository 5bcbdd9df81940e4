// A tree of a million nodes, presented, beside one of a thousand and beside a bare fill of the window.
import { mean, median, quantile } from '../motion.mjs';
import { atMost, information, ratio } from '../page.mjs';

const MILLION = 1_000_000;
const MEGABYTE = 1e6;

export async function million(bench) {
  const [small, large, fill] = await bench.inTurns([
    ['Banyan', 1_000],
    ['Banyan', MILLION],
    ['fill', 1_000],
  ]);
  if (large.fault) throw new Error(large.fault);
  // Of each turn, and of those the middle one.
  const middle = (figure) => median(large.turns.map(({ motions }) => figure(motions)));
  const ofZooms = (share) =>
    middle(({ zoom }) => median(zoom.runs.map((frames) => quantile(frames, share))));
  const hole = (motions) => Math.max(...Object.values(motions).map(({ stats }) => stats.hole_millis));
  const pan = (figure) => middle(({ near }) => figure(near));
  return [
    atMost('10^6 nodes: first whole picture, places given', large.load, 'ms', 1000),
    atMost('10^6 nodes, a warm pan frame, presented : a fill of the window', ratio(large.near, fill.near), ': 1', 2),
    atMost('the same : a warm pan frame at 10^3 nodes', ratio(large.near, small.near), ': 1', 1.5),
    atMost('10^6 nodes, pan: canvas calls in a frame', pan((near) => near.canvasCalls), 'calls', 40),
    atMost('10^6 nodes, pan: thumbnail repaints', pan((near) => near.thumbnailRepaints), 'repaints', 0),
    atMost('10^6 nodes, pan: main thread per frame, p95', pan((near) => near.stats.frame_millis.p95), 'ms', 4),
    atMost('10^6 nodes, pan: main thread per frame, max', pan((near) => near.stats.frame_millis.max), 'ms', 16),
    atMost('10^6 nodes, zoom through all levels, presented, p95', ofZooms(0.95), 'ms', 16.7),
    atMost('10^6 nodes, zoom through all levels, presented, max', ofZooms(1), 'ms', 33),
    atMost('10^6 nodes, zoom through all levels: longest task over 50 ms', middle(({ zoom }) => zoom.longestTask), 'ms', 0),
    atMost('10^6 nodes: longest hole in the picture', middle(hole), 'ms', 100),
    atMost('10^6 nodes: memory over an empty page', large.memory / MEGABYTE, 'MB', 300),
    information('10^6 nodes, pan: presented', large.near, 'ms'),
    information('10^6 nodes, pan: presented, mean of all frames', pan((near) => median(near.runs.map(mean))), 'ms'),
    information('10^6 nodes, pan: frames that move the canvas and draw nothing', 100 * pan((near) => near.moved), '%'),
    information('10^6 nodes, pan with all in view: presented', large.fit, 'ms'),
    information('10^6 nodes, zoom: presented', large.zoom, 'ms'),
    information('a fill of the window: presented', fill.near, 'ms'),
  ];
}
