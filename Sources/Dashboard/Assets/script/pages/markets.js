// Markets: the list, and of the chosen one its figures, candles, book, trades and options. The
// address names the market (`#/markets/BTC_USDC-PERPETUAL`).

import { h, replace, setText } from '../core/dom.js';
import { bookView } from '../markets/bookview.js';
import { candlePane } from '../markets/candlepane.js';
import { chainView } from '../markets/chain.js';
import { marketHead } from '../markets/head.js';
import { marketList } from '../markets/list.js';
import { tabs } from '../markets/tabs.js';
import { tradesView } from '../markets/trades.js';
import { Venue } from '../markets/venue.js';

export const title = 'Markets';

let latest = null; // the market to come back to

const panes = [['chart', 'Chart'], ['book', 'Book'], ['options', 'Options'], ['list', 'Markets']];

export function mount(root, { api, params }) {
  const venue = new Venue(api);
  let wanted = params.path[0] ?? latest;
  let chosen = null;

  const note = h('section', {
    class: 'card empty wait', hidden: '', dataset: { test: 'no-markets' },
  });
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
  replace(layout, list.node, head.node, switcher.node, note, candles.node, book.node, trades.node,
    chain.node);
  replace(root, layout);

  /** Without markets there is nothing but the reason. */
  function bare(text) {
    layout.classList.toggle('bare', text !== null);
    if (text !== null) list.fail('nothing to list');
    note.hidden = text === null;
    setText(note, text ?? '');
  }

  function choose() {
    const all = venue.instruments;
    const one = all.get(wanted) ?? (wanted === null ? all.values().next().value : null);
    if (!one) {
      bare(all.size === 0 ? 'This venue lists no markets yet.'
        : `There is no market “${wanted}” here; choose one from the list.`);
      head.fail(all.size === 0 ? 'No markets' : 'No such market');
      chosen = null;
      return;
    }
    bare(null);
    const isSame = chosen?.instrument_name === one.instrument_name;
    chosen = one;
    latest = one.instrument_name;
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
      bare(`The node does not say what it lists: ${error.message}`);
      return;
    }
    list.refresh();
    choose();
  });

  const offState = api.onState(({ name, text }) => {
    if (venue.instruments.size === 0 && ['down', 'standby', 'starting'].includes(name)) bare(text);
  });

  return {
    change({ params: next }) {
      wanted = next.path[0] ?? latest;
      if (next.path[0]) show('chart');
      if (venue.instruments.size > 0) choose();
    },
    unmount() {
      offState();
      for (const part of [list, ...parts, venue]) part.close();
    },
  };
}
