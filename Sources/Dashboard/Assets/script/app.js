'use strict';
const at = id => document.getElementById(id);
const calls = new Map(), tickers = new Map();
let socket, next = 1, chosen = null, held = [], instruments = [], expiries = [];
let candles = [], tape = [], dirty = new Set();
const number = (value, digits) => value == null ? '–' : Number(value).toLocaleString(
  'en-US', { minimumFractionDigits: digits ?? 0, maximumFractionDigits: digits ?? 2 });
function cell(row, text, name) {
  const td = row.insertCell(); td.textContent = text; if (name) td.className = name;
  return td;
}
function call(method, params) {
  const id = next++;
  socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
  return new Promise((done, fail) => calls.set(id, { done, fail }));
}
function connect() {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  socket = new WebSocket(`${scheme}://${location.host}/ws/api/v2`);
  socket.onopen = begin;
  socket.onclose = () => { show('reconnecting…'); setTimeout(connect, 1000); };
  socket.onmessage = event => {
    const message = JSON.parse(event.data);
    if (message.method === 'subscription') return heard(message.params);
    if (message.params && message.params.type === 'test_request')
      return call('public/test', {});
    const waiting = calls.get(message.id);
    if (!waiting) return;
    calls.delete(message.id);
    message.error ? waiting.fail(message.error) : waiting.done(message.result);
  };
}
function show(text) { at('state').textContent = text; }
async function begin() {
  held = [];
  const chain = await call('public/get_chain', {});
  at('chain').textContent = `${chain.name || ''} chain ${chain.chain_id.slice(0, 12)}…`;
  instruments = await call('public/get_instruments', { currency: 'any' });
  const linear = instruments.filter(i => i.kind !== 'option' && i.is_active);
  const kinds = ['future', 'spot'];
  linear.sort((a, b) => (a.settlement_period === 'perpetual' ? 0 : 1)
    - (b.settlement_period === 'perpetual' ? 0 : 1)
    || kinds.indexOf(a.kind) - kinds.indexOf(b.kind)
    || a.expiration_timestamp - b.expiration_timestamp);
  at('linear').replaceChildren();
  for (const entry of linear) {
    const row = at('linear').insertRow();
    row.dataset.name = entry.instrument_name;
    row.onclick = () => choose(entry);
    for (let i = 0; i < 5; i++) cell(row, i ? '' : entry.instrument_name);
  }
  await call('public/subscribe', { channels: ['block',
    ...linear.map(i => `ticker.${i.instrument_name}.100ms`)] });
  if (linear.length) await choose(chosen || linear[0]);
  show('live');
}
async function choose(entry) {
  chosen = entry;
  const name = entry.instrument_name;
  if (held.length) await call('public/unsubscribe', { channels: held });
  for (const row of at('linear').rows)
    row.classList.toggle('chosen', row.dataset.name === name);
  at('title').textContent = name; tape = [];
  const now = Date.now();
  const time = await call('public/get_time', {});
  const data = await call('public/get_tradingview_chart_data', { instrument_name: name,
    start_timestamp: time - 7200e3, end_timestamp: time, resolution: '1' });
  candles = (data.ticks || []).map((tick, i) => ({ tick, open: data.open[i],
    high: data.high[i], low: data.low[i], close: data.close[i] }));
  const last = await call('public/get_last_trades_by_instrument',
    { instrument_name: name, count: 14 });
  tape = last.trades;
  held = [`book.${name}.none.10.100ms`, `trades.${name}.100ms`,
    `chart.trades.${name}.1`];
  await call('public/subscribe', { channels: held });
  mark('candles'); mark('tape');
  await chooseExpiries(entry.base_currency);
}
async function chooseExpiries(base) {
  const options = instruments.filter(i => i.kind === 'option'
    && i.base_currency === base && i.is_active);
  expiries = [...new Set(options.map(i => i.expiration_timestamp))].sort((a, b) => a - b);
  const select = at('expiry');
  const old = select.value;
  select.replaceChildren(...expiries.map(time => new Option(
    new Date(time).toISOString().slice(0, 10), time)));
  if (expiries.includes(Number(old))) select.value = old;
  select.onchange = drawChain;
  await drawChain();
}
async function drawChain() {
  const expiry = Number(at('expiry').value);
  const wanted = instruments.filter(i => i.kind === 'option' && chosen
    && i.base_currency === chosen.base_currency && i.expiration_timestamp === expiry);
  const strikes = [...new Set(wanted.map(i => i.strike))].sort((a, b) => a - b);
  const quotes = new Map(await Promise.all(wanted.map(async i => [i.strike + i.option_type,
    await call('public/ticker', { instrument_name: i.instrument_name })])));
  const rows = document.createDocumentFragment();
  for (const strike of strikes) {
    const row = document.createElement('tr');
    const call_ = quotes.get(strike + 'call') || {}, put = quotes.get(strike + 'put') || {};
    const delta = quote => number(quote.greeks && quote.greeks.delta, 3);
    cell(row, number(call_.mark_price, 2)); cell(row, delta(call_));
    cell(row, number(call_.mark_iv, 1)); cell(row, number(strike));
    cell(row, number(put.mark_iv, 1)); cell(row, delta(put));
    cell(row, number(put.mark_price, 2));
    rows.append(row);
  }
  at('chainRows').replaceChildren(rows);
}
function heard({ channel, data }) {
  const kind = channel.split('.')[0];
  if (kind === 'block') {
    show(`block ${number(data.height)} · ${new Date(data.timestamp).toISOString()
      .slice(11, 19)} UTC`);
  } else if (kind === 'ticker') { tickers.set(data.instrument_name, data); mark('linear'); }
  else if (kind === 'book') drawBook(data);
  else if (kind === 'trades') { tape = [...data.slice().reverse(), ...tape].slice(0, 14);
    mark('tape'); }
  else if (kind === 'chart') {
    const last = candles[candles.length - 1];
    if (last && last.tick === data.tick) candles.pop();
    candles.push(data); candles = candles.slice(-120); mark('candles');
  }
}
function mark(part) {
  if (!dirty.size) requestAnimationFrame(() => { const parts = [...dirty]; dirty.clear();
    for (const name of parts) drawings[name](); });
  dirty.add(part);
}
const drawings = {
  linear() {
    for (const row of at('linear').rows) {
      const t = tickers.get(row.dataset.name);
      if (!t) continue;
      const change = t.stats && t.stats.price_change;
      row.cells[1].textContent = number(t.mark_price, 1);
      row.cells[2].textContent = change == null ? '–' : number(change, 2) + ' %';
      row.cells[2].className = change >= 0 ? 'up' : 'down';
      row.cells[3].textContent = number(t.open_interest, 2);
      row.cells[4].textContent = t.funding_8h == null ? ''
        : number(t.funding_8h * 100, 4) + ' %';
    }
  },
  tape() {
    const rows = document.createDocumentFragment();
    for (const trade of tape) {
      const row = document.createElement('tr');
      cell(row, new Date(trade.timestamp).toISOString().slice(11, 19), 'quiet');
      cell(row, number(trade.price, 1), trade.direction === 'buy' ? 'up' : 'down');
      cell(row, number(trade.amount, 4));
      rows.append(row);
    }
    at('tape').replaceChildren(rows);
  },
  candles() {
    const svg = at('candles');
    if (!candles.length) return svg.replaceChildren();
    const high = Math.max(...candles.map(c => c.high));
    const low = Math.min(...candles.map(c => c.low));
    const y = price => 8 + 244 * (high - price) / Math.max(high - low, 1e-9);
    const step = 720 / Math.max(candles.length, 30), parts = [];
    candles.forEach((c, i) => {
      const color = c.close >= c.open ? 'var(--up)' : 'var(--down)';
      const x = (i + 0.5) * step;
      const shape = (name, attributes) => {
        const node = document.createElementNS('http://www.w3.org/2000/svg', name);
        for (const key in attributes) node.setAttribute(key, attributes[key]);
        parts.push(node);
      };
      shape('line', { x1: x, x2: x, y1: y(c.high), y2: y(c.low), stroke: color });
      shape('rect', { x: x - step * 0.35, width: step * 0.7, fill: color,
        y: y(Math.max(c.open, c.close)),
        height: Math.max(1, Math.abs(y(c.open) - y(c.close))) });
    });
    svg.replaceChildren(...parts);
    const last = candles[candles.length - 1];
    at('last').textContent = number(last.close, 1);
    at('last').className = 'price ' + (last.close >= last.open ? 'up' : 'down');
    at('scale').textContent = `${candles.length} minutes, low ${number(low, 1)}, `
      + `high ${number(high, 1)}`;
  },
};
function drawBook(book) {
  const most = Math.max(...book.bids.map(l => l[1]), ...book.asks.map(l => l[1]), 0);
  const fill = (id, levels, color) => {
    const rows = document.createDocumentFragment();
    for (const [price, amount] of levels) {
      const row = document.createElement('tr');
      const share = most ? 100 * amount / most : 0;
      cell(row, number(amount, 4)).style.backgroundImage =
        `linear-gradient(to left, ${color} ${share}%, transparent ${share}%)`;
      cell(row, number(price, 1));
      rows.append(row);
    }
    at(id).replaceChildren(rows);
  };
  fill('asks', book.asks.slice().reverse(), 'rgba(200, 70, 60, .18)');
  fill('bids', book.bids, 'rgba(20, 150, 100, .18)');
  at('spread').textContent = book.asks.length && book.bids.length
    ? 'spread ' + number(book.asks[0][0] - book.bids[0][0], 1) : 'one side is empty';
}
connect();
