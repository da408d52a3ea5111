// What the account page knows: one place that asks and listens, so that its parts show the same
// moment. Channels bring changes as they happen; what channels do not say, and what may have been
// missed while the connection was broken, is asked for.

import { explain } from '../../model/words.js';

const mostTrades = 100;
const positionsEvery = 2000; // ms; prices move them too
const allChanges = 'user.changes.any.any.raw';

export class AccountState {
  #api;
  #handlers = new Map(); // kind → Set
  #last = new Map();
  #stops = [];
  #orders = new Map();
  #trades = new Map();
  #timer = null;
  #isStopped = false;
  #portfolio = null; // the channel's end

  constructor(api) {
    this.#api = api;
  }

  /**
   * Hears `summary`, `currencies`, `positions`, `orders`, `trades`, `lock`, `change` or `problem`;
   * told at once what is known.
   */
  on(kind, handler) {
    if (!this.#handlers.has(kind)) this.#handlers.set(kind, new Set());
    this.#handlers.get(kind).add(handler);
    if (this.#last.has(kind)) handler(this.#last.get(kind));
    return () => this.#handlers.get(kind).delete(handler);
  }

  get account() {
    return this.#api.session?.account ?? null;
  }

  start() {
    this.#stops.push(
      this.#api.onReady(() => this.refresh()),
      this.#api.subscribe(allChanges, data => this.#change(data), {
        onGap: () => this.refresh(), onFail: error => this.#problem(error, allChanges),
      }),
      this.#api.subscribe('user.lock', data => this.#tell('lock', data.locked === true), {
        onFail: () => {},
      }));
    this.refresh();
    this.#timer = setInterval(() => document.hidden || this.#positions(), positionsEvery);
  }

  stop() {
    this.#isStopped = true;
    clearInterval(this.#timer);
    for (const stop of this.#stops.splice(0)) stop();
    this.#portfolio?.();
  }

  refresh() {
    this.#summaries();
    this.#positions();
    this.#ask('private/get_open_orders', {}, orders => {
      this.#orders = new Map(orders.map(order => [order.order_id, order]));
      this.#tellOrders();
    });
    this.#ask('private/get_user_trades_by_currency', { currency: 'any', count: mostTrades },
      ({ trades }) => this.#addTrades(trades));
    this.#ask('private/get_user_locks', {},
      locks => this.#tell('lock', locks.some(lock => lock.enabled)));
  }

  #tell(kind, data) {
    if (this.#isStopped) return;
    this.#last.set(kind, data);
    for (const handler of this.#handlers.get(kind) ?? []) handler(data);
  }

  #problem(error, method) {
    this.#tell('problem', { text: explain(error, method), method, code: error?.code });
  }

  async #ask(method, params, take) {
    if (this.#isStopped || !this.#api.session) return;
    try {
      const result = await this.#api.call(method, params);
      if (!this.#isStopped) take(result);
    } catch (error) {
      if (error?.code === undefined) console.error(error);
      this.#problem(error, method);
    }
  }

  #summaries() {
    this.#ask('private/get_account_summaries', { extended: true }, ({ summaries }) => {
      const [first] = summaries;
      this.#tell('currencies', summaries);
      if (!first) return;
      this.#tell('summary', first);
      this.#portfolio ??= this.#api.subscribe(`user.portfolio.${first.currency}`,
        data => this.#tell('summary', data),
        { onFail: error => this.#problem(error, 'portfolio') });
    });
  }

  #positions() {
    this.#ask('private/get_positions', { currency: 'any' },
      positions => this.#tell('positions', positions.filter(entry => entry.size !== 0)));
  }

  #change(data) {
    for (const order of data.orders ?? []) {
      if (order.order_state === 'open' || order.order_state === 'untriggered') {
        this.#orders.set(order.order_id, order);
      } else {
        this.#orders.delete(order.order_id);
      }
    }
    if (data.orders?.length) this.#tellOrders();
    if (data.trades?.length) this.#addTrades(data.trades);
    if (data.positions?.length) this.#positions();
    this.#tell('change', data);
  }

  #tellOrders() {
    this.#tell('orders', [...this.#orders.values()]
      .sort((a, b) => b.creation_timestamp - a.creation_timestamp));
  }

  #addTrades(trades) {
    for (const trade of trades) this.#trades.set(trade.trade_id, trade);
    const newest = [...this.#trades.values()]
      .sort((a, b) => b.timestamp - a.timestamp || b.trade_seq - a.trade_seq).slice(0, mostTrades);
    this.#trades = new Map(newest.map(trade => [trade.trade_id, trade]));
    this.#tell('trades', newest);
  }
}
