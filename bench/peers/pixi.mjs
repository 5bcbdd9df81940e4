// PixiJS on WebGL: a sprite for each card from one texture, bitmap text, one mesh of lines; what is
// outside of the window is culled, and names too small to read are left out.
import { edges } from './tree.mjs';

const READABLE_SCALE = 0.5;

export async function load(tree, container) {
  const pixi = await import('/node_modules/pixi.js/dist/pixi.min.mjs');
  const { width, height } = tree.card;
  const app = new pixi.Application();
  await app.init({
    width: container.clientWidth,
    height: container.clientHeight,
    preference: 'webgl',
    background: '#fff',
    antialias: false,
    autoStart: false,
    sharedTicker: false,
  });
  container.append(app.canvas);
  const box = new pixi.Graphics()
    .roundRect(0.5, 0.5, width - 1, height - 1, 6)
    .fill('#fff')
    .stroke({ width: 1, color: '#888' });
  const texture = app.renderer.generateTexture(box);
  pixi.BitmapFont.install({ name: 'card', style: { fontFamily: 'sans-serif', fontSize: 14, fill: '#222' } });
  const world = new pixi.Container();
  const lines = new pixi.Graphics();
  for (const [node, parent] of edges(tree)) {
    const [from, to] = [tree.middles[parent], tree.middles[node]];
    lines.moveTo(from.x, from.y).lineTo(to.x, to.y);
  }
  lines.stroke({ width: 1, color: '#888', pixelLine: true });
  const cards = new pixi.Container();
  const names = new pixi.Container();
  tree.names.forEach((text, node) => {
    const card = new pixi.Sprite({ texture, cullable: true });
    card.position.set(tree.x[node], tree.y[node]);
    cards.addChild(card);
    const name = new pixi.BitmapText({
      text,
      style: { fontFamily: 'card', fontSize: 14 },
      cullable: true,
    });
    name.position.set(tree.x[node] + 10, tree.y[node] + height / 2 - 9);
    names.addChild(name);
  });
  world.addChild(lines, cards, names);
  app.stage.addChild(world);
  const [right, bottom] = [container.clientWidth / 2, container.clientHeight / 2];
  const look = ({ x, y, scale }) => {
    world.scale.set(scale);
    world.position.set(right - x * scale, bottom - y * scale);
    names.visible = scale >= READABLE_SCALE;
    pixi.Culler.shared.cull(world, app.screen, false);
    app.render();
  };
  look({ ...tree.middles[0], scale: 1 });
  return { look };
}
