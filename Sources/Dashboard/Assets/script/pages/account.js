// The account page: who looks logs in with an API key, which stays in the memory of the page; then
// margin, scenario profile, positions, orders and what happened, live.

import { h, replace } from '../core/dom.js';
import { ending, panel } from '../parts/panel.js';
import { activityPanels } from './account/activity.js';
import { loginForm } from './account/login.js';
import { marginPanel } from './account/margin.js';
import { ordersPanel } from './account/orders.js';
import { positionsPanel } from './account/positions.js';
import { profilePanel } from './account/profile.js';
import { AccountState } from './account/state.js';

export const title = 'Account';

function head(api, account) {
  const { isReadOnly } = api.session;
  const may = isReadOnly ? 'read-only key' : 'this key may send orders or cancel them';
  return h('div', { class: 'page-head' },
    h('h1', {}, account === null ? 'Account' : `Account ${account}`),
    h('span', { class: isReadOnly ? 'tag ok' : 'tag warn', dataset: { test: 'key-kind' } }, may),
    h('span', { class: 'spacer' }),
    h('button', {
      type: 'button', dataset: { test: 'logout' }, onclick: () => api.logout(),
    }, 'Log out'));
}

/** All of a logged-in account; returns what ends it. */
function show(root, api) {
  const state = new AccountState(api);
  const stops = [() => state.stop()];
  const banner = h('div', {
    class: 'banner bad', role: 'alert', dataset: { test: 'account-locked' },
  });
  banner.hidden = true;
  state.on('lock', lock => {
    banner.hidden = !lock;
    replace(banner, lock
      ? 'This account is being liquidated or converted. Its orders are cancelled and its positions '
        + 'closed step by step; new orders are refused until its margin holds again.' : '');
  });
  const parts = [
    marginPanel(state), profilePanel(state, api), positionsPanel(state), ordersPanel(state, api),
    ...activityPanels(state, api),
  ];
  for (const part of parts) stops.push(part.stop);
  replace(root, head(api, api.session.account), banner,
    h('div', { class: 'grid account-grid' }, parts.map(part => part.node)));
  state.start();
  return ending(stops);
}

export function mount(root, { api }) {
  let end = () => {};
  let shown; // the account that is on the page
  const place = h('div', { class: 'page account-page' });
  const draw = () => {
    const account = api.session ? api.session.account ?? 'unknown' : null;
    if (account === shown) return;
    shown = account;
    end();
    end = () => {};
    if (api.session) {
      end = show(place, api);
      return;
    }
    const card = panel('Log in', { test: 'login' }, loginForm(api));
    replace(place, h('div', { class: 'page-head' }, h('h1', {}, 'Account')),
      h('div', { class: 'grid account-login' }, card.node));
  };
  const off = api.onSession(draw);
  replace(root, place);
  draw();
  return () => {
    off();
    end();
  };
}
