// Why a market does not trade as usual, in words: its level, its phase, and what holds it.

import { span, time } from '../core/format.js';

const reasons = {
  minuteMove: 'the index moved too far within a minute',
  fiveMinuteMove: 'the index moved too far within five minutes',
  sourceDivergence: 'the price sources disagree',
  bookDivergence: 'the book stands away from the index',
  staleIndex: 'the index is old',
  deadIndex: 'the index is too old',
  liquidations: 'many positions are being liquidated',
  drawdown: 'the insurance fund is paying out fast',
  guardian: 'by order of the guardian',
};

const levels = {
  auctionOnly: ['Auctions only', 'orders are collected and cleared at one price every few seconds'],
  reduceOnly: ['Reduce only', 'only orders that make positions smaller are taken, in auctions'],
  halted: ['Halted', 'no orders are taken; orders can be cancelled'],
};

/** {tag, tone, text} of a ticker with the holds of public/get_breakers; null where all is well. */
export function restraint(ticker, instrument, holds, now) {
  const { state, phase, level = 'normal' } = ticker;
  if (phase === 'settled' || state === 'delivered') {
    return { tag: 'Settled', tone: 'warn', text: 'This market has expired and is settled.' };
  }
  if (phase === 'expired' || state === 'settlement') {
    return { tag: 'Expired', tone: 'warn', text: 'This market has expired and awaits settlement.' };
  }
  const [tag, meaning] = levels[level] ?? [];
  const why = holdsOf(instrument, holds).flatMap(hold => hold.triggers.map(one => {
    const left = one.until - now;
    const until = left > 0 ? `, until ${time(one.until)} at the latest (${span(left)})` : '';
    const scope = hold.scope === 'instrument' ? '' : ` [${hold.name}]`;
    return `${reasons[one.trigger] ?? one.trigger}${scope}${until}`;
  }));
  if (tag) {
    const cause = why.length > 0 ? ` Why: ${why.join('; ')}.` : '';
    return { tag, tone: level === 'halted' ? 'bad' : 'warn', text: `${tag}: ${meaning}.${cause}` };
  }
  if (state === 'halted' || phase === 'halted') {
    return { tag: 'Halted', tone: 'bad', text: 'Halted: no orders are taken.' };
  }
  if (!(ticker.index_price > 0)) {
    return {
      tag: 'No price', tone: 'warn',
      text: 'No price yet: nobody has told the index of this market, so it has no mark either.',
    };
  }
  if (phase === 'auction') {
    return {
      tag: 'Auction', tone: 'warn',
      text: 'Auction: orders are collected and will be cleared at one price; then trading goes on.',
    };
  }
  return null;
}

/** The holds that bear on a market: its own, its underlying's, its compartment's. */
export function holdsOf(instrument, holds) {
  return (holds ?? []).filter(({ scope, name }) =>
    scope === 'instrument' && name === instrument.instrument_name
    || scope === 'underlying' && name === instrument.base_currency
    || scope === 'compartment' && name === instrument.compartment);
}
