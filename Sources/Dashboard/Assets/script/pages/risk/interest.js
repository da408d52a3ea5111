// Open interest: by index against its cap, and by market, so that it is seen where it is crowded.

import { h, scroll, setText, table } from '../../core/dom.js';
import { amount, exact, money, percent, price, whole } from '../../core/format.js';
import { concentration, interest } from '../../model/risk.js';
import { keyed, panel } from '../../parts/panel.js';
import { bar } from '../../parts/svg.js';

const crowded = 0.8; // of a cap

function tone(share) {
  if (share === null) return 'quiet';
  return share >= 1 ? 'bad' : share >= crowded ? 'warn' : 'ok';
}

export function interestPanel() {
  const bars = keyed(() => bar());
  const shares = keyed(() => bar());
  const groups = table({
    caption: 'Open interest against caps', test: 'interest-table', rowKey: row => row.key,
    empty: 'nobody holds anything yet',
    columns: [
      { label: 'Index', align: 'left', render: row => `${row.index_name} in ${row.compartment}` },
      { label: 'Open interest', render: row => ({
        text: money(row.notional), title: exact(row.notional),
      }) },
      { label: 'Cap', render: row => ({ text: money(row.cap), title: exact(row.cap) }) },
      { label: 'Of the cap', align: 'left', render: row => {
        const one = bars(row.key);
        one.update({
          share: row.share ?? 0, tone: tone(row.share),
          text: row.share === null ? 'no cap' : `${percent(row.share, 1)} of the cap`,
        });
        return one.node;
      } },
      { label: 'Part', render: row => percent(row.share, 1) },
    ],
  });
  const markets = table({
    caption: 'Open interest by market', test: 'markets-table', rowKey: row => row.instrument_name,
    empty: 'no market with open interest',
    columns: [
      { label: 'Market', key: 'instrument_name', align: 'left' },
      { label: 'Mark', render: row => price(row.mark_price) },
      { label: 'Open', render: row => ({
        text: amount(row.open_interest), title: exact(row.open_interest),
      }) },
      { label: 'At the index', render: row => money(row.open_interest_notional) },
      { label: 'Share', align: 'left', render: row => {
        const one = shares(row.instrument_name);
        one.update({ share: row.share, text: `${percent(row.share, 1)} of all open interest` });
        return one.node;
      } },
      { label: 'Part', render: row => percent(row.share, 1) },
      { label: 'Accounts', render: row => whole(row.accounts) },
    ],
  });
  const words = h('p', { class: 'quiet', dataset: { test: 'concentration' } });
  const card = panel('Open interest', { test: 'interest', wide: true },
    scroll('caps', groups.node), h('h3', {}, 'By market'), scroll('markets', markets.node), words);
  return {
    card,
    take(risk) {
      const found = interest(risk.markets);
      bars.keep(found.map(row => row.key));
      groups.update(found);
      const { total, shares: rows, index } = concentration(risk.markets);
      shares.keep(rows.map(row => row.instrument_name));
      markets.update(rows.filter(row => row.open_interest > 0));
      setText(words, total === 0 ? '' : `${money(total)} in all. The largest market has `
        + `${percent(rows[0].share, 0)} of it; as crowded as ${(1 / index).toFixed(1)} equal `
        + 'markets would be.');
    },
  };
}
