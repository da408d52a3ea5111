// Small drawings by hand: elements of SVG, and bars with marks. Lengths are attributes, because the
// page's policy allows no style attributes; colours come from classes.

const space = 'http://www.w3.org/2000/svg';

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

const width = 1000;
const height = 12;

function clamp(share) {
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
}

/**
 * A bar from 0 to 1 with marks. `update({share, tone, second, marks: [{at, tone}], text})`: `share`
 * is filled in the tone (ok, warn, bad, accent), `second` drawn behind it, `text` says it to those
 * who do not see it.
 */
export function bar(className = '') {
  const back = svg('rect', { class: 'bar-back', width, height, rx: 2 });
  const second = svg('rect', { class: 'bar-second', height, width: 0, rx: 2 });
  const fill = svg('rect', { class: 'bar-fill', height, width: 0, rx: 2 });
  const marks = svg('g');
  const node = svg('svg', {
    class: `bar ${className}`.trim(), viewBox: `0 0 ${width} ${height}`, role: 'img',
    preserveAspectRatio: 'none', 'aria-label': '…',
  }, back, second, fill, marks);
  let told = '';
  return {
    node,
    update({ share = 0, tone = 'accent', second: other = 0, marks: places = [], text = '' }) {
      const now = JSON.stringify([share, tone, other, places, text]);
      if (now === told) return;
      told = now;
      fill.setAttribute('width', (width * clamp(share)).toFixed(1));
      fill.setAttribute('class', `bar-fill ${tone}`);
      second.setAttribute('width', (width * clamp(other)).toFixed(1));
      marks.replaceChildren(...places.map(({ at, tone: kind = '' }) => svg('rect', {
        class: `bar-mark ${kind}`.trim(), x: (width * clamp(at)).toFixed(1) - 2, width: 4, height,
      })));
      node.setAttribute('aria-label', text);
    },
  };
}

/** A bar from the middle: -1 … 1, as an imbalance or a deviation. */
export function balance(className = '') {
  const middle = width / 2;
  const back = svg('rect', { class: 'bar-back', width, height, rx: 2 });
  const fill = svg('rect', { class: 'bar-fill', height, width: 0 });
  const axis = svg('rect', { class: 'bar-mark', x: middle - 2, width: 4, height });
  const node = svg('svg', {
    class: `bar ${className}`.trim(), viewBox: `0 0 ${width} ${height}`, role: 'img',
    preserveAspectRatio: 'none', 'aria-label': '…',
  }, back, fill, axis);
  let told = '';
  return {
    node,
    update({ share = 0, tone = 'accent', text = '' }) {
      const now = JSON.stringify([share, tone, text]);
      if (now === told) return;
      told = now;
      const length = middle * clamp(Math.abs(share));
      fill.setAttribute('x', (share < 0 ? middle - length : middle).toFixed(1));
      fill.setAttribute('width', length.toFixed(1));
      fill.setAttribute('class', `bar-fill ${tone}`);
      node.setAttribute('aria-label', text);
    },
  };
}
