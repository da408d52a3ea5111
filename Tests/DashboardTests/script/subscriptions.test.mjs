// Channels of a page against a node that is played: one request a moment, what was missed after a
// break, and a channel that the node does not have without harm to the others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Subscriptions,
} from '../../../Sources/Dashboard/Assets/script/core/subscriptions.js';

const settled = () => new Promise(done => setTimeout(done, 5));

/** A node that answers by `answer(method, params)`, which throws what it refuses with. */
function node(answer = () => {}) {
  const calls = [];
  const subscriptions = new Subscriptions(async (method, params) => {
    calls.push([method, params]);
    return answer(method, params);
  });
  return { calls, subscriptions };
}

const refusal = (reason, channel) => Object.assign(new Error(reason), {
  code: 11052, data: { reason, channel },
});

test('channels of one moment go in one request, private ones apart', async () => {
  const { calls, subscriptions } = node();
  subscriptions.add('ticker.A.100ms', () => {});
  subscriptions.add('trades.A.raw', () => {});
  subscriptions.add('user.changes.any.any.raw', () => {});
  await settled();
  assert.deepEqual(calls, [
    ['public/subscribe', { channels: ['ticker.A.100ms', 'trades.A.raw'] }],
    ['private/subscribe', { channels: ['user.changes.any.any.raw'] }],
  ]);
});

test('a second reader of a state gets the last one, and the last to leave ends the channel',
  async () => {
    const { calls, subscriptions } = node();
    const heard = [];
    const end = subscriptions.add('ticker.A.100ms', () => {});
    await settled();
    subscriptions.heard({ channel: 'ticker.A.100ms', sequence: 1, data: { mark: 5 } });
    const other = subscriptions.add('ticker.A.100ms', (...values) => heard.push(values));
    await settled();
    assert.deepEqual(heard, [[{ mark: 5 }, true]]);
    end();
    await settled();
    assert.equal(calls.length, 1);
    other();
    await settled();
    assert.deepEqual(calls[1], ['public/unsubscribe', { channels: ['ticker.A.100ms'] }]);
  });

test('after a break it asks for what it missed, and begins anew where that is lost', async () => {
  const { calls, subscriptions } = node((method, { resume }) => {
    if (resume?.['trades.A.raw']) throw refusal('messages_lost', 'trades.A.raw');
  });
  let gaps = 0;
  subscriptions.add('trades.A.raw', () => {}, { onGap: () => { gaps += 1; } });
  subscriptions.add('ticker.A.100ms', () => {});
  await settled();
  subscriptions.heard({ channel: 'trades.A.raw', sequence: 4, data: [] });
  subscriptions.heard({ channel: 'ticker.A.100ms', sequence: 9, data: {} });
  await subscriptions.restore();
  assert.deepEqual(calls.slice(1).map(([, { resume }]) => resume), [
    { 'trades.A.raw': 4, 'ticker.A.100ms': 9 }, { 'ticker.A.100ms': 9 },
  ]);
  assert.equal(gaps, 1);
});

test('a channel that the node does not have is told to its reader only', async () => {
  const { calls, subscriptions } = node((method, { channels }) => {
    if (channels.includes('none')) throw refusal('unknown_channel', 'none');
  });
  const failed = [];
  subscriptions.add('none', () => {}, { onFail: error => failed.push(error.code) });
  subscriptions.add('block', () => {}, { onFail: () => failed.push('block') });
  await settled();
  assert.deepEqual(failed, [11052]);
  assert.deepEqual(calls[1][1].channels, ['block']);
});

test('a book is asked for anew when a second reader comes, and when a page wants it', async () => {
  const { calls, subscriptions } = node();
  const snapshots = [];
  subscriptions.add('book.A.raw', (_, isSnapshot) => snapshots.push(isSnapshot));
  await settled();
  subscriptions.heard({ channel: 'book.A.raw', sequence: 1, data: { type: 'snapshot' } });
  subscriptions.heard({ channel: 'book.A.raw', sequence: 2, data: { type: 'change' } });
  subscriptions.renew('book.A.raw');
  await settled();
  assert.deepEqual(calls.slice(1).map(([method]) => method),
    ['public/unsubscribe', 'public/subscribe']);
  assert.deepEqual(snapshots, [true, false]);
});
