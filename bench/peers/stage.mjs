// The page of one peer: `stage.html?peer=NAME`.
//
// Each peer's module exports `load(tree, container)`, which gives, once the first picture is drawn or
// asked for, `look({x, y, scale})` (centre in the tree's units, CSS px per unit) and, where the peer
// lays the tree out by itself, `positions`, the middles of the cards. `begin` and `end` go around a
// motion where the peer behaves differently while a hand moves it.
import { outline } from './tree.mjs';

const peer = new URLSearchParams(location.search).get('peer');
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

window.stage = {
  /** Loads the tree at the address; gives what `walk` needs, and the milliseconds to the first picture. */
  async load(address) {
    const { load } = await import(`./${peer}.mjs`);
    const tree = await (await fetch(address)).json();
    // Outside of the time: the tree as every peer gets it.
    tree.middles = tree.x.map((x, node) => ({
      x: x + tree.card.width / 2,
      y: tree.y[node] + tree.card.height / 2,
    }));
    const began = performance.now();
    const loaded = await load(tree, document.getElementById('stage'));
    await nextFrame();
    await nextFrame();
    const millis = performance.now() - began;
    Object.assign(window.stage, loaded);
    return { millis, ...outline(loaded.positions ?? tree.middles, tree.card) };
  },
};
