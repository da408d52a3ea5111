// What a market's state is called and why, and the smile beside its options.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../../Sources/Dashboard/Assets/script/core/router.js';
import { restraint } from '../../../Sources/Dashboard/Assets/script/markets/holds.js';
import { smile } from '../../../Sources/Dashboard/Assets/script/markets/smile.js';

const market = { instrument_name: 'BTC-PERP', base_currency: 'BTC', compartment: 'MAIN' };
const well = { state: 'open', phase: 'continuous', level: 'normal', index_price: 1 };
const hold = (scope, name, trigger) =>
  ({ scope, name, level: 'halted', triggers: [{ trigger, level: 'halted', until: 60000 }] });

test('a market that trades says nothing', () => {
  assert.equal(restraint(well, market, [], 0), null);
});

test('each state has its word', () => {
  const tag = change => restraint({ ...well, ...change }, market, [], 0)?.tag;
  assert.equal(tag({ level: 'auctionOnly', phase: 'auction' }), 'Auctions only');
  assert.equal(tag({ level: 'reduceOnly' }), 'Reduce only');
  assert.equal(tag({ level: 'halted' }), 'Halted');
  assert.equal(tag({ phase: 'halted' }), 'Halted');
  assert.equal(tag({ phase: 'auction' }), 'Auction');
  assert.equal(tag({ state: 'settlement' }), 'Expired');
  assert.equal(tag({ state: 'delivered' }), 'Settled');
  assert.equal(tag({ index_price: 0 }), 'No price');
});

test('only what bears on the market is a reason', () => {
  const { text } = restraint({ ...well, level: 'halted' }, market, [
    hold('underlying', 'BTC', 'deadIndex'), hold('underlying', 'ETH', 'guardian'),
    hold('compartment', 'MAIN', 'drawdown'), hold('instrument', 'BTC-PERP', 'newTrigger'),
  ], 0);
  assert.match(text, /the index is too old \[BTC\], until 00:01:00 at the latest \(01:00\)/);
  assert.match(text, /the insurance fund is paying out fast \[MAIN\]/);
  assert.match(text, /newTrigger/);
  assert.doesNotMatch(text, /guardian/);
});

test('a strike speaks by its option out of the money, and zero is no volatility', () => {
  const rows = [{ strike: 90 }, { strike: 110 }];
  const call = { mark_iv: 50, bid_iv: 0, ask_iv: 60 };
  const put = { mark_iv: 40, bid_iv: 35, ask_iv: 0 };
  const [mark, bid, ask] = smile(rows, () => [call, put], 100).map(line => line.points);
  assert.deepEqual(mark, [{ x: 90, y: 40 }, { x: 110, y: 50 }]);
  assert.deepEqual(bid, [{ x: 90, y: 35 }]);
  assert.deepEqual(ask, [{ x: 110, y: 60 }]);
});

test('an address that is broken leads to the markets', () => {
  assert.equal(parse('').name, 'markets');
  assert.equal(parse('#/../x').name, 'markets');
  assert.deepEqual(parse('#/markets/A%2FB?x=1').path, ['A/B']);
  assert.deepEqual(parse('#/markets/%E0%A4%A').path, ['%E0%A4%A']);
});
