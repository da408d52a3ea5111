// The book of one market from its channel: a snapshot, then changes that each name the one before.
// A gap means that something was missed: then all is asked for anew.

export class Book {
  bids = new Map(); // price → amount
  asks = new Map();
  isKnown = false;
  #change = null;

  /** Takes a message; false where it does not follow the last one. */
  take(data) {
    if (data.type === 'snapshot') {
      this.bids.clear();
      this.asks.clear();
      this.isKnown = true;
    } else if (!this.isKnown || data.prev_change_id !== this.#change) {
      this.isKnown = false;
      return false;
    }
    this.#change = data.change_id;
    this.#apply(this.bids, data.bids);
    this.#apply(this.asks, data.asks);
    return true;
  }

  clear() {
    this.bids.clear();
    this.asks.clear();
    this.isKnown = false;
    this.#change = null;
  }

  #apply(side, levels) {
    for (const [change, price, amount] of levels) {
      if (change === 'delete') side.delete(price);
      else side.set(price, amount);
    }
  }

  /**
   * One side, best first, in groups of so many ticks and with sums from the best:
   * [{price, amount, total}]. Groups round away from the middle.
   */
  levels(side, { tick, group = 1, limit = Infinity }) {
    const isBid = side === 'bids';
    const sorted = [...this[side]].sort((a, b) => isBid ? b[0] - a[0] : a[0] - b[0]);
    const rows = [];
    let total = 0;
    for (const [price, amount] of sorted) {
      const steps = Math.round(price / tick);
      const place = group === 1 ? steps : (isBid ? Math.floor : Math.ceil)(steps / group) * group;
      total += amount;
      const last = rows.at(-1);
      if (last && last.place === place) {
        last.amount += amount;
        last.total = total;
      } else {
        if (rows.length === limit) break;
        rows.push({ place, price: group === 1 ? price : place * tick, amount, total });
      }
    }
    return rows;
  }

  /** {bid, ask, mid, spread}; what a side lacks is null. */
  get top() {
    let bid = null;
    let ask = null;
    for (const price of this.bids.keys()) if (bid === null || price > bid) bid = price;
    for (const price of this.asks.keys()) if (ask === null || price < ask) ask = price;
    if (bid === null || ask === null) return { bid, ask, mid: null, spread: null };
    return { bid, ask, mid: (bid + ask) / 2, spread: ask - bid };
  }
}
