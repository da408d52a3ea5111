// The page's one connection to the node: calls, channels, who the page speaks for, and in what
// state the node is. Credentials stay in the memory of this module, as long as the page is open.

import { Subscriptions } from './subscriptions.js';
import { Transport, lost } from './transport.js';

const patience = 15000; // ms that a call waits for a connection
const late = 5000; // ms without a block after which a node is behind

const texts = {
  connecting: 'connecting…',
  live: 'live',
  behind: 'the node makes no blocks',
  down: 'the node does not answer; trying again',
  standby: 'a standby: it follows its leader and serves no markets',
  starting: 'the node is starting',
};

const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
let state = { name: 'connecting', text: texts.connecting, block: null, silence: 0 };
let session = null;
let secrets = null; // {id, secret, refresh}
let isReady = false; // connected and, where there are secrets, authenticated
let blockAt = 0;
const readers = { state: new Set(), session: new Set(), ready: new Set() };
let waiting = []; // calls before the connection stands

const transport = new Transport(`${scheme}://${location.host}/ws/api/v2`, {
  opened: () => begin(),
  closed: () => lose(),
  heard: message => subscriptions.heard(message),
});
const subscriptions = new Subscriptions((method, params) => transport.call(method, params));

function tell(kind, value) {
  for (const handler of [...readers[kind]]) handler(value);
}

function listen(kind, handler) {
  readers[kind].add(handler);
  return () => readers[kind].delete(handler);
}

function enter(name, silence = 0) {
  const text = name === 'behind' && silence > 0
    ? `${texts.behind}: none for ${Math.round(silence / 1000)} s` : texts[name];
  if (state.name === name && state.text === text) return;
  state = { ...state, name, text, silence };
  tell('state', state);
}

async function begin() {
  if (secrets) await renewSession();
  if (!transport.isOpen) return;
  isReady = true;
  blockAt = performance.now();
  const calls = waiting;
  waiting = [];
  for (const { done, timer } of calls) {
    clearTimeout(timer);
    done();
  }
  await subscriptions.restore();
  if (!isReady) return;
  transport.settle();
  enter('live');
  tell('ready');
}

function lose() {
  isReady = false;
  ask();
}

/** Why the connection does not stand, in the node's own words. */
async function ask() {
  let name = 'down';
  try {
    const answer = await fetch('/ready', {
      cache: 'no-store', signal: AbortSignal.timeout(3000),
    });
    const text = await answer.text();
    if (text.includes('following') || text.includes('leader')) name = 'standby';
    else if (text.includes('starting')) name = 'starting';
    else if (text.startsWith('leading')) name = 'connecting';
    else if (text.includes('no block')) name = 'behind';
  } catch {
    // It does not answer at all.
  }
  if (!isReady) enter(name);
}

subscriptions.add('block', data => {
  blockAt = performance.now();
  state = { ...state, block: data };
  if (isReady && state.name === 'behind') enter('live');
  tell('state', state);
});

setInterval(() => {
  if (!isReady) return;
  const silence = performance.now() - blockAt;
  if (silence > late) enter('behind', silence);
}, 1000);

/** Waits until calls can be made. */
function ready() {
  if (isReady) return Promise.resolve();
  return new Promise((done, fail) => {
    const entry = { done };
    entry.timer = setTimeout(() => {
      waiting = waiting.filter(other => other !== entry);
      fail(lost(state.text));
    }, patience);
    waiting.push(entry);
  });
}

function setSession(value) {
  session = value;
  tell('session', session);
}

async function accept(tokens) {
  secrets.refresh = tokens.refresh_token;
  let account = session?.account ?? null;
  if (account === null && tokens.scope.includes('account:read')) {
    const result = await transport.call('private/get_account_summaries', {}).catch(() => null);
    account = result?.id ?? result?.summaries?.[0]?.id ?? null;
  }
  setSession({ account, scope: tokens.scope, isReadOnly: !tokens.scope.includes('write') });
}

/** On a new connection: by the refresh token, and where the node has forgotten it by the secret. */
async function renewSession() {
  const { id, secret, refresh } = secrets;
  const grants = [
    { grant_type: 'refresh_token', refresh_token: refresh },
    { grant_type: 'client_credentials', client_id: id, client_secret: secret },
  ];
  for (const grant of grants) {
    try {
      await accept(await transport.call('public/auth', grant));
      return;
    } catch (error) {
      if (error.code === 0) return; // another break
    }
  }
  secrets = null;
  subscriptions.forgetPrivate();
  setSession(null);
}

export const api = {
  /** A request when the connection stands; rejects with {code, message, data}. */
  async call(method, params = {}) {
    await ready();
    return transport.call(method, params);
  },

  /**
   * Hears a channel: handler(data, isSnapshot). It lives through breaks of the connection. Options:
   * onFail(error) for a channel that the node does not have, onGap() when messages were lost.
   */
  subscribe: (channel, handler, options) => subscriptions.add(channel, handler, options),

  /** Asks a channel to tell its state again. */
  renew: channel => subscriptions.renew(channel),

  async authenticate(id, secret) {
    await ready();
    const tokens = await transport.call('public/auth', {
      grant_type: 'client_credentials', client_id: id, client_secret: secret,
    });
    session = null;
    secrets = { id, secret, refresh: null };
    await accept(tokens);
    return session;
  },

  async logout() {
    if (!secrets) return;
    secrets = null;
    subscriptions.forgetPrivate();
    setSession(null);
    await transport.call('private/logout', {}).catch(() => {});
  },

  /** Null, or {account, scope, isReadOnly}. */
  get session() {
    return session;
  },

  onSession: handler => listen('session', handler),

  /** {name, text, block, silence}; block is the last one, {height, timestamp, root, …}. */
  get state() {
    return state;
  },

  /** Told at once and with every block and change; the result ends it. */
  onState(handler) {
    handler(state);
    return listen('state', handler);
  },

  /** Called with every connection that stands, so that a page can ask again for what it shows. */
  onReady(handler) {
    if (isReady) queueMicrotask(handler);
    return listen('ready', handler);
  },
};

/** Credentials in the fragment of the address (`#/account?client_id=…`): used and removed. */
export async function takeCredentials() {
  const [path, query] = location.hash.split('?');
  const wanted = new URLSearchParams(query ?? '');
  const id = wanted.get('client_id');
  const secret = wanted.get('client_secret');
  if (!id || !secret) return;
  wanted.delete('client_id');
  wanted.delete('client_secret');
  const rest = wanted.toString();
  history.replaceState(null, '', path + (rest ? `?${rest}` : ''));
  await api.authenticate(id, secret);
}

transport.open();
