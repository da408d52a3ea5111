// What an attack on an index costs and what it could win (docs/economics.md), and who stands behind
// compartments: providers of the backstop and committed makers (docs/backstop.md).

import { h, replace, scroll, setText, table } from '../../core/dom.js';
import { barChart } from '../../core/charts.js';
import { exact, money, number, percent, span, time } from '../../core/format.js';
import { cause } from '../../model/words.js';
import { feed, panel } from '../../parts/panel.js';

const short = value => money(value).replace(/\.00$/, '');

/** Whether an attack pays, in words. */
function verdict({ index_name: name, window_seconds: seconds, safety, moves, markets }) {
  const paying = moves.filter(entry => entry.owner_profit > entry.cost);
  const start = `Moving ${name} and holding it for ${seconds} s: `;
  if (paying.length === 0) {
    return `${start}no move that is listed pays, even for an owner at the largest limit.`;
  }
  const least = markets.some(market => market.limited_by === 'least_cap')
    ? ' Here the smallest cap that the venue allows stands above that.' : '';
  return `${start}${paying.map(entry => percent(entry.move, 0)).join(', ')} would pay for an owner `
    + `at the largest limit. Caps aim at a cost ${number(safety)} times the profit.${least}`;
}

export function attackPanel(api) {
  const choice = h('select', { aria: { label: 'Index' }, dataset: { test: 'attack-index' } });
  const host = h('div', { class: 'chart-host' });
  const chart = barChart(host, {
    label: 'Cost of moving the index and what its largest owner would win', legend: true,
    yForm: short,
  });
  const words = h('p', { dataset: { test: 'attack-words' } });
  const markets = table({
    caption: 'Caps and the most that can be lost', test: 'caps-table',
    rowKey: row => row.compartment, empty: 'the venue states no economics for this index',
    columns: [
      { label: 'Compartment', key: 'compartment', align: 'left' },
      { label: 'Cap', render: row => ({
        text: money(row.cap), title: `towards ${exact(row.cap_target)}`,
      }) },
      { label: 'Limited by', align: 'left', render: row => cause(row.limited_by) },
      { label: 'Largest owner', render: row => money(row.owner_limit) },
      { label: 'Most it can lose', render: row => money(row.loss_bound) },
      { label: 'Covered by margin', render: row => money(row.losers_margin) },
      { label: 'Backstop', render: row => money(row.backstop) },
      { label: 'Fund', render: row => money(row.fund) },
    ],
  });
  const content = h('div', {}, host, words, scroll('caps', markets.node));
  const card = panel('What an attack costs and wins', { test: 'attack', tools: [choice] }, content);
  let asked = null;

  function take(result) {
    const { moves } = result;
    host.hidden = moves.length === 0;
    if (moves.length === 0) {
      setText(words, `The venue states no economics for ${result.index_name}.`);
    } else {
      chart.update({
        labels: moves.map(entry => `${percent(entry.move, 0)} move`),
        series: [
          { label: 'costs', values: moves.map(entry => entry.cost), colour: 'accent' },
          { label: 'wins at most', values: moves.map(entry => entry.owner_profit), colour: 'down' },
        ],
      });
      setText(words, verdict(result));
    }
    markets.update(result.markets);
  }

  function follow() {
    asked?.stop();
    asked = feed(api, {
      method: 'public/get_manipulation_cost', params: { index_name: choice.value }, every: 10000,
      where: card, take,
    });
  }

  choice.addEventListener('change', follow);
  const names = feed(api, {
    method: 'public/get_index_price_names', every: 60000, where: card,
    take(found) {
      if (choice.options.length > 0) return;
      replace(choice, found.map(name => h('option', { value: name }, name)));
      follow();
    },
  });
  return {
    card,
    destroy() {
      names.stop();
      asked?.stop();
      chart.destroy();
    },
  };
}

export function backstopPanel(api) {
  const providers = table({
    caption: 'Providers of the backstop', test: 'providers-table', rowKey: row => row.key,
    empty: 'no account is committed as a provider',
    columns: [
      { label: 'Provider', align: 'left', render: row => `account ${row.account}` },
      { label: 'Equity', render: row => money(row.equity) },
      { label: 'Takes at most', align: 'left', render: row => row.markets.map(market =>
        `${market.index_name} ${money(market.notional)}${market.stopped ? ' (stopped)' : ''}`)
        .join(', ') || '–' },
      { label: 'Slice', render: row => percent(row.slice_share, 0) },
      { label: 'Discount from', render: row => percent(row.least_discount, 1) },
      { label: 'Leaves', render: row => row.notice_end ? time(row.notice_end, 'short') : '–' },
    ],
  });
  const makers = table({
    caption: 'Committed makers', test: 'makers-table', rowKey: row => row.key,
    empty: 'no committed makers',
    columns: [
      { label: 'Maker', align: 'left', render: row => `account ${row.account}` },
      { label: 'Present this hour', render: row => percent(row.presence, 0) },
      { label: 'Under stress', render: row => percent(row.stress_presence, 0) },
    ],
  });
  const words = h('p', { class: 'quiet' });
  const card = panel('Backstop and makers', { test: 'backstop' },
    scroll('providers', providers.node), h('h3', {}, 'Makers'), scroll('makers', makers.node),
    words);
  const asked = feed(api, {
    method: 'public/get_backstops', every: 5000, where: card,
    take(list) {
      const all = field => list.flatMap(entry => entry[field].map(row => ({
        ...row, key: `${entry.compartment}:${row.account}`,
      })));
      providers.update(all('providers'));
      makers.update(all('makers'));
      setText(words, list.map(entry => `${entry.compartment}: this hour's fees have `
        + `${money(entry.backstop_fees)} for providers and ${money(entry.maker_fees)} for makers; `
        + `all providers may lose ${money(entry.market_loss)} in a market, and one leaves with `
        + `${span(entry.notice_seconds * 1000)} of notice.`).join(' '));
    },
  });
  return { card, destroy: asked.stop };
}
