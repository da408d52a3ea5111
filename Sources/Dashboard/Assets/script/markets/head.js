// The chosen market in one line of figures, and above it, where it does not trade as usual, why.

import { h, onFrame, replace, setText, stat } from '../core/dom.js';
import {
  amount, direction, exact, money, number, percent, plain, price, signed, span,
} from '../core/format.js';
import { restraint } from './holds.js';
import { expiresIn, kindOf } from './venue.js';

const hour = 3600e3;
const pause = 3000; // ms between looks at what holds a market

/** Figures of each kind: [name, test, (ticker, instrument, now) → [text, {class, title}]]. */
const figures = {
  index: ['Index', 'index', (t, one) => [price(t.index_price || null, one.tick_size), {
    title: exact(t.index_price),
  }]],
  change: ['24 h', 'change', t => [
    t.stats?.price_change === null ? '–'
      : signed(percent(t.stats?.price_change / 100), t.stats?.price_change),
    { class: direction(t.stats?.price_change) },
  ]],
  range: ['24 h range', 'range', (t, one) => [
    t.stats?.high === null ? '–'
      : `${price(t.stats?.low, one.tick_size)} – ${price(t.stats?.high, one.tick_size)}`, {},
  ]],
  volume: ['24 h volume', 'volume', (t, one) => [
    `${money(t.stats?.volume_notional)} ${one.quote_currency}`,
    { title: `${exact(t.stats?.volume)} ${one.base_currency}` },
  ]],
  interest: ['Open interest', 'open-interest', (t, one) => [
    `${amount(t.open_interest)} ${one.base_currency}`,
    { title: `${money(t.open_interest * t.mark_price)} ${one.quote_currency}` },
  ]],
  funding: ['Funding 8 h', 'funding', t => [percent(t.funding_8h, 4), {
    title: `Longs pay shorts ${percent(t.funding_8h / 8, 5)} an hour, moment by moment`,
  }]],
  countdown: ['Next rate', 'countdown', (t, one, now) => [span(hour - now % hour), {
    title: 'The funding rate is set anew at each full hour',
  }]],
  basis: ['Basis', 'basis', t => [percent(t.mark_price / t.index_price - 1, 3), {
    class: direction(t.mark_price - t.index_price), title: 'The mark over the index',
  }]],
  expiry: ['Expires in', 'expiry', (t, one, now) => [expiresIn(one, now), {
    title: new Date(one.expiration_timestamp).toISOString(),
  }]],
  forward: ['Forward', 'forward', (t, one) => [price(t.underlying_price, one.tick_size), {}]],
  volatility: ['Mark IV', 'iv', t => [percent((t.mark_iv ?? NaN) / 100, 1), {}]],
  delta: ['Delta', 'delta', t => [plain(t.greeks?.delta, 3), {}]],
};
const rows = {
  perpetual: ['index', 'change', 'funding', 'countdown', 'interest', 'volume', 'range'],
  future: ['index', 'basis', 'change', 'expiry', 'interest', 'volume', 'range'],
  spot: ['index', 'change', 'volume', 'range'],
  option: ['forward', 'volatility', 'delta', 'change', 'expiry', 'interest', 'volume'],
};

export function marketHead({ api, venue, onTicker }) {
  let one = null;
  let end = null;
  let holds = [];
  let timer = null;
  let places = [];

  const name = h('h2', { class: 'name', dataset: { test: 'market-name' } }, '…');
  const kind = h('span', { class: 'quiet' });
  const tag = h('span', { class: 'tag', hidden: '', dataset: { test: 'market-state' } });
  const mark = h('span', { class: 'mark figures', dataset: { test: 'mark' } }, '–');
  const strip = h('dl', { class: 'stats' });
  const banner = h('p', {
    class: 'notice', role: 'status', hidden: '', dataset: { test: 'banner' },
  });

  function setNames() {
    setText(name, one.instrument_name);
    const words = one.kind === 'option'
      ? `${one.option_type}, strike ${number(one.strike)}` : kindOf(one);
    setText(kind, `${words} · ${one.compartment ?? one.settlement_currency}`);
    places = rows[kindOf(one)].map(key => {
      const [label, test, form] = figures[key];
      return { ...stat(label, test), form };
    });
    replace(strip, places.map(place => place.node));
  }

  const draw = onFrame(() => {
    const ticker = one && venue.tickers.get(one.instrument_name);
    if (!ticker) return;
    setText(mark, price(ticker.mark_price || null, one.tick_size));
    mark.title = `mark ${exact(ticker.mark_price)}`;
    for (const { show, form } of places) show(...form(ticker, one, venue.now));
    const found = restraint(ticker, one, holds, venue.now);
    tag.hidden = !found;
    banner.hidden = !found;
    if (!found) return;
    setText(tag, found.tag);
    tag.className = `tag ${found.tone}`;
    banner.className = `notice ${found.tone}`;
    banner.dataset.level = ticker.level ?? '';
    setText(banner, found.text);
  }, 8);

  /** Asks what holds the market, as long as something does. */
  async function look() {
    clearTimeout(timer);
    const ticker = one && venue.tickers.get(one.instrument_name);
    const isHeld = ticker && (ticker.level !== 'normal' || ticker.phase !== 'continuous');
    if (isHeld && !document.hidden) {
      holds = await api.call('public/get_breakers').then(all => all.holds, () => holds);
      draw();
    }
    clearTimeout(timer);
    timer = setTimeout(look, pause);
  }

  const second = setInterval(() => !document.hidden && draw(), 1000);
  return {
    node: h('section', { class: 'card head', aria: { label: 'Chosen market' } },
      h('div', { class: 'title' }, name, kind, tag), mark, strip, banner),
    choose(instrument) {
      const isNew = one?.instrument_name !== instrument.instrument_name;
      one = instrument;
      if (!isNew) return;
      end?.();
      setText(mark, '–');
      setNames();
      let level = null;
      end = venue.watch(one.instrument_name, ticker => {
        draw();
        onTicker(ticker);
        if (ticker.level === level) return;
        level = ticker.level;
        look();
      });
      draw();
    },
    fail(text) {
      setText(name, text);
      kind.textContent = '';
    },
    close() {
      end?.();
      clearTimeout(timer);
      clearInterval(second);
      draw.stop();
    },
  };
}
