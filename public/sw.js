// Keeps the app for when the bridge does not answer, so that a family that was opened before can be
// opened again. The network comes first wherever an answer may be another than before; what is kept
// is one build as a whole, and the next one takes its place when all of it is there.

const STORE = "banyan-app";
/** Names that change with what is in the file. */
const HASHED = /-[0-9a-f]{12,}(_bg)?\.\w+$/;
/** What the page does not name. */
const UNNAMED = [
  "/",
  "/engine.js",
  "/engine_bg.wasm",
  "/texts/en.json",
  "/texts/zh-CN.json",
  "/favicon.svg",
  "/manifest.webmanifest",
];

/** A file of the app from the network, as a whole. */
async function load(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

async function keep() {
  const page = await (await load("/")).text();
  const named = [...page.matchAll(/["'](\/[\w.-]+\.\w+)["']/g)].map((match) => match[1]);
  const build = new Set([...UNNAMED, ...named]);
  build.delete("/sw.js");
  const store = await caches.open(STORE);
  const kept = (await store.keys()).map((request) => new URL(request.url).pathname);
  const lacking = [...build].filter((path) => !HASHED.test(path) || !kept.includes(path));
  const answers = await Promise.all(lacking.map(load));
  await Promise.all(lacking.map((path, at) => store.put(path, answers[at])));
  await Promise.all(kept.filter((path) => !build.has(path)).map((path) => store.delete(path)));
}

async function answer(request, path) {
  const kept = () => caches.match(path, { cacheName: STORE, ignoreVary: true });
  if (HASHED.test(path)) return (await kept()) ?? fetch(request);
  try {
    return await fetch(request);
  } catch (error) {
    const found = await kept();
    if (found) return found;
    throw error;
  }
}

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keep());
});

addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const isApp =
    UNNAMED.includes(pathname) || HASHED.test(pathname) || pathname === "/engine_loader.js";
  if (request.method !== "GET" || origin !== location.origin || !isApp) return;
  event.respondWith(answer(request, pathname));
  // Whoever comes back may find a new build; without a bridge the one that is kept stays.
  if (request.mode === "navigate") event.waitUntil(keep().catch(() => {}));
});
