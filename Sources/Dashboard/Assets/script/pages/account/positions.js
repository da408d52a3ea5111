// The positions of the account, valued at marks.

import { scroll, table } from '../../core/dom.js';
import { amount, direction, exact, money, price, signed } from '../../core/format.js';
import { panel } from '../../parts/panel.js';

const coloured = (value, form = money) => ({
  text: signed(form(value), value), class: `${direction(value)} number`, title: exact(value),
});
const plain = (value, form) => ({ text: form(value), class: 'number', title: exact(value) });
const signedSize = row => row.direction === 'sell' ? -Math.abs(row.size) : Math.abs(row.size);

export function positionsPanel(state) {
  const rows = table({
    caption: 'Positions', test: 'positions-table', rowKey: row => row.instrument_name,
    empty: 'no open positions',
    columns: [
      { key: 'instrument_name', label: 'Instrument', align: 'left' },
      { label: 'Size', render: row => coloured(signedSize(row), amount) },
      { label: 'Profit', render: row => coloured(row.floating_profit_loss) },
      { label: 'Mark', render: row => plain(row.mark_price, price) },
      { label: 'Average', render: row => plain(row.average_price, price) },
      {
        label: 'Liquidation', title: 'Price at which liquidation begins, where it is one price',
        render: row => plain(row.estimated_liquidation_price, price),
      },
      { label: 'Initial', render: row => plain(row.initial_margin, money) },
      { label: 'Maintenance', render: row => plain(row.maintenance_margin, money) },
      { label: 'Delta', render: row => plain(row.delta, amount) },
      { label: 'Gamma', render: row => plain(row.gamma, amount) },
      { label: 'Vega', render: row => plain(row.vega, amount) },
      { label: 'Theta', render: row => plain(row.theta, amount) },
    ],
  });
  const card = panel('Positions', { test: 'positions', wide: true },
    scroll('positions', rows.node));
  card.say('asking the node…');
  const offs = [
    state.on('positions', positions => {
      card.say(null);
      rows.update(positions);
    }),
    state.on('problem', problem => {
      if (problem.method === 'private/get_positions') card.say(problem.text, 'warn');
    }),
  ];
  return { node: card.node, stop: () => offs.forEach(off => off()) };
}
