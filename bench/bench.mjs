// What the cases share: Banyan served, two browsers, the trees, and what was measured already.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureBanyan } from './banyan.mjs';
import { start } from './chromium.mjs';
import { median } from './motion.mjs';
import { BANYAN } from './page.mjs';
import { measurePeer } from './peers.mjs';
import { serve } from './server.mjs';

/** Of all trees: those of the lab page are the same. */
export const SEED = 7;

export class Bench {
  #browsers = new Map();
  #results = new Map();

  static async start() {
    const bench = new Bench();
    bench.folder = mkdtempSync(join(tmpdir(), 'banyan-bench-'));
    bench.site = await serve(bench.folder);
    bench.bridge = spawn(BANYAN, ['serve', '--listen', '127.0.0.1:0', '--demo', 'never'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // However this ends.
    process.once('exit', () => {
      bench.bridge.kill('SIGTERM');
      rmSync(bench.folder, { recursive: true, force: true });
    });
    /** Where the app is. */
    bench.address = await new Promise((found, failed) => {
      let said = '';
      bench.bridge.stdout.setEncoding('utf8').on('data', (text) => {
        said += text;
        const url = /Banyan listens on (http:\S+)/.exec(said)?.[1];
        if (url) found(url);
      });
      bench.bridge.once('error', failed);
      bench.bridge.once('exit', (code) => failed(new Error(`banyan ended with ${code}`)));
    });
    return bench;
  }

  async end() {
    for (const browser of this.#browsers.values()) await (await browser).close();
    this.site.close();
    this.bridge.kill('SIGTERM');
  }

  #browser(isPresented) {
    if (!this.#browsers.has(isPresented)) this.#browsers.set(isPresented, start({ isPresented }));
    return this.#browsers.get(isPresented);
  }

  /** Sixty frames a second, as people have it. */
  plain() {
    return this.#browser(false);
  }

  /** As many frames as it can draw: all that is compared runs in this one. */
  async presented() {
    const browser = await this.#browser(true);
    this.version = browser.version;
    return browser;
  }

  /** Makes a tree's file where it is missing; its address on the peers' server. */
  tree(nodes) {
    const name = `tree-${nodes}.json`;
    const file = join(this.folder, name);
    if (!existsSync(file)) {
      execFileSync(BANYAN, ['generate', 'tree', '-n', `${nodes}`, '--seed', `${SEED}`, '-o', file]);
    }
    return { address: `${this.site.address}/data/${name}`, file };
  }

  /** What a peer, or `Banyan`, does with a tree of so many nodes; measured once. */
  async peer(peer, nodes) {
    const key = `${peer} ${nodes}`;
    if (!this.#results.has(key)) this.#results.set(key, await this.#measure(peer, nodes));
    return this.#results.get(key);
  }

  /**
   * The same of several `[peer, nodes]`, three times in turns, so that what slows the machine for a
   * while slows each of them: the middle one of each figure, and the three as `turns`.
   */
  async inTurns(cases) {
    const turns = cases.map(() => []);
    for (let turn = 0; turn < 3; turn += 1) {
      for (const [index, [peer, nodes]] of cases.entries()) {
        turns[index].push(await this.#measure(peer, nodes));
      }
    }
    return cases.map(([peer, nodes], index) => {
      const result = { ...turns[index][0], turns: turns[index] };
      for (const figure of ['near', 'fit', 'zoom', 'load', 'memory']) {
        result[figure] = median(turns[index].map((each) => each[figure]));
      }
      result.fault = turns[index].find(({ fault }) => fault)?.fault ?? null;
      this.#results.set(`${peer} ${nodes}`, result);
      return result;
    });
  }

  async #measure(peer, nodes) {
    const measure = peer === 'Banyan' ? measureBanyan : measurePeer;
    const result = await measure(this, peer, nodes);
    const { near, fit, zoom, load, fault } = result;
    const shown = [near, fit, zoom, load].map((millis) => millis?.toFixed(1) ?? '-').join(' / ');
    console.error(`${peer}, ${nodes} nodes: ${shown} ms${fault ? ` (${fault})` : ''}`);
    return result;
  }

  /** All that was measured of Banyan and its peers, without the details. */
  get measured() {
    return [...this.#results.values()].map(
      ({ peer, nodes, near, fit, zoom, load, memory, fault }) => ({
        peer, nodes, near, fit, zoom, load, memory, fault,
      }),
    );
  }
}
