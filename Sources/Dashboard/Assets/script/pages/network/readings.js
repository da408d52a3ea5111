// The readings of the node's metrics: asked for every two seconds while the page is seen, with what
// two of them tell together. What the API cannot say of a standby, this does.

import { buckets, helps, parseMetrics, quantile, rate, value } from '../../model/metrics.js';

const every = 2000; // ms
const patience = 5000; // ms that an answer may take
const secondsBetween = 30; // seconds over which quantiles are told

async function text(path) {
  const answer = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(patience) });
  return { status: answer.status, text: await answer.text() };
}

/** One reading beside an earlier one. */
export class Reading {
  constructor(metrics, before, seconds, earlier) {
    this.metrics = metrics;
    this.before = before;
    this.seconds = seconds;
    this.earlier = earlier;
  }

  /** A gauge or counter as it stands; null where the node has none. */
  value(name) {
    return value(this.metrics, `rampart_${name}`);
  }

  /** Growth a second since the last reading. */
  rate(name) {
    return rate(this.before, this.metrics, `rampart_${name}`, this.seconds);
  }

  /** Of a histogram in seconds, over about half a minute; in milliseconds. */
  quantile(name, share) {
    const found = quantile(buckets(this.earlier, this.metrics, `rampart_${name}`), share);
    return found === null ? null : found * 1000;
  }

  get names() {
    return [...this.metrics.keys()].filter(name => !/_(bucket|sum|count)$/.test(name));
  }
}

/** Reads until stopped: `take(reading, words)`, `ready({status, text})`, `failed(error)`. */
export function readings({ take, ready, failed }) {
  let isStopped = false;
  let timer = null;
  let past = []; // {at, metrics}, the oldest first
  let isAsking = false;

  async function read() {
    if (isStopped || isAsking) return;
    if (!document.hidden) {
      isAsking = true;
      try {
        const [body, phase] = await Promise.all([text('/metrics'), text('/ready')]);
        if (body.status !== 200) throw new Error(`/metrics answered ${body.status}`);
        if (isStopped) return;
        const metrics = parseMetrics(body.text);
        const at = performance.now();
        const last = past.at(-1);
        ready(phase);
        take(new Reading(metrics, last?.metrics, last ? (at - last.at) / 1000 : 0,
          past[0]?.metrics), helps(body.text));
        past.push({ at, metrics });
        past = past.filter(entry => at - entry.at <= secondsBetween * 1000);
      } catch (error) {
        past = [];
        if (!isStopped) failed(error);
      }
      isAsking = false;
    }
    if (!isStopped) timer = setTimeout(read, every);
  }

  const seen = () => {
    if (document.hidden) return;
    clearTimeout(timer);
    read();
  };
  document.addEventListener('visibilitychange', seen);
  read();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', seen);
  };
}
