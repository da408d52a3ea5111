// Whether the venue holds what it owes: the sums of public/get_conservation, added up again here;
// and the state root of every block as it comes.

import { h, scroll, setText, table } from '../../core/dom.js';
import { exact, shortHex, time, whole } from '../../core/format.js';
import { feed, panel } from '../../parts/panel.js';

const sums = new Intl.NumberFormat('en-US', {
  minimumFractionDigits: 6, maximumFractionDigits: 20,
});
const full = value => sums.format(value).replace('-', '−');
const mostRoots = 200;
const shownRoots = 12;
const parts = [
  ['custody', 'Came in and stayed'], ['accounts', 'Owed to accounts'],
  ['insurance_fund', 'Insurance fund'], ['fees', 'Fees earned'], ['other', 'Roundings'],
  ['difference', 'Difference'],
];

export function conservationPanel(api, told) {
  const rows = table({
    caption: 'Custody against what is owed', test: 'conservation-table',
    rowKey: row => `${row.compartment}:${row.asset}`, empty: 'no assets',
    columns: [
      { label: 'Asset', align: 'left', render: row => `${row.asset} in ${row.compartment}` },
      ...parts.map(([field, label]) => ({
        label,
        render: row => ({
          text: field === 'difference' && row.difference === 0 ? '0' : full(row[field]),
          title: exact(row[field]),
          class: field !== 'difference' ? '' : row.difference === 0 ? 'up' : 'down',
        }),
      })),
    ],
  });
  const words = h('p', { dataset: { test: 'conservation-words' } });
  const card = panel('Conservation', { test: 'conservation', wide: true },
    scroll('conservation', rows.node), words);
  const asked = feed(api, {
    method: 'public/get_conservation', every: 5000, where: card,
    take(result) {
      rows.update(result.compartments);
      const wrong = result.compartments.filter(entry => entry.difference !== 0);
      const uneven = result.unbalanced_instruments ?? [];
      const isRight = wrong.length === 0 && uneven.length === 0;
      setText(words, isRight
        ? `At block ${whole(result.height)} every asset that came in is either owed to somebody or `
          + 'in a fund: the difference is exactly zero, and longs equal shorts in every market.'
          + `${result.checked_every_block ? ' The ledger checks both after every block and stops '
            + 'where one fails.' : ''}`
        : `At block ${whole(result.height)} the sums do not agree: `
          + [...wrong.map(entry => `${entry.asset} in ${entry.compartment} by ${entry.difference}`),
            ...uneven].join(', '));
      words.className = isRight ? '' : 'down';
      told({
        tone: isRight ? 'ok' : 'bad',
        text: isRight ? 'adds up to the last unit' : 'does not add up',
      });
    },
  });
  return { node: card.node, stop: asked.stop };
}

/** The roots that the page heard of, by height: what proofs are compared with. */
export class Roots {
  #known = new Map();
  #handlers = new Set();

  constructor(api) {
    this.stop = api.onState(({ block }) => {
      if (!block?.root || this.#known.has(block.height)) return;
      this.#known.set(block.height, { ...block });
      if (this.#known.size > mostRoots) this.#known.delete(this.#known.keys().next().value);
      for (const handler of this.#handlers) handler(block);
    });
  }

  /** The root of a height as the block channel told it; null where it did not. */
  of(height) {
    return this.#known.get(height)?.root ?? null;
  }

  get latest() {
    return [...this.#known.values()].slice(-shownRoots).reverse();
  }

  on(handler) {
    this.#handlers.add(handler);
  }
}

export function rootsPanel(roots, told) {
  const rows = table({
    caption: 'State roots', test: 'roots-table', rowKey: row => row.height,
    empty: 'waiting for a block…',
    columns: [
      { label: 'Block', render: row => whole(row.height) },
      { label: 'Time', align: 'left', render: row => time(row.timestamp) },
      { label: 'State root', align: 'left', render: row => ({
        text: shortHex(row.root, 14), title: row.root, class: 'mono',
      }) },
    ],
  });
  const card = panel('State root of every block', {
    test: 'roots',
    note: 'One hash stands for all balances, positions, orders and prices after a block. Two nodes '
      + 'that ran the same blocks have the same root.',
  }, scroll('state roots', rows.node));
  const draw = () => {
    rows.update(roots.latest);
    const [last] = roots.latest;
    if (last) told({ tone: 'ok', text: `block ${whole(last.height)}: ${shortHex(last.root, 8)}` });
  };
  roots.on(draw);
  draw();
  return { node: card.node, stop: () => roots.stop() };
}
