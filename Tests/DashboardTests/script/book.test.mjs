// The book of a page: follows its channel, notices gaps, groups away from the middle.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Book } from '../../../Sources/Dashboard/Assets/script/markets/book.js';

const snapshot = {
  type: 'snapshot', change_id: 7,
  bids: [['new', 99, 1], ['new', 98, 2], ['new', 91, 4]],
  asks: [['new', 101, 3], ['new', 110, 5], ['new', 111, 1]],
};
const change = (from, to, bids, asks = []) =>
  ({ type: 'change', prev_change_id: from, change_id: to, bids, asks });

function known() {
  const book = new Book();
  assert.equal(book.take(snapshot), true);
  return book;
}

test('a snapshot and the changes that follow it make the book', () => {
  const book = known();
  assert.equal(book.take(change(7, 9, [['delete', 99, 0], ['change', 98, 6]])), true);
  assert.equal(book.take(change(9, 10, [], [['new', 100, 2]])), true);
  assert.deepEqual(book.top, { bid: 98, ask: 100, mid: 99, spread: 2 });
  assert.deepEqual([...book.bids], [[98, 6], [91, 4]]);
});

test('a change that does not name the one before is a gap, until the next snapshot', () => {
  const book = known();
  assert.equal(book.take(change(8, 9, [['new', 97, 1]])), false);
  assert.equal(book.isKnown, false);
  assert.equal(book.take(change(9, 10, [])), false);
  assert.equal(book.take(snapshot), true);
  assert.equal(book.bids.has(97), false);
});

test('groups round away from the middle and sums run from the best', () => {
  const book = known();
  const rows = side => book.levels(side, { tick: 1, group: 10 })
    .map(({ price, amount, total }) => [price, amount, total]);
  assert.deepEqual(rows('bids'), [[90, 7, 7]]);
  assert.deepEqual(rows('asks'), [[110, 8, 8], [120, 1, 9]]);
  assert.equal(book.levels('asks', { tick: 1, limit: 2 }).length, 2);
});

test('a tick that binary fractions cannot hold groups exactly', () => {
  const book = new Book();
  book.take({ type: 'snapshot', change_id: 1, bids: [['new', 0.3, 1], ['new', 0.29, 1]], asks: [] });
  assert.deepEqual(book.levels('bids', { tick: 0.01, group: 10 }).map(row => row.place), [30, 20]);
});

test('an empty side has no middle', () => {
  const book = new Book();
  book.take({ ...snapshot, asks: [] });
  assert.deepEqual(book.top, { bid: 99, ask: null, mid: null, spread: null });
  book.clear();
  assert.deepEqual(book.levels('bids', { tick: 1 }), []);
});
