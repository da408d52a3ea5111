// The network page: what the node that serves it is doing, read from its metrics every two seconds,
// and the chain as its blocks come in. Works on a standby too, which has no API.

import { h, replace, setText, stat } from '../core/dom.js';
import { lineChart } from '../core/charts.js';
import { ago, number, shortHex, span, time, whole } from '../core/format.js';
import { Trend } from '../model/metrics.js';
import { ending, panel } from '../parts/panel.js';
import {
  blocksPanel, clientsPanel, everythingPanel, followersPanel, keepingPanel, mempoolPanel,
  refusalsPanel, timesPanel,
} from './network/panels.js';
import { readings } from './network/readings.js';

export const title = 'Network';

const phases = {
  leading: ['leads and makes blocks', 'ok'],
  following: ['is a standby and follows its leader', 'ok'],
  starting: ['is starting', 'warn'],
  stopping: ['is stopping', 'warn'],
};

/** What /ready says, in words. */
function phase({ status, text }) {
  const word = text.trim().replace(/^not ready: /, '');
  const [words, tone] = phases[word] ?? [word, 'warn'];
  return { word: phases[word] ? word : 'not ready', words, tone: status === 200 ? tone : 'warn' };
}

/** The chain: who it is, where it stands, and the time between its blocks. */
function chainPanel(api) {
  const names = [
    ['Height', 'height'], ['Last block', 'last-block'], ['Between blocks', 'block-time'],
    ['State root', 'root'], ['Chain', 'chain-id'], ['Genesis', 'genesis'], ['Version', 'version'],
    ['Term', 'term'],
  ];
  const stats = Object.fromEntries(names.map(([label, test]) => [test, stat(label, test)]));
  const host = h('div', { class: 'chart-host low' });
  const chart = lineChart(host, {
    label: 'Time between blocks', yLabel: 'ms', time: true, legend: false,
    xForm: value => time(value), yForm: value => number(value),
    ranges: () => ({ y: { beginAtZero: true } }),
  });
  const trend = new Trend(300_000, 600);
  const card = panel('Chain', { test: 'node-chain', wide: true },
    h('dl', { class: 'stats even' }, Object.values(stats).map(entry => entry.node)), host);
  let last = null; // {height, at}
  let gaps = [];

  const offState = api.onState(({ block }) => {
    if (!block || block.height === last?.height) return;
    if (last && block.height === last.height + 1) {
      const gap = block.timestamp - last.timestamp;
      trend.add(block.timestamp, gap);
      gaps = [...gaps.slice(-99), gap];
      const mean = gaps.reduce((sum, one) => sum + one, 0) / gaps.length;
      stats['block-time'].show(`${whole(mean)} ms`);
      chart.update([{ label: 'between blocks', points: trend.points, dots: 'only' }]);
    }
    last = { height: block.height, timestamp: block.timestamp };
    stats.height.show(whole(block.height));
    stats.root.show(shortHex(block.root, 5), { title: block.root });
  });
  const timer = setInterval(() => {
    if (!last) return;
    const silence = Date.now() - last.timestamp;
    stats['last-block'].show(ago(last.timestamp), { class: silence > 5000 ? 'warn' : '' });
  }, 500);
  const offReady = api.onReady(async () => {
    const [chain, test] = await Promise.all([
      api.call('public/get_chain').catch(() => null), api.call('public/test').catch(() => null),
    ]);
    if (chain) {
      stats['chain-id'].show(shortHex(chain.chain_id, 5), {
        title: `${chain.name} ${chain.chain_id}`,
      });
      stats.genesis.show(time(chain.genesis_timestamp, 'short'), {
        title: `${time(chain.genesis_timestamp, 'moment')} UTC, `
          + `${span(Date.now() - chain.genesis_timestamp)} ago`,
      });
    }
    if (test) stats.version.show(test.version);
  });
  return {
    card,
    take(reading) {
      stats.term.show(whole(reading.value('term')));
      const version = reading.metrics.get('rampart_info')?.[0]?.labels.version;
      if (version) stats.version.show(version);
      if (!last) stats.height.show(whole(reading.value('height')));
    },
    destroy() {
      clearInterval(timer);
      offState();
      offReady();
      chart.destroy();
    },
  };
}

export function mount(root, { api }) {
  const state = h('span', { class: 'tag', dataset: { test: 'phase' } }, '…');
  const words = h('span', { class: 'quiet' });
  const problem = h('div', { class: 'banner bad', role: 'alert', dataset: { test: 'no-metrics' } });
  problem.hidden = true;
  const parts = [
    chainPanel(api), blocksPanel(), timesPanel(), mempoolPanel(), clientsPanel(),
    refusalsPanel(), followersPanel(), keepingPanel(), everythingPanel(),
  ];
  replace(root, h('div', { class: 'page network-page' },
    h('div', { class: 'page-head' }, h('h1', {}, 'Network'), state, words), problem,
    h('div', { class: 'grid network-grid' }, parts.map(part => part.card.node))));
  let lastAt = null;

  const stop = readings({
    ready(answer) {
      const found = phase(answer);
      setText(state, found.word);
      state.className = `tag ${found.tone}`;
      setText(words, `this node ${found.words}`);
    },
    take(reading, help) {
      lastAt = Date.now();
      problem.hidden = true;
      for (const part of parts) part.take(reading, help);
    },
    failed() {
      setText(state, 'down');
      state.className = 'tag bad';
      setText(words, '');
      problem.hidden = false;
      setText(problem, 'The node does not answer /metrics. It is down, or this browser cannot '
        + `reach it. ${lastAt === null ? '' : `What follows is as of ${time(lastAt)} UTC. `}`
        + 'The page tries again every two seconds.');
    },
  });
  return ending([stop, ...parts.map(part => part.destroy)]);
}
