// Profiles, margin health, places of sources, names of leaves, and words for errors.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as leaves from '../../../Sources/Dashboard/Assets/script/model/leaves.js';
import * as profile from '../../../Sources/Dashboard/Assets/script/model/profile.js';
import * as risk from '../../../Sources/Dashboard/Assets/script/model/risk.js';
import * as sources from '../../../Sources/Dashboard/Assets/script/model/sources.js';
import * as words from '../../../Sources/Dashboard/Assets/script/model/words.js';

const points = [
  { move: 0.2, profit: 200 }, { move: -0.2, profit: -200 }, { move: 0, profit: 0 },
];

test('a profile is read between its points and not beyond them', () => {
  assert.equal(profile.at(points, 0.1), 100);
  assert.equal(profile.at(points, -0.2), -200);
  assert.equal(profile.at(points, 0.21), null);
  assert.equal(profile.at([], 0), null);
  assert.equal(profile.at([{ move: 0, profit: 1 }, { move: 1, profit: 2 }], 0.5, 'other'), null);
  assert.deepEqual(profile.worst(points), { move: -0.2, profit: -200 });
  assert.equal(profile.worst([{ move: 0, profit: 0 }]), null);
});

test('liquidation begins where equity falls to maintenance', () => {
  const moves = profile.liquidationMoves(points, 150, 50);
  assert.ok(Math.abs(moves.below + 0.1) < 1e-12);
  assert.equal(moves.above, null);
  const short = points.map((point) => ({ ...point, profit: -point.profit }));
  assert.ok(Math.abs(profile.liquidationMoves(short, 150, 50).above - 0.1) < 1e-12);
  const own = points.map((point) => ({ ...point, maintenance: 150 }));
  assert.ok(Math.abs(profile.liquidationMoves(own, 200, 0).below + 0.05) < 1e-12);
  assert.deepEqual(profile.liquidationMoves(points, 1_000, 50), { below: null, above: null });
});

test('health on both sides of each limit', () => {
  assert.deepEqual(profile.health(100, 50, 25), { ratio: 0.25, state: 'ok' });
  assert.equal(profile.health(100, 100, 99).state, 'ok');
  assert.equal(profile.health(100, 101, 99).state, 'warn');
  assert.equal(profile.health(100, 150, 100).state, 'bad');
  assert.deepEqual(profile.health(0, 10, 5), { ratio: null, state: 'bad' });
  assert.deepEqual(profile.health(0, 0, 0), { ratio: 0, state: 'ok' });
  assert.deepEqual(profile.health(null, 0, 0), { ratio: null, state: null });
});

test('sources stand where their deviation puts them, and outliers at the edge', () => {
  const seen = [
    { publisher: 'a', price: 100.1, used: true }, { publisher: 'b', price: 99.9, used: true },
    { publisher: 'c', price: 150, used: false, fault: 'outlier' },
    { publisher: 'd', price: null, used: false },
  ];
  assert.equal(sources.scale(seen, 100), 0.001);
  const drawn = sources.places(seen, 100);
  assert.deepEqual(drawn.map((entry) => entry.publisher), ['b', 'a', 'c', 'd']);
  assert.ok(drawn[0].place < 0.01 && drawn[1].place > 0.99);
  assert.deepEqual([drawn[2].place, drawn[2].outside, drawn[2].fault], [1, true, 'outlier']);
  assert.equal(drawn[3].place, null);
  assert.equal(sources.deviation(1, 0), null);
});

test('a price in another currency is converted by that one\'s index', () => {
  const prices = new Map([['usdt_usd', 0.998]]);
  const seen = [{ publisher: 0, price: 100, quote_index: 'usdt_usd', used: true }];
  assert.ok(Math.abs(sources.places(seen, 99.8, prices)[0].away) < 1e-12);
  assert.equal(sources.places(seen, 99.8)[0].place, null);
  assert.equal(sources.converted({ price: 5, quote_index: null }), 5);
});

test('leaf names are the canonical bytes, lowest first, and numbers must fit', () => {
  assert.equal(leaves.leafKey('account', 140), '018c000000');
  assert.equal(leaves.leafKey('order', '18446744073709551615'), `02${'ff'.repeat(8)}`);
  assert.equal(leaves.leafKey('chain'), '00');
  assert.equal(leaves.leafKey('instrument', 65_535), '03ffff');
  const wrong = [['account', 2 ** 32], ['instrument', 65_536], ['account', -1], ['account', ''],
    ['account', 'x'], ['unknown', 1], ['order', '18446744073709551616']];
  for (const [kind, number] of wrong) assert.equal(leaves.leafKey(kind, number), null);
  assert.deepEqual(leaves.parseLeafName('account:7'), { kind: 'account', number: '7' });
  assert.deepEqual(leaves.parseLeafName('chain'), { kind: 'chain', number: '0' });
  for (const name of ['account:x', 'nothing:1', '', null, 'account:99999999999']) {
    assert.equal(leaves.parseLeafName(name), null);
  }
});

test('errors are told in sentences', () => {
  assert.match(words.explain({ code: -32601 }, 'public/get_risk'), /does not offer public\/get_ri/);
  assert.match(words.explain({ code: 10028 }), /Too many requests/);
  assert.match(words.explain({ code: 13009, data: { reason: 'scope' } }), /not allow it: scope/);
  assert.match(words.explain({ code: 0 }), /No connection/);
  assert.match(words.explain(new TypeError('x')), /page failed: x/);
  assert.match(words.explain({ code: 10009, message: 'not_enough_funds' }), /not_enough_funds/);
  assert.match(words.explain({ code: -32602, data: { reason: 'no such index' } }), /no such index/);
  assert.equal(words.level('auctionOnly').text, 'auctions only');
  assert.equal(words.level('somethingNew').text, 'something new');
  assert.equal(words.step('shared_loss').tone, 'bad');
  assert.equal(words.trigger('unheard_of'), 'unheard of');
});

test('open interest is summed by index and compartment against its cap', () => {
  const market = (index, notional, cap, compartment = 'MAIN') => ({
    index_name: index, compartment, open_interest_notional: notional, open_interest_cap: cap,
  });
  const groups = risk.interest([
    market('btc_usd', 60, 200), market('eth_usd', 90, null), market('btc_usd', 40, 200),
    market('btc_usd', 1, 10, 'SIDE'),
  ]);
  assert.deepEqual(groups.map(group => [group.key, group.notional, group.share]),
    [['MAIN btc_usd', 100, 0.5], ['MAIN eth_usd', 90, null], ['SIDE btc_usd', 1, 0.1]]);
  assert.deepEqual(risk.interest(undefined), []);
});

test('concentration is one for one market, and a half for two alike', () => {
  const market = notional => ({ open_interest_notional: notional });
  assert.equal(risk.concentration([market(5)]).index, 1);
  assert.equal(risk.concentration([market(5), market(5)]).index, 0.5);
  assert.deepEqual(risk.concentration([market(1), market(3)]).shares.map(one => one.share),
    [0.75, 0.25]);
  assert.equal(risk.concentration([market(0)]).index, 0);
  assert.equal(risk.concentration([]).total, 0);
});

test('what liquidations took counts from its moment on', () => {
  const record = (timestamp, step, value, account = 1) => ({ timestamp, step, value, account });
  const found = risk.taken([
    record(10, 'call', 5), record(10, 'order', 7, 2), record(9, 'order', 100, 3),
    record(11, 'fund', 2), record(11, 'shared_loss', 3), record(12, 'bad_debt', 4),
    record(12, 'fee', null), record(12, 'conversion', -9),
  ], 10);
  assert.deepEqual(found, { calls: 1, accounts: 2, closed: 7, fund: 2, lost: 7 });
});
