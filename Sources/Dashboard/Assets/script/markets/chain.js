// The option chain of the chosen market's underlying: calls left, puts right, strikes between, by
// expiry; live for the expiry that is shown. Beside it the smile: implied volatilities by strike.

import { lineChart } from '../core/charts.js';
import { h, onFrame, replace, scroll, setText, table } from '../core/dom.js';
import { amount, exact, number, percent, plain, price, span, time } from '../core/format.js';
import { address } from '../core/router.js';
import { smile, smileRanges } from './smile.js';
import { tabs } from './tabs.js';

const volatility = value => value > 0 ? percent(value / 100, 1) : '–';

const columns = {
  interest: ['OI', 'Open interest', (t) => amount(t.open_interest)],
  delta: ['Δ', 'Delta: for a move of the underlying by 1', t => plain(t.greeks?.delta, 3)],
  gamma: ['Γ', 'Gamma: change of delta', t => number(t.greeks?.gamma, 6)],
  vega: ['Vega', 'For one point of volatility', t => plain(t.greeks?.vega, 2)],
  theta: ['Theta', 'For one day', t => plain(t.greeks?.theta, 2)],
  rho: ['Rho', 'For one point of interest', t => plain(t.greeks?.rho, 2)],
  iv: ['IV', 'Implied volatility of the mark', t => volatility(t.mark_iv)],
  bidIV: ['IV bid', 'Implied volatility of the best bid', t => volatility(t.bid_iv)],
  askIV: ['IV ask', 'Implied volatility of the best ask', t => volatility(t.ask_iv)],
  bid: ['Bid', 'Best bid', (t, one) => ({
    text: price(t.best_bid_price, one.tick_size), class: 'up',
    title: t.best_bid_price === null ? 'no bids' : `${exact(t.best_bid_amount)} bid`,
  })],
  mark: ['Mark', 'Mark price', (t, one) => price(t.mark_price, one.tick_size)],
  ask: ['Ask', 'Best ask', (t, one) => ({
    text: price(t.best_ask_price, one.tick_size), class: 'down',
    title: t.best_ask_price === null ? 'no asks' : `${exact(t.best_ask_amount)} offered`,
  })],
};
const faces = {
  prices: ['interest', 'delta', 'iv', 'bid', 'mark', 'ask'],
  greeks: ['delta', 'gamma', 'vega', 'theta', 'rho', 'mark'],
  volatility: ['interest', 'delta', 'bidIV', 'iv', 'askIV', 'mark'],
};
const faceLabels = [['prices', 'Prices'], ['greeks', 'Greeks'], ['volatility', 'Volatility']];

export function chainView({ venue }) {
  let one = null;
  let expiry = null;
  let face = 'prices';
  let ends = [];
  let strikes = []; // {strike, call, put}
  let rows = null;

  const dates = tabs({ label: 'Expiries', test: 'expiry', choose: value => open(Number(value)) });
  const views = tabs({
    label: 'Figures of the chain', test: 'chain-face',
    choose: value => {
      face = value;
      build();
    },
  });
  views.update(faceLabels, face);
  const note = h('span', { class: 'quiet figures', dataset: { test: 'chain-note' } });
  const body = scroll('Calls and puts by strike');
  const host = h('div', { class: 'smile', dataset: { test: 'smile' } });
  const title = h('h2', {}, 'Options');
  const none = h('p', { class: 'empty' }, 'There are no options on this underlying.');
  const parts = h('div', { class: 'chain-parts' }, body, host);
  const chart = lineChart(host, {
    label: 'Implied volatility by strike', xForm: value => number(value),
    yForm: value => `${number(value, 1)} %`, xLabel: 'strike', yLabel: 'implied volatility',
    empty: 'no volatilities yet', ranges: smileRanges,
  });

  const ticker = (row, type) => row[type] && venue.tickers.get(row[type].instrument_name);
  const forward = () => {
    for (const row of strikes) {
      const found = (ticker(row, 'call') ?? ticker(row, 'put'))?.underlying_price;
      if (found) return found;
    }
    return null;
  };

  function side(type) {
    const keys = type === 'call' ? faces[face] : [...faces[face]].reverse();
    return keys.map(key => {
      const [label, words, form] = columns[key];
      const inMoney = row => row[type] && atForward !== null
        && (type === 'call' ? row.strike < atForward : row.strike > atForward);
      return {
        label, title: words,
        render: row => {
          const data = ticker(row, type);
          const value = data ? form(data, row[type]) : '–';
          const cell = typeof value === 'string' ? { text: value } : value;
          return { ...cell, class: `${cell.class ?? ''}${inMoney(row) ? ' in' : ''}`.trim() };
        },
      };
    });
  }
  let atForward = null;
  let atStrike = null;

  /** The columns anew, for another choice of figures. */
  function build() {
    rows = table({
      caption: 'Option chain: calls left, puts right of the strike',
      empty: 'no options of this expiry', test: 'chain',
      columns: [
        ...side('call'),
        {
          label: 'Strike', align: 'center', render: row => row.label,
        },
        ...side('put'),
      ],
      rowKey: row => row.strike,
      rowClass: row => `${row.strike === atStrike ? 'atm' : ''} ${
        [row.call, row.put].some(i => i && i === one) ? 'chosen' : ''}`.trim(),
      onChoose: (row, event) => {
        if (event.target.closest('a')) return;
        const middle = faces[face].length;
        const place = [...event.currentTarget.children].indexOf(event.target.closest('td'));
        const wanted = place > middle ? row.put : row.call;
        if (place !== middle && wanted) {
          location.hash = address('markets', wanted.instrument_name);
        }
      },
    });
    rows.node.dataset.face = face;
    replace(body, rows.node);
    body.scrollLeft = (body.scrollWidth - body.clientWidth) / 2;
    draw();
  }

  const draw = onFrame(() => {
    if (!rows || !one) return;
    atForward = forward();
    atStrike = atForward === null ? null : strikes.reduce((best, row) =>
      best === null || Math.abs(row.strike - atForward) < Math.abs(best - atForward)
        ? row.strike : best, null);
    rows.update(strikes);
    const left = expiry ? `expires ${time(expiry, 'moment')}, in ${span(expiry - venue.now)}` : '';
    setText(note, atForward === null ? left : `forward ${price(atForward, 0.01)} · ${left}`);
    chart.update(smile(strikes, row => [ticker(row, 'call'), ticker(row, 'put')], atForward));
  }, 4);

  /** Shows an expiry and hears its tickers. */
  function open(value) {
    expiry = value;
    const [, list] = venue.expiries(one.base_currency, one.settlement_currency)
      .find(([when]) => when === value) ?? [null, []];
    const found = new Map();
    for (const option of list) {
      if (!found.has(option.strike)) found.set(option.strike, { strike: option.strike });
      found.get(option.strike)[option.option_type] = option;
    }
    strikes = [...found.values()].sort((a, b) => a.strike - b.strike);
    for (const row of strikes) row.label = strikeLabel(row);
    const old = ends;
    ends = list.map(option => venue.watch(option.instrument_name, draw));
    for (const end of old) end();
    dates.mark(String(value));
    draw();
  }

  /** The strike with a way to its call and its put for the keyboard. */
  function strikeLabel(row) {
    const link = (option, text) => option && h('a', {
      href: address('markets', option.instrument_name),
      aria: { label: option.instrument_name }, title: option.instrument_name,
    }, text);
    return h('span', { class: 'strike' }, link(row.call, 'C'), h('b', {}, number(row.strike)),
      link(row.put, 'P'));
  }

  build();
  return {
    node: h('section', {
      class: 'card chain', aria: { label: 'Options' }, dataset: { test: 'options' },
    }, h('header', {}, title, dates.node, note, h('span', { class: 'push' }), views.node), none,
    parts),
    choose(instrument) {
      one = instrument;
      const all = venue.expiries(one.base_currency, one.settlement_currency);
      none.hidden = all.length > 0;
      parts.hidden = all.length === 0;
      views.node.hidden = all.length === 0;
      dates.node.hidden = all.length === 0;
      setText(title, `${one.base_currency} options`);
      if (all.length === 0) {
        strikes = [];
        setText(note, '');
        for (const end of ends) end();
        ends = [];
        return;
      }
      const own = one.kind === 'option' ? one.expiration_timestamp : expiry;
      const next = all.some(([when]) => when === own) ? own : all[0][0];
      dates.update(all.map(([when]) =>
        [String(when), time(when, 'date'), time(when, 'moment')]), String(next));
      open(next);
    },
    close() {
      for (const end of ends) end();
      draw.stop();
      chart.destroy();
    },
  };
}
