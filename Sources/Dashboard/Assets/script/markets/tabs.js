// A row of choices of which one holds: by pointer, and by the arrow keys from the one that holds.

import { h } from '../core/dom.js';

/** choose(value) is told of a choice; update([[value, label, title?], …], chosen) sets the row. */
export function tabs({ label, test, choose, kind }) {
  const node = h('div', {
    class: `tabs ${kind ?? ''}`.trim(), role: 'group', aria: { label },
    dataset: test ? { test } : {},
    onkeydown: event => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const now = [...node.children].indexOf(event.target);
      if (!by || now < 0) return;
      event.preventDefault();
      const next = node.children[(now + by + node.children.length) % node.children.length];
      next.focus();
      next.click();
    },
  });
  let buttons = new Map();

  function mark(chosen) {
    for (const [value, button] of buttons) {
      button.setAttribute('aria-pressed', String(value === chosen));
      button.tabIndex = value === chosen ? 0 : -1;
    }
  }

  return {
    node,
    update(choices, chosen) {
      const fresh = new Map();
      for (const [value, text, title] of choices) {
        const button = buttons.get(value) ?? h('button', {
          type: 'button', dataset: test ? { test: `${test}-${value}` } : {},
          onclick: () => {
            mark(value);
            choose(value);
          },
        });
        if (button.textContent !== text) button.textContent = text;
        if (title) button.title = title;
        fresh.set(value, button);
      }
      const isSame = fresh.size === buttons.size
        && [...fresh.keys()].every(value => buttons.has(value));
      buttons = fresh;
      if (!isSame) node.replaceChildren(...fresh.values());
      mark(chosen);
    },
    mark,
  };
}
