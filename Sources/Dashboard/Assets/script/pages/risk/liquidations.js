// Liquidations as they happen: each step with what it took, and what the last hour came to.

import { h, onFrame, scroll, stat, table } from '../../core/dom.js';
import { amount, exact, money, price, time, whole } from '../../core/format.js';
import { taken } from '../../model/risk.js';
import { step } from '../../model/words.js';
import { feed, keyed, panel, tag } from '../../parts/panel.js';

const most = 200;
const hour = 3_600_000;

export function liquidationsPanel(api) {
  const names = [
    ['Margin calls', 'calls', whole], ['Accounts', 'accounts', whole],
    ['Closed', 'closed', money], ['Fund paid', 'fund', money],
    ['Shared or uncovered', 'lost', money],
  ];
  const stats = names.map(([label, test]) => stat(label, `liquidations-${test}`));
  const key = row => `${row.event}:${row.step}`;
  const tags = keyed(name => {
    const { text, tone } = step(name.slice(name.indexOf(':') + 1));
    return tag(text, tone);
  });
  const links = keyed(name => h('a', {
    href: `#/integrity?leaf=account:${name.split(' ')[0]}`,
  }, name.split(' ')[0]));
  const rows = table({
    caption: 'Steps of liquidations', test: 'liquidations-table', rowKey: key,
    empty: 'no liquidations that this node remembers',
    columns: [
      { label: 'Time', align: 'left', render: row => ({
        text: time(row.timestamp), title: time(row.timestamp, 'moment'),
      }) },
      { label: 'Account', align: 'left', render: row => links(`${row.account} ${key(row)}`) },
      { label: 'Step', align: 'left', render: row => tags(key(row)) },
      { label: 'Market', align: 'left', render: row => row.instrument_name ?? '–' },
      { label: 'Amount', render: row => amount(row.amount) },
      { label: 'Price', render: row => price(row.price) },
      { label: 'Value', render: row => ({ text: money(row.value), title: exact(row.value) }) },
      { label: 'Fee', render: row => money(row.fee) },
      { label: 'With', render: row => row.counterparty === null || row.counterparty === undefined
        ? '–' : `account ${row.counterparty}` },
      { label: 'Block', render: row => whole(row.height) },
    ],
  });
  const card = panel('Liquidations', { test: 'liquidations', wide: true },
    h('h3', {}, 'The last hour'),
    h('dl', { class: 'stats even' }, stats.map(entry => entry.node)),
    scroll('liquidations', rows.node));
  let records = new Map();

  const draw = onFrame(() => {
    const list = [...records.values()].sort((a, b) => b.event - a.event).slice(0, most);
    records = new Map(list.map(row => [key(row), row]));
    tags.keep(list.map(key));
    links.keep(list.map(row => `${row.account} ${key(row)}`));
    rows.update(list);
    const found = taken(list, Date.now() - hour);
    names.forEach(([, field, form], i) => stats[i].show(form(found[field]), {
      class: field === 'lost' && found[field] > 0 ? 'down' : '',
    }));
  }, 4);

  function add(list) {
    for (const row of list) records.set(key(row), row);
    draw();
  }

  const asked = feed(api, {
    method: 'public/get_liquidations', params: { count: most }, every: 15000, where: card,
    take: result => add(result.liquidations),
  });
  // Where the node has no such channel, asking again and again has to do.
  const off = api.subscribe('liquidations', data => add([data].flat()), { onFail: () => {} });
  return {
    card,
    destroy() {
      asked.stop();
      off();
      draw.stop();
    },
  };
}
