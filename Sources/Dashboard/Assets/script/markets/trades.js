// The tape: trades as they happen, newest above, one row each; what came before is asked for once,
// and again where messages were lost.

import { h, onFrame, scroll, table } from '../core/dom.js';
import { amount, exact, price, time } from '../core/format.js';

const kept = 60;

export function tradesView({ api, onTrade }) {
  let one = null;
  let trades = [];
  let end = null;

  const rows = table({
    caption: 'Trades, newest first',
    empty: 'no trades yet',
    test: 'trades',
    columns: [
      {
        label: 'Price', render: trade => ({
          text: price(trade.price, one.tick_size),
          class: trade.direction === 'buy' ? 'up' : 'down',
          title: trade.liquidation ? 'by a liquidation' : '',
        }),
      },
      {
        label: 'Amount', render: trade => ({
          text: amount(trade.amount, one.contract_size), title: exact(trade.amount),
        }),
      },
      { label: 'Time', render: trade => ({ text: time(trade.timestamp), class: 'quiet' }) },
    ],
    rowKey: trade => trade.trade_id,
  });
  const draw = onFrame(() => one && rows.update(trades), 12);

  function merge(more) {
    const known = new Set(trades.map(trade => trade.trade_id));
    const fresh = more.filter(trade => !known.has(trade.trade_id));
    if (fresh.length === 0) return;
    trades = [...fresh, ...trades].sort((a, b) => b.trade_seq - a.trade_seq).slice(0, kept);
    draw();
  }

  async function load() {
    const name = one.instrument_name;
    try {
      const { trades: past } = await api.call('public/get_last_trades_by_instrument', {
        instrument_name: name, count: kept,
      });
      if (one?.instrument_name !== name) return;
      merge(past);
      draw();
    } catch (error) {
      rows.setEmpty(error.message);
    }
  }

  return {
    node: h('section', { class: 'card tape', aria: { label: 'Trades' } },
      h('header', {}, h('h2', {}, 'Trades')), scroll('Latest trades', rows.node)),
    choose(instrument) {
      end?.();
      one = instrument;
      trades = [];
      rows.setEmpty('no trades yet');
      end = api.subscribe(`trades.${one.instrument_name}.raw`, data => {
        merge(data);
        onTrade?.(data);
      }, { onGap: load, onFail: error => rows.setEmpty(error.message) });
      load();
      draw();
    },
    close() {
      end?.();
      draw.stop();
    },
  };
}
