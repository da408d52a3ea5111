// Which page is shown: `#/NAME/…?…` is `script/pages/NAME.js`, loaded with its style when it is
// first asked for. A page exports { title, mount(root, context) }; mount gives back what ends it, a
// function or { unmount, change(context) } where the page itself follows a change of parameters.

import { h, replace } from './dom.js';

const first = 'markets';
const styles = new Set();

/** The parts of an address: {name, path: […], query}. */
export function parse(hash) {
  const [path, query] = hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/').map(part => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  const isName = /^[a-z][a-z-]*$/.test(name);
  return {
    name: isName ? name : first, path: rest, query: new URLSearchParams(query ?? ''),
  };
}

/** The address of a page. */
export const address = (name, ...path) => `#/${[name, ...path.map(encodeURIComponent)].join('/')}`;

/** Loads the style of a page once; a page without one is shown as it is. */
function style(name) {
  if (styles.has(name)) return Promise.resolve();
  styles.add(name);
  return new Promise(done => {
    document.head.append(h('link', {
      rel: 'stylesheet', href: `/assets/style/pages/${name}.css`, onload: done, onerror: done,
    }));
  });
}

/** Follows the address among known pages; told(name, title) hears of every one that is shown. */
export function route(root, api, known, told) {
  let shown = null; // {name, end}
  let turn = 0;

  async function go() {
    const params = parse(location.hash);
    const context = { api, params };
    if (shown?.name === params.name && shown.end?.change) {
      shown.end.change(context);
      return;
    }
    turn += 1;
    const mine = turn;
    let page = null;
    try {
      if (!known.includes(params.name)) throw new Error('no such page');
      [page] = await Promise.all([import(`../pages/${params.name}.js`), style(params.name)]);
    } catch {
      page = missing(params.name);
    }
    if (mine !== turn) return;
    finish();
    replace(root);
    root.dataset.page = params.name;
    told(params.name, page.title);
    shown = { name: params.name, end: page.mount(root, context) };
  }

  function finish() {
    const end = shown?.end;
    shown = null;
    if (typeof end === 'function') end();
    else end?.unmount?.();
  }

  addEventListener('hashchange', go);
  return go();
}

function missing(name) {
  return {
    title: 'Not here',
    mount: root => {
      replace(root, h('section', { class: 'card empty' },
        h('h2', {}, `There is no page “${name}”`),
        h('p', {}, 'This program does not carry it, or the node could not be reached. ',
          h('a', { href: address(first) }, 'Back to the markets'))));
      return () => {};
    },
  };
}
