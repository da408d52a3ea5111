// The list of markets: search, tabs by kind, live prices, arrow keys. Of options, which may be
// hundreds, a summary is asked for now and then; the chain shows them live.

import { h, onFrame, table } from '../core/dom.js';
import { amount, direction, exact, percent, price, signed } from '../core/format.js';
import { address } from '../core/router.js';
import { tabs } from './tabs.js';
import { kindOf } from './venue.js';

const labels = {
  all: 'All', perpetual: 'Perp', future: 'Futures', option: 'Options', spot: 'Spot',
};
const summaryPause = 5000; // ms between summaries of options
const most = 300; // rows; the search finds the rest

export function marketList({ api, venue }) {
  let kind = 'all';
  let wanted = '';
  let chosen = null;
  let watched = new Map(); // name → end
  let summaries = new Map();
  let timer = null;

  const figures = ({ instrument_name: name }) => venue.tickers.get(name) ?? summaries.get(name);
  const change = one => figures(one)?.stats?.price_change ?? figures(one)?.price_change;

  const links = new Map();
  const nameOf = one => {
    const key = one.instrument_name;
    if (!links.has(key)) {
      links.set(key, h('a', { href: address('markets', key), title: key }, one.symbol ?? key));
    }
    return links.get(key);
  };
  const isHeld = one => {
    const ticker = venue.tickers.get(one.instrument_name);
    return ticker && (ticker.state === 'halted' || ticker.level && ticker.level !== 'normal');
  };

  const rows = table({
    caption: 'Markets: price, change in 24 hours, open interest',
    empty: 'loading the markets…',
    test: 'market-list',
    columns: [
      { label: 'Market', align: 'left', render: nameOf },
      {
        label: 'Mark', render: one => ({
          text: price(figures(one)?.mark_price || null, one.tick_size),
          title: exact(figures(one)?.mark_price), class: isHeld(one) ? 'warn' : '',
        }),
      },
      {
        label: '24 h', render: one => {
          const value = change(one);
          return {
            text: value === null || value === undefined ? '–'
              : signed(percent(value / 100), value), class: direction(value),
          };
        },
      },
      {
        label: 'Open int.', render: one => ({
          text: amount(figures(one)?.open_interest), title: exact(figures(one)?.open_interest),
        }),
      },
    ],
    rowKey: one => one.instrument_name,
    rowClass: one => one.instrument_name === chosen ? 'chosen' : '',
    onChoose: one => {
      location.hash = address('markets', one.instrument_name);
    },
  });

  const search = h('input', {
    type: 'search', placeholder: 'Search markets  /', autocomplete: 'off', spellcheck: 'false',
    aria: { label: 'Search markets' }, dataset: { search: '', test: 'search' },
    oninput: () => {
      wanted = search.value.trim().toUpperCase();
      show();
    },
    onkeydown: event => {
      if (event.key === 'Enter') {
        const first = visible()[0];
        if (first) location.hash = address('markets', first.instrument_name);
      } else if (event.key === 'ArrowDown') step(1);
      else return;
      event.preventDefault();
    },
  });
  const kindTabs = tabs({
    label: 'Kinds of markets', test: 'kind',
    choose: value => {
      kind = value;
      show();
    },
  });
  const region = h('div', {
    class: 'scroll', role: 'region', aria: { label: 'Market list' }, tabindex: '0',
    onkeydown: event => {
      if (event.key === 'ArrowDown') step(1);
      else if (event.key === 'ArrowUp') step(-1);
      else if (event.key === 'Home') step(-Infinity);
      else if (event.key === 'End') step(Infinity);
      else return;
      event.preventDefault();
    },
  }, rows.node);

  function visible() {
    const words = wanted.split(/[\s/_-]+/).filter(Boolean);
    return [...venue.instruments.values()].filter(one => {
      if (kind !== 'all' ? kindOf(one) !== kind : one.kind === 'option' && words.length === 0) {
        return false;
      }
      const text = `${one.instrument_name} ${one.symbol ?? ''} ${kindOf(one)}`.toUpperCase();
      return words.every(word => text.includes(word));
    }).slice(0, most);
  }

  /** Moves the focus to another market of the list. */
  function step(by) {
    const all = [...region.querySelectorAll('tbody a')];
    if (all.length === 0) return;
    const now = all.indexOf(document.activeElement);
    const from = now < 0 ? all.findIndex(link => link.title === chosen) : now;
    all[Math.max(0, Math.min(all.length - 1, from + by))].focus();
  }

  const draw = onFrame(() => {
    rows.update(visible());
    for (const [key, link] of links) {
      const value = key === chosen ? 'true' : null;
      if (value) link.setAttribute('aria-current', value);
      else link.removeAttribute('aria-current');
    }
  }, 4);

  /** Hears what is to be seen, and no more. */
  function show() {
    const live = new Map();
    for (const one of venue.instruments.values()) {
      if (one.kind === 'option') continue;
      const key = one.instrument_name;
      live.set(key, watched.get(key) ?? venue.watch(key, draw));
      watched.delete(key);
    }
    for (const end of watched.values()) end();
    watched = live;
    rows.setEmpty(wanted ? `no market matches “${search.value}”` : 'no markets of this kind');
    region.classList.toggle('names', kind === 'option' || wanted !== '');
    clearTimeout(timer);
    if (kind === 'option' || wanted) summarise();
    draw();
  }

  async function summarise() {
    try {
      const list = await api.call('public/get_book_summary_by_currency', {
        currency: 'any', kind: 'option',
      });
      summaries = new Map(list.map(one => [one.instrument_name, one]));
      draw();
    } catch {
      // The next turn asks again.
    }
    clearTimeout(timer);
    if (kind === 'option' || wanted) {
      timer = setTimeout(() => !document.hidden && summarise(), summaryPause);
    }
  }

  return {
    node: h('section', {
      class: 'card list', aria: { label: 'Markets' }, dataset: { test: 'markets' },
    }, search, kindTabs.node, region),
    refresh() {
      const present = new Set([...venue.instruments.values()].map(kindOf));
      kindTabs.update(['all', 'perpetual', 'future', 'option', 'spot']
        .filter(one => one === 'all' || present.has(one)).map(one => [one, labels[one]]), kind);
      for (const key of links.keys()) if (!venue.instruments.has(key)) links.delete(key);
      show();
    },
    fail: text => rows.setEmpty(text),
    choose(value) {
      chosen = value;
      draw();
    },
    close() {
      clearTimeout(timer);
      draw.stop();
      for (const end of watched.values()) end();
    },
  };
}
