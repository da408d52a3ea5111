// What the account is worth and what its margin takes of it: figures, and a bar that shows how far
// it is to liquidation.

import { h, setText, stat } from '../../core/dom.js';
import { amount, direction, exact, money, percent, signed } from '../../core/format.js';
import { health } from '../../model/profile.js';
import { panel } from '../../parts/panel.js';
import { bar } from '../../parts/svg.js';

const full = 1.25; // the bar's end, as a share of the equity

function sentence(summary, { ratio, state }) {
  const { equity, initial_margin: initial, maintenance_margin: maintenance } = summary;
  const room = equity - maintenance;
  if (maintenance === 0) return 'No margin is needed: there is nothing that could be liquidated.';
  if (state === 'bad') return 'Equity does not cover the maintenance margin: liquidation begins.';
  const left = `Liquidation begins when equity falls by ${money(room)}, `
    + `${percent(room / equity, 1)} of it.`;
  if (state === 'warn') {
    return `${left} Equity is below the initial margin (${money(initial)}): only orders that `
      + 'reduce are taken.';
  }
  return `${left} ${percent(ratio, 1)} of equity is held as maintenance margin.`;
}

const figures = [
  ['equity', 'Equity', 'equity'],
  ['balance', 'Balance', 'balance'],
  ['available', 'Available', 'available_funds'],
  ['initial', 'Initial margin', 'initial_margin'],
  ['maintenance', 'Maintenance margin', 'maintenance_margin'],
  ['withdrawable', 'Can be withdrawn', 'available_withdrawal_funds'],
];

export function marginPanel(state) {
  const stats = new Map(figures.map(([test, label, field]) => [field, stat(label, test)]));
  const profit = stat('Unrealised profit', 'unrealised');
  const realised = stat('Realised today', 'realised');
  const drawn = bar('thick');
  const words = h('p', { dataset: { test: 'margin-words' } });
  const greeks = ['delta', 'gamma', 'vega', 'theta'].map(name => stat(name, `greek-${name}`));
  const deltas = h('p', { class: 'quiet small' });
  const card = panel('Margin', { test: 'margin' },
    h('dl', { class: 'stats even' }, [...stats.values()].map(entry => entry.node), profit.node,
      realised.node),
    h('div', { class: 'bar-legend quiet' }, h('span', {}, 'maintenance margin'),
      h('span', {}, 'liquidation begins ▾')),
    drawn.node, words,
    h('h3', {}, 'Greeks'),
    h('dl', { class: 'stats even' }, greeks.map(entry => entry.node)), deltas);
  card.say('asking the node…');

  const off = state.on('summary', summary => {
    card.say(null);
    for (const [field, entry] of stats) {
      entry.show(money(summary[field]), {
        title: `${exact(summary[field])} ${summary.currency}`,
      });
    }
    for (const [entry, value] of [[profit, summary.session_upl], [realised, summary.session_rpl]]) {
      entry.show(signed(money(value), value), { class: direction(value), title: exact(value) });
    }
    const { equity, initial_margin: initial, maintenance_margin: maintenance } = summary;
    const found = health(equity, initial, maintenance);
    const text = sentence(summary, found);
    drawn.update({
      share: found.state === 'bad' && found.ratio === null ? 1 : (found.ratio ?? 0) / full,
      second: equity > 0 ? initial / equity / full : 0,
      tone: found.state ?? 'accent',
      marks: [{ at: 1 / full, tone: 'limit' }],
      text: `Maintenance margin against equity. ${text}`,
    });
    setText(words, text);
    const values = [summary.delta_total, summary.options_gamma, summary.options_vega,
      summary.options_theta];
    greeks.forEach((entry, i) => entry.show(amount(values[i]), { title: exact(values[i]) }));
    const map = Object.entries(summary.delta_total_map ?? {});
    setText(deltas, map.length === 0 ? ''
      : `Delta: ${map.map(([name, value]) => `${amount(value)} on ${name}`).join(' · ')}`);
  });
  const offProblem = state.on('problem', problem => {
    if (problem.method.includes('summar')) card.say(problem.text, 'warn');
  });
  return {
    node: card.node,
    stop() {
      off();
      offProblem();
    },
  };
}
