// The three motions of the camera, and how the frames of one are timed: the same for Banyan and for
// every peer. `near` goes 7 px a frame at full size over the middle of the tree, `fit` 3 px a frame
// with everything in view, `zoom` 2 % a frame from everything in view to full size and back.
//
// A frame's time is the interval between the beginnings of two animation frames, in a browser that
// neither waits for the screen nor limits its rate: what the whole pipeline takes (*presented*).

export const MOTIONS = ['near', 'fit', 'zoom'];

/** Frames of a pan. */
const FRAMES = 240;
const ZOOM_A_FRAME = 1.02;

/**
 * The camera that shows everything, in a window of 1600 x 900 px. Its scale is an eighth of an octave
 * (`2^(k / 8)`), where Banyan's zoom rests; nobody else minds.
 */
export function fitting(bounds) {
  const room = 0.95 * Math.min(1600 / bounds.width, 900 / bounds.height);
  const scale = 2 ** (Math.min(0, Math.floor(8 * Math.log2(room))) / 8);
  return { x: bounds.x + bounds.width / 2, y: bounds.y + bounds.height / 2, scale };
}

/** The cameras of a motion, a frame each. */
export function cameras(motion, { bounds, middle }) {
  const fit = fitting(bounds);
  if (motion === 'zoom') {
    const steps = Math.ceil(Math.log(1 / fit.scale) / Math.log(ZOOM_A_FRAME));
    const at = (step) => {
      const scale = Math.min(1, fit.scale * ZOOM_A_FRAME ** step);
      // The middle of everything moves to a card's middle as it comes near.
      const along = (1 / fit.scale - 1 / scale) / (1 / fit.scale - 1 || 1);
      return { x: fit.x + (middle.x - fit.x) * along, y: fit.y + (middle.y - fit.y) * along, scale };
    };
    const out = Array.from({ length: steps + 1 }, (_, step) => at(step));
    return [...out, ...out.slice(0, -1).reverse()];
  }
  const near = { ...middle, scale: 1 };
  const [start, px] = motion === 'near' ? [near, 7] : [fit, 3];
  return Array.from({ length: FRAMES }, (_, frame) => {
    // From one side of the middle to the other.
    const away = ((frame - FRAMES / 2) * px) / start.scale;
    return { ...start, x: start.x + away, y: start.y + away / 4 };
  });
}

/**
 * In the page: goes along the cameras up to `runs` times, for about `budgetMillis` in all; gives the
 * frames of each run, in milliseconds. `window.stage` has `look(camera)`, and may have `ready()`,
 * which waits until the first camera's picture is whole, and `begin` and `end` of a motion.
 *
 * Where a frame takes so long that the time is over before the way is, a zoom is sampled: it jumps to
 * levels that lie evenly on the way and takes one step at each, and the steps alone count.
 */
export async function walk({ path, motion, runs, budgetMillis }) {
  const { look, ready, begin, end } = window.stage;
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())));
  // From the frame in which `from` is drawn to that of `to`: like two neighbours in a long row.
  const step = async (from, to) => {
    look(from);
    const began = await frame();
    look(to);
    return (await frame()) - began;
  };
  begin?.();
  const began = performance.now();
  const all = [];
  while (all.length < runs && (all.length === 0 || performance.now() - began < budgetMillis)) {
    look(path[0]);
    await frame();
    await frame();
    await ready?.();
    const probe = await step(path[0], path[1]);
    const room = budgetMillis / runs;
    const isLate = () => performance.now() - began > 2 * budgetMillis;
    const frames = [];
    if (motion === 'zoom' && probe * path.length > 2 * room) {
      const samples = Math.min(path.length - 1, Math.max(5, Math.floor(room / probe)));
      for (let sample = 0; sample < samples && !(isLate() && sample >= 3); sample += 1) {
        // By the golden ratio, so that any number of samples lies evenly.
        const at = Math.floor(((sample * 0.618034) % 1) * (path.length - 1));
        frames.push(await step(path[at], path[at + 1]));
      }
    } else {
      let before = await frame();
      const start = before;
      for (const camera of path) {
        look(camera);
        const now = await frame();
        frames.push(now - before);
        before = now;
        if (motion !== 'zoom' && now - start > room && frames.length >= 3) break;
      }
    }
    all.push(frames);
  }
  end?.();
  return all;
}

/**
 * What a frame takes: the mean of the middle half. A page's clock ticks in tenths of a millisecond, a
 * fifth of the fastest frames, so the middle one alone would be off by as much.
 */
export function usual(frames) {
  const sorted = frames.toSorted((a, b) => a - b);
  const aside = Math.floor(sorted.length / 4);
  return mean(sorted.slice(aside, sorted.length - aside));
}

/** Of all frames, the slowest too. */
export function mean(frames) {
  return frames.reduce((sum, frame) => sum + frame, 0) / frames.length;
}

/** The middle one; of two, the upper. */
export function median(values) {
  return quantile(values, 0.5);
}

export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}
