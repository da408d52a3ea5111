// What the API's own words mean to people: errors, steps of a liquidation, levels, faults of
// publishers. No DOM.

const levels = {
  normal: { text: 'normal', tone: 'ok' },
  auctionOnly: { text: 'auctions only', tone: 'warn' },
  reduceOnly: { text: 'reduce-only', tone: 'warn' },
  halted: { text: 'halted', tone: 'bad' },
};

export function level(name) {
  return levels[name] ?? { text: spaced(name), tone: 'warn' };
}

const triggers = {
  minuteMove: 'the index moved too far within a minute',
  fiveMinuteMove: 'the index moved too far within five minutes',
  sourceDivergence: 'the sources of the index disagree',
  bookDivergence: 'the book left the index',
  staleIndex: 'the index is stale',
  deadIndex: 'the index is dead',
  liquidations: 'many positions began to be liquidated',
  drawdown: 'the insurance fund paid a lot',
  guardian: 'the guardian raised the level',
};

export function trigger(name) {
  return triggers[name] ?? spaced(name);
}

const steps = {
  call: { text: 'margin call', tone: 'warn' },
  order: { text: 'closing order', tone: 'warn' },
  slice: { text: 'slice to the backstop', tone: 'warn' },
  deleverage: { text: 'deleveraging', tone: 'bad' },
  conversion: { text: 'collateral converted', tone: 'warn' },
  fund: { text: 'insurance fund paid', tone: 'bad' },
  shared_loss: { text: 'loss shared', tone: 'bad' },
  fee: { text: 'liquidation fee', tone: 'warn' },
  bad_debt: { text: 'debt that nobody covers', tone: 'bad' },
  end: { text: 'ended', tone: 'ok' },
};

export function step(name) {
  return steps[name] ?? { text: spaced(name), tone: 'warn' };
}

const causes = {
  manipulation: 'the cost of moving the index',
  fund: 'the insurance fund',
  volume: 'traded volume',
  float: 'the asset\'s float',
  hard_limit: 'the fixed limit',
  least_cap: 'the smallest cap',
};

export function cause(name) {
  return causes[name] ?? spaced(name);
}

const faults = {
  unknown_source: 'unknown source',
  stale: 'stale',
  zero: 'zero',
  negative: 'negative',
  at_bound: 'at a bound',
  no_conversion: 'no price to convert by',
  out_of_range: 'out of range',
  frozen: 'frozen',
  unit_shifted: 'wrong unit',
  outlier: 'far from the others',
};

/** Why a publisher's price does not count. */
export function fault(name) {
  return faults[name] ?? spaced(name);
}

/** camelCase and snake_case as words. */
export function spaced(name) {
  return String(name ?? '–').replace(/_/g, ' ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
}

const lost = 0; // core/transport.js
const missing = -32601;
const parameter = -32602;
const slow = [10028, 10047];
const unauthorized = [13004, 13009, 13021, 13028];

/** An error of a call in a sentence that says what to do next. */
export function explain(error, method = '') {
  const code = error?.code;
  const reason = error?.data?.reason ? `: ${error.data.reason}` : '';
  if (code === missing) return `This node does not offer ${method || 'this method'}.`;
  if (code === parameter) return `The node refused a parameter${reason}.`;
  if (slow.includes(code)) return 'Too many requests; it goes on by itself in a moment.';
  if (unauthorized.includes(code)) return `The key does not allow it${reason}.`;
  if (code === undefined || code === null) return `This page failed: ${error?.message ?? error}.`;
  if (code === lost) return 'No connection to the node; this goes on by itself when it is back.';
  return `${error.message ?? 'The node refused'}${reason} (${code}).`;
}
