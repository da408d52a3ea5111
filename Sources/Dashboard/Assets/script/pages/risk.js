// The risk page: how much is open and against which caps, who is nearest to liquidation, what
// stands behind the accounts, what an attack would cost, and liquidations as they happen.

import { h, replace, setText } from '../core/dom.js';
import { time, whole } from '../core/format.js';
import { ending, feed, panel } from '../parts/panel.js';
import { accountsPanel, fundsPanel } from './risk/accounts.js';
import { attackPanel, backstopPanel } from './risk/economics.js';
import { interestPanel } from './risk/interest.js';
import { liquidationsPanel } from './risk/liquidations.js';

export const title = 'Risk';

export function mount(root, { api }) {
  const stand = h('span', { class: 'quiet', dataset: { test: 'risk-stand' } });
  const counted = [interestPanel(), accountsPanel(), fundsPanel()];
  const [interest, accounts, funds] = counted;
  const missing = panel('Risk', { test: 'risk-state', wide: true });
  const others = [attackPanel(api), backstopPanel(api), liquidationsPanel(api)];
  const [attack, backstop, liquidations] = others;
  const cards = [interest, accounts, funds].map(part => part.card.node);
  for (const card of cards) card.hidden = true;
  replace(root, h('div', { class: 'page risk-page' },
    h('div', { class: 'page-head' }, h('h1', {}, 'Risk'), stand),
    h('div', { class: 'grid risk-grid' }, missing.node, interest.card.node, accounts.card.node,
      liquidations.card.node, h('div', { class: 'grid single' }, funds.card.node,
        backstop.card.node), attack.card.node)));

  const asked = feed(api, {
    method: 'public/get_risk', every: 2000,
    where: {
      body: missing.body,
      say(text, tone) {
        missing.node.hidden = text === null;
        missing.say(text, tone);
      },
    },
    take(result) {
      for (const card of cards) card.hidden = false;
      setText(stand, `as of block ${whole(result.height)}, ${time(result.timestamp)} UTC`);
      for (const part of counted) part.take(result);
    },
  });
  return ending([asked.stop, ...[...counted, ...others].map(part => part.destroy ?? (() => {}))]);
}
