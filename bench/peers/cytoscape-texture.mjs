// Cytoscape.js with `textureOnViewport`: while a hand moves the picture, one picture of the window is
// moved about instead, and what was outside of it stays empty.
import { load as loadCytoscape } from './cytoscape.mjs';

export async function load(tree, container) {
  const options = { textureOnViewport: true, hideEdgesOnViewport: false };
  const { cy, look } = await loadCytoscape(tree, container, options);
  // What a wheel sets while it turns: Cytoscape takes the texture during a gesture alone.
  const gesture = (is) => {
    cy.renderer().data.wheelZooming = is;
  };
  return { look, begin: () => gesture(true), end: () => gesture(false) };
}
