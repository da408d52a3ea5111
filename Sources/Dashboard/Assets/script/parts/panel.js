// A part of a page with a title, which says in words when it has nothing to show; and the feed that
// fills it, by asking the node again and again while anyone is looking.

import { explain } from '../model/words.js';
import { h, setText } from '../core/dom.js';

let count = 0;

/**
 * A card: {node, body, say(text, tone), note(text)}. `say` shows a sentence in the place of the
 * body's emptiness (tones: quiet, warn, bad); null takes it away.
 */
export function panel(title, { test, wide = false, note = '', tools = [] } = {}, ...children) {
  count += 1;
  const name = `panel-${count}`;
  const state = h('p', {
    class: 'panel-state quiet', role: 'status', dataset: test ? { test: `${test}-state` } : {},
  });
  state.hidden = true;
  const remark = h('p', { class: 'panel-note quiet' }, note);
  remark.hidden = note === '';
  const body = h('div', { class: 'panel-body' }, ...children);
  const node = h('section', {
    class: wide ? 'card panel wide' : 'card panel', aria: { labelledby: name },
    dataset: test ? { test } : {},
  },
  h('header', {}, h('h2', { id: name }, title), ...tools), remark, state, body);
  return {
    node,
    body,
    say(text, tone = 'quiet') {
      state.hidden = text === null || text === '';
      setText(state, text ?? '');
      const wanted = `panel-state ${tone}`;
      if (state.className !== wanted) state.className = wanted;
    },
    note(text) {
      remark.hidden = text === '';
      setText(remark, text);
    },
  };
}

/**
 * Asks for `method` now, with every new connection, and every `every` ms while the page is seen;
 * `take(result)` has the answer. While there is none, or an error, `where` (a panel) says so; what
 * was shown before stays, and is called old. A method that the node lacks is not asked for again.
 */
export function feed(api, { method, params = {}, every = 2000, where, take, failed }) {
  let timer = null;
  let isStopped = false;
  let isAsking = false;
  let has = false;

  const plan = wait => {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(ask, wait);
  };

  async function ask() {
    if (isStopped || isAsking) return;
    if (document.hidden) {
      plan(every);
      return;
    }
    isAsking = true;
    let isOver = false;
    try {
      const wanted = typeof params === 'function' ? params() : params;
      const result = await api.call(method, wanted);
      if (!isStopped) {
        has = true;
        if (where) where.body.hidden = false;
        where?.say(null);
        take(result);
      }
    } catch (error) {
      isOver = error?.code === -32601;
      if (error?.code === undefined) console.error(error);
      const words = explain(error, method);
      if (!isStopped) where?.say(has ? `${words} What follows is old.` : words, 'warn');
      if (!isStopped) failed?.(error);
    }
    isAsking = false;
    if (!isOver) plan(every);
  }

  if (where) where.body.hidden = true;
  where?.say('asking the node…');
  const off = api.onReady(() => ask());
  const seen = () => document.hidden || ask();
  document.addEventListener('visibilitychange', seen);
  ask();
  return {
    again: ask,
    stop() {
      isStopped = true;
      clearTimeout(timer);
      off();
      document.removeEventListener('visibilitychange', seen);
    },
  };
}

/** One thing a key, made when it is first asked for; `keep(keys)` forgets the others. */
export function keyed(make) {
  const known = new Map();
  const one = key => {
    if (!known.has(key)) known.set(key, make(key));
    return known.get(key);
  };
  one.keep = keys => {
    const wanted = new Set(keys);
    for (const key of known.keys()) if (!wanted.has(key)) known.delete(key);
  };
  return one;
}

/** A cell that is a tag. */
export function tag(text, tone = '') {
  return h('span', { class: `tag ${tone}`.trim() }, text);
}

/** Runs what a page must end. */
export function ending(stops) {
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}
