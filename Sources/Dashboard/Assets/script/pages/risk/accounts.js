// The accounts nearest to liquidation, and what stands behind each compartment.

import { h, replace, scroll, stat, table } from '../../core/dom.js';
import { lineChart } from '../../core/charts.js';
import { exact, money, number, percent, time, whole } from '../../core/format.js';
import { Trend } from '../../model/metrics.js';
import { keyed, panel, tag } from '../../parts/panel.js';
import { bar } from '../../parts/svg.js';

const near = 0.8; // of maintenance over equity
const hour = 3_600_000;

function toneOf(row) {
  if (row.margin_ratio === null || row.margin_ratio >= 1) return 'bad';
  return row.margin_ratio >= near ? 'warn' : 'ok';
}

const stateKey = row => `${row.in_liquidation ? 'yes' : toneOf(row)} ${row.account}`;

export function accountsPanel() {
  const bars = keyed(() => bar());
  const states = keyed(key => key.startsWith('yes') ? tag('in liquidation', 'bad')
    : key.startsWith('warn') ? tag('near', 'warn') : tag('holds', 'ok'));
  const links = keyed(account => h('a', {
    href: `#/integrity?leaf=account:${account}`, dataset: { test: 'leaf-link' },
    title: 'Prove this account\'s leaf against the state root',
  }, 'prove'));
  const rows = table({
    caption: 'Accounts nearest to liquidation', test: 'accounts-table', rowKey: row => row.account,
    empty: 'no account needs margin',
    columns: [
      { label: 'Account', align: 'left', render: row => String(row.account) },
      { label: 'Maintenance ÷ equity', align: 'left', render: row => {
        const one = bars(row.account);
        one.update({
          share: row.margin_ratio ?? 1, tone: toneOf(row), marks: [{ at: 0.999, tone: 'limit' }],
          text: `${percent(row.margin_ratio, 1)} of equity is maintenance margin`,
        });
        return one.node;
      } },
      { label: 'Ratio', render: row => percent(row.margin_ratio, 1) },
      { label: 'Equity', render: row => ({ text: money(row.equity), title: exact(row.equity) }) },
      { label: 'Maintenance', render: row => money(row.maintenance_margin) },
      { label: 'Initial', render: row => money(row.initial_margin) },
      { label: 'Positions', render: row => money(row.notional) },
      { label: 'Leverage', render: row => row.equity > 0
        ? `${number(row.notional / row.equity, 1)}×` : '–' },
      { label: 'State', align: 'left', render: row => states(stateKey(row)) },
      { label: 'Leaf', render: row => links(row.account) },
    ],
  });
  const card = panel('Accounts nearest to liquidation', {
    test: 'accounts', wide: true,
    note: 'Liquidation begins where maintenance margin reaches equity. Balances and positions are '
      + 'public state: each account can be proven against the state root.',
  }, scroll('accounts', rows.node));
  card.node.querySelector('.scroll').classList.add('tall');
  return {
    card,
    take({ accounts }) {
      const names = accounts.map(row => row.account);
      bars.keep(names);
      links.keep(names);
      states.keep(accounts.map(stateKey));
      rows.update(accounts);
    },
  };
}

function compartmentCard(name) {
  const figures = [
    ['Insurance fund', 'insurance_fund', money], ['Paid today', 'insurance_paid_today', money],
    ['Open interest', 'open_interest_notional', money], ['Equity of accounts', 'equity', money],
    ['Accounts', 'accounts', whole], ['In liquidation', 'accounts_in_liquidation', whole],
  ];
  const stats = figures.map(([label, field]) => stat(label, `${field}`));
  const share = stat('Fund ÷ open interest', 'fund-share');
  const host = h('div', { class: 'chart-host low' });
  const chart = lineChart(host, {
    label: 'Insurance fund while this page was open', yLabel: '', time: true, legend: false,
    xForm: value => time(value), yForm: value => money(value).replace(/\.00$/, ''),
  });
  const trend = new Trend(hour, 900);
  const head = h('h3', {}, name);
  const node = h('article', { dataset: { test: `compartment-${name}` } }, head,
    h('dl', { class: 'stats even' }, stats.map(entry => entry.node), share.node), host);
  return {
    node,
    destroy: () => chart.destroy(),
    update(row, at) {
      head.textContent = `${row.name} · ${row.quote}`;
      figures.forEach(([, field, form], i) => stats[i].show(form(row[field]), {
        title: exact(row[field]),
        class: field === 'accounts_in_liquidation' && row[field] > 0 ? 'warn' : '',
      }));
      share.show(row.open_interest_notional > 0
        ? percent(row.insurance_fund / row.open_interest_notional, 2) : '–');
      trend.add(at, row.insurance_fund);
      chart.update([{ label: 'insurance fund', points: trend.points }]);
    },
  };
}

export function fundsPanel() {
  const cards = new Map();
  const list = h('div', { class: 'stack' });
  const card = panel('What stands behind each compartment', { test: 'funds' }, list);
  return {
    card,
    take({ compartments, timestamp }) {
      for (const row of compartments) {
        if (!cards.has(row.compartment)) cards.set(row.compartment, compartmentCard(row.name));
      }
      if (list.children.length !== cards.size) {
        replace(list, [...cards.values()].map(entry => entry.node));
      }
      for (const row of compartments) cards.get(row.compartment).update(row, timestamp);
    },
    destroy() {
      for (const entry of cards.values()) entry.destroy();
    },
  };
}
