// The frame of all pages: header with the state of the node, navigation, keys, theme. Pages are in
// pages/, what they share in core/.

import { api, takeCredentials } from './core/connection.js';
import { onFrame, replace, setText } from './core/dom.js';
import { shortHex, time, whole } from './core/format.js';
import { route } from './core/router.js';
import { onTheme, theme, toggleTheme } from './core/theme.js';

const at = id => document.getElementById(id);
const pages = [...document.querySelectorAll('#nav a')].map(link => link.dataset.page);
const marks = { live: 'ok', behind: 'warn', standby: 'warn', starting: 'warn', down: 'bad' };

const words = {
  down: 'No connection to the node. What you see is as of the last message; '
    + 'the page comes back by itself.',
  standby: 'This node is a standby: it follows its leader and serves no markets. '
    + 'Open the page of the node that leads.',
  starting: 'The node is starting and will serve in a moment.',
};

function showState() {
  const { name, text, block, silence } = api.state;
  const pill = at('state');
  const wanted = `pill ${marks[name] ?? ''}`.trim();
  if (pill.className !== wanted) pill.className = wanted;
  if (pill.dataset.state !== name) pill.dataset.state = name;
  setText(at('state-name'), name);
  const detail = block ? `block ${whole(block.height)} · ${time(block.timestamp)} UTC` : '';
  setText(at('state-block'), detail);
  const notice = name === 'behind' && silence > 0
    ? `The node has made no block for ${Math.round(silence / 1000)} s: nothing trades, and prices `
      + 'stand still.' : words[name] ?? '';
  setText(at('notice'), notice);
  at('notice').hidden = notice === '';
  at('notice').className = `notice ${marks[name] ?? ''}`;
  document.body.dataset.state = name;
  setText(at('spoken'), name === 'live' ? 'The connection is live.' : text);
}

function showSession(session) {
  const node = at('session');
  node.hidden = !session;
  if (!session) return;
  const account = session.account === null ? 'signed in' : `account ${session.account}`;
  replace(node, session.isReadOnly ? `${account} · read only` : account);
}

function showTheme() {
  const other = theme() === 'dark' ? 'light' : 'dark';
  at('theme').setAttribute('aria-label', `Use ${other} colours`);
  at('theme').title = `Use ${other} colours`;
}

async function showChain() {
  const chain = await api.call('public/get_chain').catch(() => null);
  if (!chain) return;
  // Another chain under the same address: nothing that is on the page belongs to it.
  if (at('chain').title && at('chain').title !== chain.chain_id) location.reload();
  if (chain.name) setText(at('venue'), chain.name);
  setText(at('chain'), `chain ${shortHex(chain.chain_id, 6)}`);
  at('chain').title = chain.chain_id;
}

const isWriting = target => target.closest?.('input, textarea, select, [contenteditable]');

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') {
    if (isWriting(event.target)) event.target.blur();
    return;
  }
  if (isWriting(event.target) || at('keys').open) return;
  const page = pages[Number(event.key) - 1];
  if (page) location.hash = `#/${page}`;
  else if (event.key === '/') {
    const search = document.querySelector('[data-search]');
    search?.focus();
    search?.select?.();
    if (search) event.preventDefault();
  } else if (event.key === '?') at('keys').showModal();
}

function shown(name, title) {
  document.title = `${title} · Rampart`;
  for (const link of document.querySelectorAll('#nav a')) {
    if (link.dataset.page === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

const drawState = onFrame(showState, 8);
api.onState(({ name }) => {
  // A node that is gone is told even where frames do not come.
  if (name === document.body.dataset.state) drawState();
  else showState();
});
api.onSession(showSession);
api.onReady(showChain);
onTheme(showTheme);
showTheme();
at('theme').addEventListener('click', toggleTheme);
at('help').addEventListener('click', () => at('keys').showModal());
at('keys').addEventListener('click', event => {
  if (event.target === at('keys')) at('keys').close();
});
at('skip').addEventListener('click', event => {
  event.preventDefault();
  at('page').focus();
});
document.addEventListener('keydown', onKey);
takeCredentials().catch(error => {
  replace(at('session'), `not signed in: ${error.message}`);
  at('session').hidden = false;
});
route(at('page'), api, pages, shown);
