// Numbers as people read them: on the grid, shortened where they are long, never lost where small.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as format from '../../../Sources/Dashboard/Assets/script/core/format.js';

test('what is not a number is a dash', () => {
  for (const value of [null, undefined, '', 'x', NaN, Infinity]) {
    for (const name of ['price', 'amount', 'money', 'percent', 'number', 'time', 'span', 'plain']) {
      assert.equal(format[name](value), '–', `${name} of ${value}`);
    }
    assert.equal(format.exact(value), '');
  }
});

test('prices keep the decimals of their tick', () => {
  assert.equal(format.price(99558.490649, 1), '99,558');
  assert.equal(format.price(3570, 0.1), '3,570.0');
  assert.equal(format.price(0.00001234, 0.00000001), '0.00001234');
  assert.equal(format.decimals(1e-9), 9);
  assert.equal(format.decimals(0.25), 2);
  assert.equal(format.decimals(10), 0);
});

test('what a grid would round to nothing is told all the same', () => {
  assert.equal(format.price(0.00131, 1), '0.00131');
  assert.equal(format.price(0.000005, 1), '5e-6');
  assert.equal(format.amount(1.5e-12), '1.5e-12');
  assert.equal(format.number(-0.0000000012, 2), '−1.2e-9');
  assert.equal(format.money(0), '0.00');
});

test('what is long is shortened, and its title has all of it', () => {
  assert.equal(format.amount(9.87654321e14), '987.65T');
  assert.equal(format.money(12345678.9), '12.35M');
  assert.equal(format.money(999999.99), '999,999.99');
  assert.equal(format.price(123456789012.5, 1), '123.46B');
  assert.equal(format.number(1e17), '1e17');
  assert.equal(format.exact(123456789012.5), '123456789012.5');
  assert.equal(format.exact(1.2e-11), '0.000000000012');
});

test('there is no minus before nothing', () => {
  assert.equal(format.plain(-0.0001, 3), '0.000');
  assert.equal(format.percent(-0.000001, 2), '0.00 %');
  assert.equal(format.plain(-1.5, 1), '−1.5');
});

test('times are UTC, spans end in their largest unit', () => {
  const moment = Date.UTC(2026, 10, 22, 8, 5, 9);
  assert.equal(format.time(moment), '08:05:09');
  assert.equal(format.time(moment, 'date'), '22 Nov 26');
  assert.equal(format.time(moment, 'moment'), '2026-11-22 08:05:09');
  assert.equal(format.time(9e15), '–');
  assert.deepEqual([0, 59999, 60000, 3600000, 172800000].map(format.span),
    ['0 s', '59 s', '01:00', '1:00:00', '2 d 0 h']);
});
