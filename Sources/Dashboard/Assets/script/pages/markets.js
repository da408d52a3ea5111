// Markets: the list, and of the chosen one its figures, candles, book, trades and options. The
// address names the market (`#/markets/BTC_USDC-PERPETUAL`).

import { h, replace } from '../core/dom.js';
import { bookView } from '../markets/bookview.js';
import { candlePane } from '../markets/candlepane.js';
import { chainView } from '../markets/chain.js';
import { marketHead } from '../markets/head.js';
import { marketList } from '../markets/list.js';
import { tabs } from '../markets/tabs.js';
import { tradesView } from '../markets/trades.js';
import { Venue } from '../markets/venue.js';

export const title = 'Markets';

const panes = [['chart', 'Chart'], ['book', 'Book'], ['options', 'Options'], ['list', 'Markets']];

export function mount(root, { api, params }) {
  const venue = new Venue(api);
  let wanted = params.path[0] ?? null;
  let chosen = null;

  const layout = h('div', { class: 'markets', dataset: { pane: 'chart' } });
  const show = pane => {
    layout.dataset.pane = pane;
    switcher.mark(pane);
  };
  const switcher = tabs({ label: 'Parts of the page', test: 'pane', kind: 'panes', choose: show });
  switcher.update(panes, 'chart');

  const list = marketList({ api, venue });
  const candles = candlePane({ api, venue });
  const head = marketHead({ api, venue, onTicker: candles.moved });
  const book = bookView({ api, onBook: candles.takeBook });
  const trades = tradesView({ api });
  const chain = chainView({ venue });
  const parts = [head, candles, book, trades, chain];
  replace(layout, list.node, head.node, switcher.node, candles.node, book.node, trades.node,
    chain.node);
  replace(root, layout);

  function choose() {
    const all = venue.instruments;
    const one = all.get(wanted) ?? (wanted === null ? all.values().next().value : null);
    if (!one) {
      head.fail(all.size === 0 ? 'No markets' : `There is no market ${wanted}`);
      return;
    }
    const isSame = chosen?.instrument_name === one.instrument_name;
    chosen = one;
    list.choose(one.instrument_name);
    if (isSame) {
      chain.choose(one);
      return;
    }
    document.title = `${one.instrument_name} · Rampart`;
    for (const part of parts) part.choose(one);
  }

  venue.onList(error => {
    if (error && venue.instruments.size === 0) {
      list.fail(error.message);
      head.fail('No markets: the node does not say what it lists');
      return;
    }
    list.refresh();
    choose();
  });

  return {
    change({ params: next }) {
      wanted = next.path[0] ?? null;
      if (wanted !== null) show('chart');
      if (venue.instruments.size > 0) choose();
    },
    unmount() {
      for (const part of [list, ...parts, venue]) part.close();
    },
  };
}
