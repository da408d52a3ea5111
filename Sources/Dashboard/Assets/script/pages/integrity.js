// The integrity page: whether the venue can be trusted at this moment, and how to see for oneself.
// Breakers, the sources of prices, conservation, the state root, and a proof that this browser
// computes.

import { h, replace, setText } from '../core/dom.js';
import { ending } from '../parts/panel.js';
import { breakersPanel } from './integrity/breakers.js';
import { Roots, conservationPanel, rootsPanel } from './integrity/conservation.js';
import { proofPanel } from './integrity/proof.js';
import { sourcesPanel } from './integrity/sources.js';

export const title = 'Integrity';

/** One line of the verdict at the top. */
function tile(label, test) {
  const text = h('span', {}, '…');
  const node = h('div', { class: 'tile', dataset: { test } },
    h('span', { class: 'tile-label' }, label), text);
  return {
    node,
    tell(found) {
      setText(text, found.text);
      const wanted = `tile ${found.tone}`;
      if (node.className !== wanted) node.className = wanted;
    },
  };
}

export function mount(root, { api, params }) {
  const tiles = {
    breakers: tile('Markets', 'tile-markets'), sources: tile('Prices', 'tile-prices'),
    conservation: tile('Money', 'tile-money'), roots: tile('State', 'tile-state'),
  };
  const roots = new Roots(api);
  const parts = [
    breakersPanel(api, tiles.breakers.tell), sourcesPanel(api, tiles.sources.tell),
    conservationPanel(api, tiles.conservation.tell), proofPanel(api, roots, params.query),
    rootsPanel(roots, tiles.roots.tell),
  ];
  replace(root, h('div', { class: 'page integrity-page' },
    h('div', { class: 'page-head' }, h('h1', {}, 'Integrity'),
      h('span', { class: 'quiet' }, 'what holds markets back, where prices come from, and whether '
        + 'the sums agree')),
    h('div', { class: 'tiles' }, Object.values(tiles).map(entry => entry.node)),
    h('div', { class: 'grid integrity-grid' }, parts.map(part => part.node))));
  return ending(parts.map(part => part.stop));
}
