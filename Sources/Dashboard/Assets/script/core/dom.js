// Making and changing what is on the page. All text goes in as text; nothing here reads markup.

/**
 * An element. Of the properties, `class`, `dataset` and `aria` (an object without the prefix) are
 * special, functions are listeners (`onclick`), null and false are left out; others are attributes.
 */
export function h(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') node.className = value;
    else if (name === 'dataset') Object.assign(node.dataset, value);
    else if (name === 'aria') {
      for (const [key, text] of Object.entries(value)) node.setAttribute(`aria-${key}`, text);
    } else if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else if (name === 'value') node.value = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
}

/** Puts children in the place of those that a node has. */
export function replace(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

/** Changes a text only where it is another. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Changes an attribute only where it is another; null takes it away. */
export function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === '') {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** A part that scrolls by itself, and by keyboard. */
export function scroll(label, ...children) {
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', aria: { label } }, ...children);
}

/** A figure under its name. `show(text, {class, title})` changes it. */
export function stat(label, test) {
  const value = h('dd', { dataset: test ? { test } : {} }, '–');
  const node = h('div', { class: 'stat' }, h('dt', {}, label), value);
  const show = (text, { class: name = '', title = '' } = {}) => {
    setText(value, text);
    if (value.className !== name) value.className = name;
    setAttribute(value, 'title', title);
  };
  return { node, show };
}

/**
 * A function that asks for `draw` to be called with a frame, as often as wanted but at most so many
 * times a second, and not while the page is hidden. `stop()` ends it.
 */
export function onFrame(draw, perSecond = 12) {
  const gap = 1000 / perSecond;
  let last = -Infinity;
  let isAsked = false;
  let isStopped = false;
  let timer = null;
  const run = () => {
    isAsked = false;
    if (isStopped) return;
    last = performance.now();
    draw();
  };
  const ask = () => {
    if (isAsked || isStopped) return;
    isAsked = true;
    const wait = last + gap - performance.now();
    if (wait <= 0) requestAnimationFrame(run);
    else timer = setTimeout(() => requestAnimationFrame(run), wait);
  };
  ask.stop = () => {
    isStopped = true;
    clearTimeout(timer);
  };
  return ask;
}

export { table } from './table.js';
