// The scenario profile: what the portfolio gains or loses as one index moves, with the lines of
// equity and maintenance margin, where liquidation begins, and the worst scenario by name.

import { h, replace, scroll, setText, table } from '../../core/dom.js';
import { lineChart } from '../../core/charts.js';
import { direction, exact, money, percent, price, signed } from '../../core/format.js';
import { liquidationMoves, sorted, worst } from '../../model/profile.js';
import { feed, panel } from '../../parts/panel.js';

const method = 'private/get_scenario_profile';

/** Equity after each move, profit apart, and the maintenance margin. */
function series(chosen, { equity, maintenance_margin: maintenance }) {
  const points = sorted(chosen.points);
  return [
    { label: 'equity after the move', colour: 'accent',
      points: points.map(point => ({ x: point.move, y: equity + point.profit })) },
    { label: 'maintenance margin', colour: 'down', dashed: true,
      points: points.map(point => ({ x: point.move, y: point.maintenance ?? maintenance })) },
    { label: 'equity now', colour: 'quiet', dashed: true,
      points: points.map(point => ({ x: point.move, y: equity })) },
  ];
}

/** Where liquidation begins, in words. */
function edges(chosen, { equity, maintenance_margin: maintenance }) {
  const { below, above } = liquidationMoves(chosen.points, equity, maintenance);
  const at = move => `${price(chosen.index_price * (1 + move))} (${percent(move, 1)})`;
  const name = chosen.index_name;
  const least = worst(chosen.points);
  const loss = least === null ? ''
    : ` Of the moves drawn, ${percent(least.move, 0)} loses most: ${money(-least.profit)}.`;
  if (below === null && above === null) {
    return `No move of ${name} alone that is drawn here begins a liquidation.${loss}`;
  }
  const places = [below === null ? null : `falls to ${at(below)}`,
    above === null ? null : `rises to ${at(above)}`].filter(Boolean).join(' or ');
  return `With the margin as it is now, liquidation begins when ${name} alone ${places}.`
    + loss;
}

const cash = value => ({
  text: signed(money(value), value), class: direction(value), title: exact(value),
});
const minus = text => text.replace(/-/g, '−');
const compactMoney = value => money(value).replace('.00', '');

export function profilePanel(state, api) {
  const choice = h('select', { aria: { label: 'Index' }, dataset: { test: 'profile-index' } });
  const host = h('div', { class: 'chart-host tall' });
  const words = h('p', { dataset: { test: 'profile-words' } });
  const worstWords = h('p', { class: 'quiet', dataset: { test: 'profile-worst' } });
  const rows = table({
    caption: 'Scenarios of the chosen index', rowKey: row => row.name, empty: 'no scenarios',
    test: 'scenarios-table',
    rowClass: row => row.isWorst ? 'worst' : '',
    columns: [
      { label: 'Scenario', align: 'left', render: row => minus(row.name) },
      { label: 'Price', render: row => percent(row.move, 1) },
      { label: 'Volatility', key: 'volatility_move', align: 'left' },
      { label: 'Profit', render: row => cash(row.profit) },
      { label: 'Weight', render: row => percent(row.weight, 0) },
      { label: 'Counts', render: row => cash(row.counted) },
    ],
  });
  const list = h('details', {}, h('summary', {}, 'All scenarios'), scroll('scenarios', rows.node));
  const content = h('div', {}, host, words, worstWords, list);
  content.hidden = true;
  const card = panel('Scenario profile', { test: 'profile', tools: [choice] }, content);
  choice.hidden = true;
  const chart = lineChart(host, {
    label: 'Equity over moves of the index', xLabel: 'move of the index', yLabel: 'quote asset',
    xForm: move => percent(move, 0), yForm: compactMoney,
  });
  let profile = null;

  function draw() {
    const chosen = profile.underlyings.find(entry => entry.index_name === choice.value)
      ?? profile.underlyings[0];
    chart.update(series(chosen, profile));
    setText(words, edges(chosen, profile));
    const charges = (profile.charges ?? []).reduce((sum, charge) => sum + charge.amount, 0);
    setText(worstWords, chosen.worst === null
      ? `No scenario of the margin rules loses on ${chosen.index_name}.`
      : `Worst scenario of the maintenance rule: ${minus(chosen.worst)}. It asks `
        + `${money(chosen.loss)}; charges beside the scenarios come to ${money(charges)}.`);
    rows.update(chosen.scenarios.map(entry => ({
      ...entry, isWorst: entry.name === chosen.worst,
    })));
  }

  choice.addEventListener('change', draw);
  const asked = feed(api, {
    method, every: 3000, where: card,
    take(result) {
      const names = result.underlyings.map(entry => entry.index_name);
      content.hidden = names.length === 0;
      choice.hidden = names.length < 2;
      if (names.length === 0) {
        card.say('No positions: no price moves this account.');
        return;
      }
      if ([...choice.options].map(entry => entry.value).join() !== names.join()) {
        const before = choice.value;
        replace(choice, names.map(name => h('option', { value: name }, name)));
        if (names.includes(before)) choice.value = before;
      }
      profile = result;
      draw();
    },
  });
  const off = state.on('change', () => asked.again());
  return {
    node: card.node,
    stop() {
      off();
      asked.stop();
      chart.destroy();
    },
  };
}
