// The order book as people read it: asks above, bids below, sums from the middle as bars. Rows are
// made once and written over; it is drawn at most fifteen times a second.

import { h, onFrame, setAttribute, setText } from '../core/dom.js';
import { amount, exact, percent, price } from '../core/format.js';
import { Book } from './book.js';

const groups = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]; // ticks
const rowHeight = 18; // px, as in markets.css
const perSecond = 15;

export function bookView({ api, onBook }) {
  const book = new Book();
  let one = null;
  let group = 1;
  let end = null;
  let room = 12; // rows a side
  let fault = null;

  const select = h('select', {
    aria: { label: 'Prices of the book in groups of' }, dataset: { test: 'book-group' },
    onchange: () => {
      group = Number(select.value);
      draw();
    },
  });
  const asks = h('tbody', { class: 'asks', dataset: { test: 'book-asks' } });
  const bids = h('tbody', { class: 'bids', dataset: { test: 'book-bids' } });
  const middle = h('td', {
    colspan: '3', class: 'center middle', dataset: { test: 'book-spread' },
  });
  const heads = ['Price', 'Amount', 'Sum'].map(text => h('th', { scope: 'col' }, text));
  const body = h('div', { class: 'book-body' }, h('table', { dataset: { test: 'book' } },
    h('caption', { class: 'hidden' }, 'Order book: asks above, bids below'),
    h('thead', {}, h('tr', {}, heads)), asks, h('tbody', {}, h('tr', {}, middle)), bids));

  const pools = { asks: [], bids: [] };

  function fit(side, node) {
    const pool = pools[side];
    while (pool.length < room) {
      const cells = [h('td', { class: side === 'asks' ? 'down' : 'up' }), h('td'), h('td')];
      pool.push({ node: h('tr', {}, cells), cells, share: -1 });
    }
    const wanted = pool.slice(0, room).map(row => row.node);
    if (side === 'asks') wanted.reverse();
    if (node.children.length !== room) node.replaceChildren(...wanted);
  }

  function fill(side, levels, most, step) {
    for (let i = 0; i < room; i += 1) {
      const row = pools[side][i];
      const level = levels[i];
      const share = level && most > 0 ? Math.round(100 * level.total / most) : 0;
      if (row.share !== share) {
        row.share = share;
        row.node.style.backgroundSize = `${share}% 100%`;
      }
      setText(row.cells[0], level ? price(level.price, one.tick_size) : '');
      setText(row.cells[1], level ? amount(level.amount, step) : '');
      setText(row.cells[2], level ? amount(level.total, step) : '');
      setAttribute(row.cells[1], 'title', level && level.amount >= 1e7 ? exact(level.amount) : '');
    }
  }

  function words() {
    if (fault) return fault;
    if (!book.isKnown) return 'loading…';
    const { bid, ask, mid, spread } = book.top;
    if (bid === null && ask === null) return 'no orders';
    if (ask === null) return 'no asks';
    if (bid === null) return 'no bids';
    const half = one.tick_size / 2;
    if (spread <= 0) return `crossed, awaiting an auction · mid ${price(mid, half)}`;
    return `${price(mid, half)}  ·  spread ${price(spread, one.tick_size)}`
      + ` (${percent(spread / mid, 3)})`;
  }

  const draw = onFrame(() => {
    if (!one) return;
    fit('asks', asks);
    fit('bids', bids);
    const settings = { tick: one.tick_size, group, limit: room };
    const above = book.levels('asks', settings);
    const below = book.levels('bids', settings);
    const most = Math.max(above.at(-1)?.total ?? 0, below.at(-1)?.total ?? 0);
    fill('asks', above, most, one.contract_size);
    fill('bids', below, most, one.contract_size);
    setText(middle, words());
    onBook(book);
  }, perSecond);

  function take(data) {
    if (book.take(data)) fault = null;
    else api.renew(`book.${one.instrument_name}.raw`);
    draw();
  }

  const watcher = new ResizeObserver(([entry]) => {
    const rows = Math.floor((entry.contentRect.height - 40) / (2 * rowHeight));
    const next = Math.max(5, Math.min(40, rows));
    if (next === room) return;
    room = next;
    draw();
  });
  watcher.observe(body);

  return {
    node: h('section', { class: 'card book', aria: { label: 'Order book' } },
      h('header', {}, h('h2', {}, 'Book'), h('span', { class: 'push' }), select), body),
    choose(instrument) {
      end?.();
      one = instrument;
      book.clear();
      fault = null;
      const kept = group;
      select.replaceChildren(...groups.map(ticks => h('option', { value: String(ticks) },
        price(ticks * one.tick_size, one.tick_size))));
      group = groups.includes(kept) ? kept : 1;
      select.value = String(group);
      end = api.subscribe(`book.${one.instrument_name}.raw`, take, {
        onFail: error => {
          fault = error.message;
          draw();
        },
      });
      draw();
    },
    close() {
      end?.();
      draw.stop();
      watcher.disconnect();
    },
  };
}
