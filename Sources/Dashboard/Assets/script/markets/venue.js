// What the venue lists and what its tickers say: shared by the parts of the markets page. Tickers
// are heard only as long as a part wants them.

import { span } from '../core/format.js';

const kinds = ['perpetual', 'future', 'spot', 'option'];

/** `perpetual`, `future`, `option` or `spot`. */
export const kindOf = one =>
  one.kind === 'future' && one.settlement_period === 'perpetual' ? 'perpetual' : one.kind;

const order = (a, b) => kinds.indexOf(kindOf(a)) - kinds.indexOf(kindOf(b))
  || a.expiration_timestamp - b.expiration_timestamp
  || a.instrument_id - b.instrument_id;

/** How long until a market expires, at the venue's time; null for what never does. */
export function untilExpiry(one, now) {
  if (kindOf(one) === 'perpetual' || kindOf(one) === 'spot') return null;
  return Math.max(0, one.expiration_timestamp - now);
}

export const expiresIn = (one, now) => {
  const left = untilExpiry(one, now);
  return left === null ? '' : left === 0 ? 'expired' : span(left);
};

export class Venue {
  instruments = new Map();
  tickers = new Map();
  #api;
  #readers = new Set();
  #ends = [];
  #timer = null;

  constructor(api) {
    this.#api = api;
    const later = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.load(), 500);
    };
    this.#ends.push(
      api.onReady(() => this.load()),
      api.subscribe('instrument.state.any.any', later));
  }

  /** Called with each new list: handler(error or null). */
  onList(handler) {
    this.#readers.add(handler);
  }

  async load() {
    let error = null;
    try {
      const list = await this.#api.call('public/get_instruments', { currency: 'any' });
      const open = list.filter(one => one.is_active !== false).sort(order);
      this.instruments = new Map(open.map(one => [one.instrument_name, one]));
    } catch (reason) {
      error = reason;
    }
    for (const handler of this.#readers) handler(error);
  }

  /** The time of the last block, milliseconds since 1970. */
  get now() {
    return this.#api.state.block?.timestamp ?? Date.now();
  }

  /** Hears a ticker; the result ends it. */
  watch(name, handler, pace = '100ms') {
    return this.#api.subscribe(`ticker.${name}.${pace}`, data => {
      this.tickers.set(name, data);
      handler(data);
    });
  }

  /** Options of an underlying by expiry, in order: [[expiry, [instrument, …]], …]. */
  expiries(base, settlement) {
    const found = new Map();
    for (const one of this.instruments.values()) {
      if (one.kind !== 'option' || one.base_currency !== base) continue;
      if (settlement && one.settlement_currency !== settlement) continue;
      if (!found.has(one.expiration_timestamp)) found.set(one.expiration_timestamp, []);
      found.get(one.expiration_timestamp).push(one);
    }
    return [...found].sort((a, b) => a[0] - b[0]);
  }

  close() {
    clearTimeout(this.#timer);
    this.#readers.clear();
    for (const end of this.#ends) end();
  }
}
