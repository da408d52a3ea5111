// The node's metrics as Prometheus writes them (text format 0.0.4), read into a map, and what can
// be told from two readings: rates of counters and quantiles of histograms. No DOM, so that the
// tests can run it without a browser.

const samplePattern = /^([A-Za-z_:][A-Za-z0-9_:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const labelPattern = /([A-Za-z_][A-Za-z0-9_]*)="((?:[^"\\]|\\.)*)"/g;

/** A number as Prometheus writes it; NaN where it is none. */
function number(text) {
  if (text === '+Inf' || text === 'Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  return text === '' ? NaN : Number(text);
}

function labels(text) {
  const found = {};
  for (const [, name, value] of (text ?? '').matchAll(labelPattern)) {
    found[name] = value.replace(/\\(.)/g, (_, sign) => (sign === 'n' ? '\n' : sign));
  }
  return found;
}

/** Text → Map of name → [{labels, value}]. A line that is no sample is left out. */
export function parseMetrics(text) {
  const metrics = new Map();
  for (const raw of String(text).split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const match = samplePattern.exec(line);
    if (!match) continue;
    const value = number(match[3]);
    if (Number.isNaN(value)) continue;
    const samples = metrics.get(match[1]) ?? [];
    samples.push({ labels: labels(match[2]), value });
    metrics.set(match[1], samples);
  }
  return metrics;
}

/** What the text says of each metric: Map of name → sentence. */
export function helps(text) {
  const found = new Map();
  for (const [, name, words] of String(text).matchAll(/^# HELP (\S+) (.*)$/gm)) {
    found.set(name, words);
  }
  return found;
}

/** The sum of a metric's samples whose labels hold what is wanted; null where there is none. */
export function value(metrics, name, wanted = {}) {
  const samples = (metrics?.get(name) ?? []).filter(sample =>
    Object.entries(wanted).every(([label, text]) => sample.labels[label] === text));
  return samples.length ? samples.reduce((sum, sample) => sum + sample.value, 0) : null;
}

/**
 * How much a counter grew a second between two readings; null where that cannot be told. A counter
 * that fell has started again from zero.
 */
export function rate(before, after, name, seconds) {
  const last = value(before, name);
  const now = value(after, name);
  if (last === null || now === null || !(seconds > 0)) return null;
  return (now >= last ? now - last : now) / seconds;
}

/** The buckets of a histogram between two readings: [{limit, count}], cumulative, by limit. */
export function buckets(before, after, name) {
  const earlier = new Map(
    (before?.get(`${name}_bucket`) ?? []).map(sample => [sample.labels.le, sample.value]));
  const now = (after?.get(`${name}_bucket`) ?? [])
    .map(sample => ({
      limit: number(sample.labels.le ?? ''),
      all: sample.value,
      count: sample.value - (earlier.get(sample.labels.le) ?? 0),
    }))
    .filter(bucket => !Number.isNaN(bucket.limit))
    .sort((a, b) => a.limit - b.limit);
  const restarted = now.some(bucket => bucket.count < 0);
  return now.map(({ limit, all, count }) => ({ limit, count: restarted ? all : count }));
}

/**
 * The share-quantile of cumulative buckets, within a bucket in proportion; null of an empty one.
 * What lies above the last finite limit is told as that limit.
 */
export function quantile(cumulative, share) {
  const total = cumulative.at(-1)?.count ?? 0;
  if (!(total > 0)) return null;
  const rank = share * total;
  let lower = 0;
  let below = 0;
  for (const { limit, count } of cumulative) {
    if (count >= rank && count > below) {
      if (limit === Infinity) return lower;
      return lower + (limit - lower) * ((rank - below) / (count - below));
    }
    if (limit !== Infinity) lower = limit;
    below = Math.max(below, count);
  }
  return lower;
}

/**
 * A line of points that forgets what is older than `age` milliseconds, and never holds more than
 * `most` points.
 */
export class Trend {
  constructor(age = 300_000, most = 300) {
    this.age = age;
    this.most = most;
    this.points = [];
  }

  add(time, amount) {
    if (amount === null || amount === undefined || !Number.isFinite(amount)) return;
    this.points.push({ x: time, y: amount });
    const oldest = time - this.age;
    let drop = 0;
    while (drop < this.points.length && this.points[drop].x < oldest) drop += 1;
    drop = Math.max(drop, this.points.length - this.most);
    if (drop > 0) this.points.splice(0, drop);
  }

  clear() {
    this.points.length = 0;
  }
}
