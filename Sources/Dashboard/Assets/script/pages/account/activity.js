// What happened to the account: its trades, what moved its money, its margin calls with their
// certificates, and the other accounts of the same owner.

import { h, scroll, setText, table } from '../../core/dom.js';
import {
  amount, direction, exact, money, price, shortHex, signed, time, whole,
} from '../../core/format.js';
import { bytes } from '../../model/merkle.js';
import { explain, spaced, step } from '../../model/words.js';
import { feed, keyed, panel, tag } from '../../parts/panel.js';

const mostLogs = 50;
const roles = { M: 'maker', T: 'taker' };
const moment = row => ({
  text: time(row.timestamp, 'short'), title: time(row.timestamp, 'moment'),
});
const cash = value => ({
  text: signed(money(value), value), class: direction(value), title: exact(value),
});

function tradesPanel(state) {
  const rows = table({
    caption: 'Recent trades', test: 'trades-table', rowKey: row => row.trade_id,
    empty: 'no trades yet',
    columns: [
      { label: 'Time', align: 'left', render: moment },
      { label: 'Instrument', key: 'instrument_name', align: 'left' },
      { label: 'Side', align: 'left', render: row => ({
        text: row.direction, class: row.direction === 'buy' ? 'up' : 'down',
      }) },
      { label: 'Amount', render: row => ({ text: amount(row.amount), title: exact(row.amount) }) },
      { label: 'Price', render: row => ({ text: price(row.price), title: exact(row.price) }) },
      { label: 'Fee', render: row => ({
        text: money(row.fee), title: `${exact(row.fee)} as ${roles[row.liquidity] ?? 'taker'}`,
      }) },
      { label: 'Profit', render: row => cash(row.profit_loss) },
    ],
  });
  const card = panel('Recent trades', { test: 'trades' }, scroll('recent trades', rows.node));
  const stop = state.on('trades', trades => rows.update(trades));
  return { node: card.node, stop };
}

function logPanel(state, api) {
  const rows = table({
    caption: 'Transaction log', test: 'log-table', rowKey: row => row.id,
    empty: 'nothing moved the money of this account yet',
    columns: [
      { label: 'Time', align: 'left', render: moment },
      { label: 'What', align: 'left', render: row => spaced(row.type) },
      { label: 'Instrument', align: 'left', render: row => row.instrument_name ?? '–' },
      { label: 'Change', render: row => cash(row.change) },
      { label: 'Balance', render: row => ({
        text: money(row.balance), title: `${exact(row.balance)} ${row.currency}`,
      }) },
    ],
  });
  const card = panel('Transaction log', { test: 'log' }, scroll('transaction log', rows.node));
  let asked = null;
  const off = state.on('currencies', ([first]) => {
    if (asked || !first) return;
    asked = feed(api, {
      method: 'private/get_transaction_log', every: 10000, where: card,
      params: () => ({
        currency: first.currency, start_timestamp: 0, end_timestamp: Date.now() + 86_400_000,
        count: mostLogs,
      }),
      take: result => rows.update(result.logs),
    });
  });
  return {
    node: card.node,
    stop() {
      off();
      asked?.stop();
    },
  };
}

/** Hands a file to the browser's downloads. */
function save(name, raw) {
  const link = h('a', { href: URL.createObjectURL(new Blob([raw])), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function callsPanel(state, api) {
  const error = h('p', { class: 'form-error', role: 'alert' });

  async function certificate(account, height) {
    setText(error, '');
    const method = 'public/get_margin_call_certificate';
    try {
      const found = await api.call(method, { account, block_height: height });
      save(`account-${account}-block-${height}.certificate`, bytes(found.certificate));
      save(`account-${account}-block-${height}.headers`, bytes(found.headers));
    } catch (problem) {
      setText(error, explain(problem, method));
    }
  }

  const buttons = keyed(key => {
    const [account, height] = key.split(':').map(Number);
    return h('button', {
      type: 'button', class: 'small', dataset: { test: 'certificate' },
      title: 'The certificate and the two headers; rampart verify margin-call checks them',
      onclick: () => certificate(account, height),
    }, 'Certificate');
  });
  const tags = keyed(key => tag(step(key.split(':')[0]).text, step(key.split(':')[0]).tone));
  const key = row => `${row.height}:${row.event ?? ''}`;
  const rows = table({
    caption: 'Margin calls and what followed', test: 'calls-table', rowKey: key,
    empty: 'this account was never called',
    columns: [
      { label: 'Time', align: 'left', render: moment },
      { label: 'Step', align: 'left', render: row => tags(`${row.step}:${key(row)}`) },
      { label: 'Instrument', align: 'left', render: row => row.instrument_name ?? '–' },
      { label: 'Amount', render: row => amount(row.amount) },
      { label: 'Price', render: row => price(row.price) },
      { label: 'Value', render: row => money(row.value) },
      { label: 'Fee', render: row => money(row.fee) },
      { label: 'Block', render: row => whole(row.height) },
      { label: 'Proof', render: row => buttons(`${row.account}:${row.height}:${row.event}`) },
    ],
  });
  const card = panel('Margin calls', {
    test: 'calls', wide: true,
    note: 'Every step of a liquidation can be checked without the venue: '
      + 'rampart verify margin-call.',
  }, error, scroll('margin calls', rows.node));
  const asked = feed(api, {
    method: 'public/get_liquidations', every: 10000, where: card,
    params: () => ({ account: state.account, count: mostLogs }),
    take({ liquidations }) {
      tags.keep(liquidations.map(row => `${row.step}:${key(row)}`));
      buttons.keep(liquidations.map(row => `${row.account}:${row.height}:${row.event}`));
      rows.update(liquidations);
    },
  });
  return { node: card.node, stop: asked.stop };
}

function accountsPanel(state, api) {
  const main = row => Object.values(row.portfolio ?? {})[0] ?? {};
  const rows = table({
    caption: 'Accounts of the same owner', test: 'subaccounts-table', rowKey: row => row.id,
    empty: 'none',
    columns: [
      { label: 'Account', align: 'left', render: row => row.id === state.account
        ? `${row.id} (this one)` : String(row.id) },
      { label: 'Name', align: 'left', render: row => ({
        text: shortHex(row.username, 12), title: row.username,
      }) },
      { label: 'Equity', render: row => money(main(row).equity) },
      { label: 'Initial', render: row => money(main(row).initial_margin) },
      { label: 'Maintenance', render: row => money(main(row).maintenance_margin) },
    ],
  });
  const card = panel('Accounts of the same owner', { test: 'subaccounts' },
    scroll('accounts', rows.node));
  const asked = feed(api, {
    method: 'private/get_subaccounts', params: { with_portfolio: true }, every: 10000, where: card,
    take: result => rows.update(result),
  });
  return { node: card.node, stop: asked.stop };
}

export function activityPanels(state, api) {
  return [
    tradesPanel(state), logPanel(state, api), callsPanel(state, api), accountsPanel(state, api),
  ];
}
