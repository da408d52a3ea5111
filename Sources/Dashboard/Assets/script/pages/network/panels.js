// The panels of the network page. Each takes a reading of the metrics and shows its part, with a
// line over the last five minutes where that says more than a figure.

import { h, scroll, stat, table } from '../../core/dom.js';
import { lineChart } from '../../core/charts.js';
import { ago, exact, number, time, whole } from '../../core/format.js';
import { Trend } from '../../model/metrics.js';
import { panel } from '../../parts/panel.js';

const mebibyte = 1 << 20;
const lowDisk = 5 * 1024 * mebibyte;
const perSecond = value => value === null ? '–' : `${number(value, value < 100 ? 1 : 0)} /s`;
const milliseconds = value => value === null ? '–' : `${number(value, value < 10 ? 2 : 1)} ms`;
const size = value => {
  if (value === null) return '–';
  if (value < 1024) return `${whole(value)} B`;
  if (value < mebibyte) return `${number(value / 1024, 1)} KiB`;
  return value < 1024 * mebibyte ? `${number(value / mebibyte, 1)} MiB`
    : `${number(value / mebibyte / 1024, 2)} GiB`;
};

/** Lines that remember five minutes. `lines`: [{label, colour, of(reading)}]. */
function trendChart(label, yLabel, yForm, lines) {
  const host = h('div', { class: 'chart-host low' });
  const chart = lineChart(host, {
    label, yLabel, yForm, time: true, xForm: value => time(value), legend: lines.length > 1,
    ranges: () => ({ y: { beginAtZero: true, suggestedMax: 1 } }),
  });
  const trends = lines.map(() => new Trend());
  return {
    host,
    take(reading) {
      const now = Date.now();
      lines.forEach((line, i) => trends[i].add(now, line.of(reading)));
      chart.update(lines.map((line, i) => ({
        label: line.label, colour: line.colour ?? 'accent', points: trends[i].points,
      })));
    },
    destroy: () => chart.destroy(),
  };
}

/**
 * A panel of figures over a trend. `figures`: [[label, test, form, of(reading), tone(value)]]; one
 * whose form is null has nothing to say on this node.
 */
function figuresPanel(title, test, figures, trend, note = '') {
  const stats = figures.map(([label, name]) => stat(label, name));
  const card = panel(title, { test, note },
    h('dl', { class: 'stats even' }, stats.map(entry => entry.node)), trend?.host);
  return {
    card,
    take(reading) {
      figures.forEach(([, , form, of, tone], i) => {
        const value = of(reading);
        const text = form(value);
        stats[i].node.hidden = text === null;
        if (text !== null) stats[i].show(text, { title: exact(value), class: tone?.(value) ?? '' });
      });
      trend?.take(reading);
    },
    destroy: () => trend?.destroy(),
  };
}

const known = form => value => value === null ? null : form(value);
const some = tone => value => value > 0 ? tone : '';

export function blocksPanel() {
  return figuresPanel('Blocks', 'blocks', [
    ['Blocks', 'blocks-rate', perSecond, r => r.rate('blocks_total')],
    ['Transactions', 'transactions-rate', perSecond, r => r.rate('transactions_total')],
    ['Commands', 'commands-rate', perSecond, r => r.rate('commands_total')],
    ['Events', 'events-rate', perSecond, r => r.rate('events_total')],
    ['Price bundles', 'observations-rate', perSecond, r => r.rate('observations_total')],
    ['Markets held', 'markets-held', whole, r => r.value('markets_held'), some('warn')],
  ], trendChart('Blocks and transactions a second', 'a second', value => number(value), [
    { label: 'blocks', of: r => r.rate('blocks_total') },
    { label: 'transactions', colour: 'up', of: r => r.rate('transactions_total') },
  ]));
}

const stages = [
  ['Check signatures', 'admission_seconds'], ['Apply a block', 'apply_seconds'],
  ['Write it to disk', 'commit_seconds'], ['Tell the clients', 'publish_seconds'],
];

export function timesPanel() {
  const rows = table({
    caption: 'Where the time of a block goes', test: 'times-table', rowKey: row => row.name,
    columns: [
      { label: 'Over 30 s', key: 'name', align: 'left' },
      { label: 'Half within', render: row => milliseconds(row.median) },
      { label: '99 of 100 within', render: row => milliseconds(row.high) },
    ],
  });
  const trend = trendChart('99 of 100 blocks within', 'ms', value => number(value), [
    { label: 'apply', of: r => r.quantile('apply_seconds', 0.99) },
    { label: 'write', colour: 'warn', of: r => r.quantile('commit_seconds', 0.99) },
  ]);
  const card = panel('Time of a block', { test: 'times' }, rows.node, trend.host);
  return {
    card,
    take(reading) {
      rows.update(stages.map(([name, metric]) => ({
        name, median: reading.quantile(metric, 0.5), high: reading.quantile(metric, 0.99),
      })));
      trend.take(reading);
    },
    destroy: trend.destroy,
  };
}

export function mempoolPanel() {
  return figuresPanel('Waiting', 'mempool', [
    ['To be checked', 'unverified', whole, r => r.value('unverified')],
    ['For a block', 'waiting', whole, r => r.value('waiting')],
    ['Bytes', 'waiting-bytes', size, r => r.value('waiting_bytes')],
    ['Admitted', 'admitted-rate', perSecond, r => r.rate('admitted_total')],
    ['Memory', 'memory', size, r => r.value('resident_bytes')],
  ], trendChart('Transactions that wait', 'waiting', value => number(value), [
    { label: 'waiting', of: r => (r.value('waiting') ?? 0) + (r.value('unverified') ?? 0) },
  ]));
}

export function keepingPanel() {
  const inner = figuresPanel('Kept', 'keeping', [
    ['Disk free', 'disk-free', known(size), r => r.value('disk_free_bytes'),
      value => value < lowDisk ? 'warn' : ''],
    ['Blocks on disk', 'store-bytes', known(size), r => r.value('store_bytes')],
    ['History behind', 'history-lag', known(value => `${whole(value)} blocks`),
      r => r.value('history_lag'), some('warn')],
    ['Last back-up', 'backup', known(value => value > 0 ? ago(value * 1000) : 'none'),
      r => r.value('backup_time_seconds')],
    ['Accounts', 'accounts', known(whole), r => r.value('accounts')],
    ['Open orders', 'open-orders', known(whole), r => r.value('open_orders')],
    ['Open files', 'open-files', known(whole), r => r.value('open_files')],
  ], null);
  return {
    ...inner,
    take(reading) {
      inner.card.node.hidden = reading.value('store_bytes') === null;
      inner.take(reading);
    },
  };
}

export function clientsPanel() {
  return figuresPanel('Clients', 'clients', [
    ['WebSockets', 'websockets', whole, r => r.value('websockets')],
    ['Other connections', 'http-connections', whole, r => r.value('http_connections')],
    ['Messages', 'messages-rate', perSecond, r => r.rate('messages_sent')],
    ['Queued', 'queued-bytes', size, r => r.value('queued_bytes')],
    ['Too slow, closed', 'slow-consumers', whole, r => r.value('slow_consumers'), some('warn')],
    ['Turned away', 'connections-refused', whole, r => r.value('connections_refused'),
      some('warn')],
  ], trendChart('Messages to clients a second', 'a second', value => number(value), [
    { label: 'messages', of: r => r.rate('messages_sent') },
  ]));
}

export function followersPanel() {
  const inner = figuresPanel('Standbys', 'followers', [
    ['Followers', 'followers-count', whole, r => r.value('followers')],
    ['Furthest behind', 'followers-lag', value => value === null ? '–' : `${whole(value)} blocks`,
      r => r.value('followers_lag'), some('warn')],
    ['Follows its leader', 'following', known(value => value > 0 ? 'yes' : 'not now'),
      r => r.value('following'), value => value === 0 ? 'warn' : ''],
    ['Behind the leader', 'follower-lag', known(value => `${whole(value)} blocks`),
      r => r.value('follower_lag'), some('warn')],
  ], null);
  return {
    ...inner,
    take(reading) {
      inner.take(reading);
      const alone = !reading.value('followers') && reading.value('following') === null;
      inner.card.note(alone ? 'No other node keeps a copy of this one: a standby would '
        + '(docs/guides/run-a-node.md, Hot standby).' : '');
    },
  };
}

const refusals = [
  ['commands_refused_total', 'Refused by the ledger'],
  ['bad_signatures_total', 'Wrong signature'],
  ['not_admitted_total', 'Not admitted'],
  ['rate_limited_total', 'Account sends too fast'],
  ['shed_total', 'Too much waited'],
];

export function refusalsPanel() {
  const rows = table({
    caption: 'What was refused', test: 'refusals-table', rowKey: row => row.name,
    columns: [
      { label: 'Why', key: 'label', align: 'left' },
      { label: 'Since the start', render: row => whole(row.total) },
      { label: 'Now', render: row => ({
        text: perSecond(row.rate), class: row.rate > 0 ? 'warn' : '',
      }) },
    ],
  });
  const card = panel('Refusals', { test: 'refusals' }, rows.node);
  return {
    card,
    take: reading => rows.update(refusals.map(([name, label]) => ({
      name, label, total: reading.value(name), rate: reading.rate(name),
    }))),
    destroy: () => {},
  };
}

export function everythingPanel() {
  const rows = table({
    caption: 'All metrics', test: 'metrics-table', rowKey: row => row.name,
    columns: [
      { label: 'Metric', align: 'left', render: row => ({
        text: row.name.replace(/^rampart_/, ''), title: row.name,
      }) },
      { label: 'Value', render: row => ({ text: number(row.value), title: exact(row.value) }) },
      { label: 'What it is', align: 'left', render: row => row.help ?? '–' },
    ],
  });
  const list = h('details', { dataset: { test: 'metrics-details' } },
    h('summary', {}, 'All counters and gauges'), scroll('metrics', rows.node));
  const card = panel('Everything', { test: 'metrics', wide: true },
    list, h('p', { class: 'quiet small' }, 'The same for Prometheus: ',
      h('a', { href: '/metrics' }, '/metrics')));
  return {
    card,
    take(reading, help) {
      if (!list.open) return;
      rows.update(reading.names.map(name => ({
        name, value: reading.value(name.replace(/^rampart_/, '')), help: help.get(name),
      })));
    },
    destroy: () => {},
  };
}
