// Open orders. A key that may cancel has a button on each, which asks once before it does it.

import { h, scroll, setText, table } from '../../core/dom.js';
import { amount, exact, price, time } from '../../core/format.js';
import { explain } from '../../model/words.js';
import { keyed, panel, tag } from '../../parts/panel.js';

const patience = 4000; // ms in which a second press confirms

/** A button that does it at the second press. */
function confirming(label, question, test, act) {
  let timer = null;
  const button = h('button', { type: 'button', class: 'small', dataset: { test } }, label);
  const calm = () => {
    timer = null;
    button.classList.remove('danger');
    setText(button, label);
  };
  button.addEventListener('click', async () => {
    if (timer === null) {
      button.classList.add('danger');
      setText(button, question);
      timer = setTimeout(calm, patience);
      return;
    }
    clearTimeout(timer);
    button.disabled = true;
    setText(button, '…');
    await act();
    button.disabled = false;
    calm();
  });
  return button;
}

function kind(order) {
  const words = [order.order_type?.replace(/_/g, ' ')];
  if (order.post_only) words.push('post-only');
  if (order.reduce_only) words.push('reduce-only');
  if (order.time_in_force && order.time_in_force !== 'good_til_cancelled') {
    words.push(order.time_in_force.replace(/_/g, ' '));
  }
  return words.join(', ');
}

export function ordersPanel(state, api) {
  const isAllowed = !api.session.isReadOnly;
  const error = h('p', { class: 'form-error', role: 'alert', dataset: { test: 'cancel-error' } });

  async function attempt(method, params) {
    setText(error, '');
    try {
      await api.call(method, params);
    } catch (problem) {
      setText(error, `Not cancelled. ${explain(problem, method)}`);
    }
  }

  const buttons = keyed(order => confirming('Cancel', 'Really?', 'cancel-order',
    () => attempt('private/cancel', { order_id: order })));
  const sides = keyed(key => key.startsWith('buy') ? tag('buy', 'up') : tag('sell', 'down'));
  const columns = [
    { label: 'Instrument', key: 'instrument_name', align: 'left' },
    { label: 'Side', align: 'left', render: row => sides(`${row.direction}:${row.order_id}`) },
    { label: 'Price', render: row => ({ text: price(row.price), title: exact(row.price) }) },
    { label: 'Amount', render: row => ({ text: amount(row.amount), title: exact(row.amount) }) },
    { label: 'Filled', render: row => amount(row.filled_amount) },
    { label: 'Kind', align: 'left', render: kind },
    { label: 'Label', align: 'left', render: row => row.label || '–' },
    {
      label: 'Since', render: row => ({
        text: time(row.creation_timestamp, 'short'), title: time(row.creation_timestamp, 'moment'),
      }),
    },
  ];
  if (isAllowed) columns.push({ label: 'Cancel', render: row => buttons(row.order_id) });
  const rows = table({
    caption: 'Open orders', test: 'orders-table', rowKey: row => row.order_id, columns,
    empty: 'no open orders',
  });
  const all = confirming('Cancel all', 'Really cancel all?', 'cancel-all',
    () => attempt('private/cancel_all', {}));
  all.hidden = true;
  const card = panel('Open orders', { test: 'orders', wide: true, tools: [all] }, error,
    scroll('open orders', rows.node));
  card.say('asking the node…');
  if (!isAllowed) card.note('A read-only key: orders cannot be cancelled with it.');
  const offs = [
    state.on('orders', orders => {
      card.say(null);
      all.hidden = !isAllowed || orders.length < 2;
      buttons.keep(orders.map(order => order.order_id));
      sides.keep(orders.map(order => `${order.direction}:${order.order_id}`));
      rows.update(orders);
    }),
    state.on('problem', problem => {
      if (problem.method === 'private/get_open_orders') card.say(problem.text, 'warn');
    }),
  ];
  return { node: card.node, stop: () => offs.forEach(off => off()) };
}
