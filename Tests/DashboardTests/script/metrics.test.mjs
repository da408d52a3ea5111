// The reader of Prometheus text: what it takes, what it leaves out, rates and quantiles.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Trend, buckets, parseMetrics, quantile, rate, value,
} from '../../../Sources/Dashboard/Assets/script/model/metrics.js';

const text = `
# HELP rampart_height Height of the last block.
# TYPE rampart_height gauge
rampart_height 1444.0
rampart_lag{follower="a",place="x, \\"y\\""} 3
rampart_lag{follower="b"} 4 1700000000000
rampart_wait_bucket{le="0.1"} 10
rampart_wait_bucket{le="0.2"} 20
rampart_wait_bucket{le="+Inf"} 20
this is no sample
rampart_broken notanumber
`;

test('samples are read with labels, and what is no sample is left out', () => {
  const metrics = parseMetrics(text);
  assert.equal(value(metrics, 'rampart_height'), 1444);
  assert.equal(value(metrics, 'rampart_lag'), 7);
  assert.equal(value(metrics, 'rampart_lag', { follower: 'b' }), 4);
  assert.equal(metrics.get('rampart_lag')[0].labels.place, 'x, "y"');
  assert.equal(value(metrics, 'rampart_broken'), null);
  assert.equal(value(metrics, 'unheard_of'), null);
  assert.equal(value(null, 'rampart_height'), null);
});

test('a rate is the growth a second, and a counter that fell began again', () => {
  const before = parseMetrics('n 10');
  assert.equal(rate(before, parseMetrics('n 30'), 'n', 2), 10);
  assert.equal(rate(before, parseMetrics('n 4'), 'n', 2), 2);
  assert.equal(rate(before, parseMetrics('n 30'), 'n', 0), null);
  assert.equal(rate(null, parseMetrics('n 30'), 'n', 2), null);
});

test('quantiles lie within buckets in proportion', () => {
  const all = buckets(null, parseMetrics(text), 'rampart_wait');
  assert.deepEqual(all.map((bucket) => bucket.count), [10, 20, 20]);
  assert.ok(Math.abs(quantile(all, 0.75) - 0.15) < 1e-12);
  assert.ok(Math.abs(quantile(all, 0.5) - 0.1) < 1e-12);
  assert.equal(quantile([], 0.5), null);
  assert.equal(quantile([{ limit: 1, count: 0 }, { limit: Infinity, count: 0 }], 0.5), null);
  assert.equal(quantile([{ limit: 1, count: 0 }, { limit: Infinity, count: 9 }], 0.5), 1);
});

test('buckets between two readings, and after a restart those since it', () => {
  const before = parseMetrics('w_bucket{le="1"} 5\nw_bucket{le="+Inf"} 8');
  const after = parseMetrics('w_bucket{le="1"} 6\nw_bucket{le="+Inf"} 11');
  assert.deepEqual(buckets(before, after, 'w').map((bucket) => bucket.count), [1, 3]);
  assert.deepEqual(buckets(after, before, 'w').map((bucket) => bucket.count), [5, 8]);
});

test('a trend forgets by age and by number, and takes no nothing', () => {
  const trend = new Trend(1_000, 3);
  for (const time of [0, 100, 200, 300]) trend.add(time, time);
  assert.deepEqual(trend.points.map((point) => point.x), [100, 200, 300]);
  trend.add(1_200, 1);
  assert.deepEqual(trend.points.map((point) => point.x), [200, 300, 1_200]);
  trend.add(1_300, null);
  trend.add(1_300, NaN);
  assert.equal(trend.points.length, 3);
});
