// Where prices come from: every publisher's last word on every index, how far it stands from the
// index, how old it is, and why it does not count where it does not (docs/oracle.md).

import { h, replace, scroll, setText, table } from '../../core/dom.js';
import { exact, number, percent, price, span } from '../../core/format.js';
import { places, scale } from '../../model/sources.js';
import { fault, spaced } from '../../model/words.js';
import { feed, keyed, panel, tag } from '../../parts/panel.js';
import { svg } from '../../parts/svg.js';

const width = 1000;
const height = 44;
const edge = 14; // of the strip, so that a dot at its end is whole

/** The strip: the index in the middle, a dot for each publisher. */
function strip() {
  const dots = svg('g');
  const node = svg('svg', {
    class: 'strip', viewBox: `0 0 ${width} ${height}`, role: 'img', preserveAspectRatio: 'none',
  },
  svg('line', { class: 'strip-line', x1: edge, x2: width - edge, y1: 22, y2: 22 }),
  svg('line', { class: 'strip-index', x1: width / 2, x2: width / 2, y1: 4, y2: 40 }), dots);
  return {
    node,
    update(entries) {
      const drawn = entries.filter(entry => entry.place !== null);
      node.setAttribute('aria-label', drawn.length === 0 ? 'no observations' : drawn.map(entry =>
        `publisher ${entry.publisher} ${percent(entry.away, 3)} from the index`
        + `${entry.used ? '' : ', not used'}`).join('; '));
      dots.replaceChildren(...drawn.map(entry => svg('ellipse', {
        class: entry.used ? 'strip-dot' : 'strip-dot unused',
        cx: (edge + entry.place * (width - 2 * edge)).toFixed(1), cy: 22, rx: 5, ry: 9,
      }, svg('title', {}, `publisher ${entry.publisher}: ${price(entry.price)}`))));
    },
  };
}

const away = value => value === null ? '–'
  : { text: `${value > 0 ? '+' : ''}${percent(value, 3)}`, title: exact(value) };

function indexCard() {
  const name = h('h3', {});
  const value = h('strong', { class: 'figures' });
  const about = h('span', { class: 'quiet' });
  const uses = h('p', { class: 'uses' });
  const drawn = strip();
  const ends = [h('span'), h('span', {}, 'index'), h('span')];
  const tags = keyed(key => key.startsWith('used') ? tag('counts', 'ok')
    : tag(fault(key.split(' ')[1]), 'bad'));
  const rows = table({
    caption: 'Publishers', rowKey: row => row.publisher, empty: 'no publisher has spoken yet',
    columns: [
      { label: 'Publisher', align: 'left', render: row => ({
        text: `${row.publisher} · ${row.source}`, title: row.kind ?? '',
      }) },
      { label: 'Price', render: row => ({ text: price(row.price), title: exact(row.price) }) },
      { label: 'From index', render: row => away(row.away) },
      { label: 'Age', render: row => ({
        text: row.age_ms < 1000 ? `${row.age_ms} ms` : span(row.age_ms),
        class: row.fault === 'stale' ? 'warn' : '',
      }) },
      { label: 'Weight', render: row => number(row.weight) },
      { label: 'State', align: 'left',
        render: row => tags(`${row.used ? 'used' : 'not'} ${row.fault} ${row.publisher}`) },
    ],
  });
  let told = '';
  const node = h('article', { class: 'source' },
    h('div', { class: 'source-head' }, name, value, about), uses, drawn.node,
    h('div', { class: 'strip-ends quiet' }, ends), scroll('publishers', rows.node));
  return {
    node,
    update(index, prices) {
      node.dataset.test = `source-${index.index_name}`;
      setText(name, index.index_name);
      setText(value, price(index.price));
      value.title = exact(index.price);
      setText(about, `± ${price(index.confidence)} · ${percent(index.quorum, 0)} of the weight `
        + `must be fresh · ${spaced(index.condition)}`);
      const found = JSON.stringify(index.uses);
      if (found !== told) {
        told = found;
        replace(uses, 'good for ', Object.entries(index.uses).flatMap(([use, isGood]) =>
          [tag(spaced(use), isGood ? 'ok' : 'bad'), ' ']));
      }
      const half = scale(index.observations, index.price, prices);
      setText(ends[0], `−${percent(half, 2)}`);
      setText(ends[2], `+${percent(half, 2)}`);
      const entries = places(index.observations, index.price, prices);
      drawn.update(entries);
      rows.update(entries.sort((a, b) => a.publisher - b.publisher));
    },
  };
}

export function sourcesPanel(api, told) {
  const cards = keyed(indexCard);
  const list = h('div', { class: 'sources' });
  const card = panel('Sources of prices', { test: 'sources', wide: true }, list);
  let shown = '';
  const asked = feed(api, {
    method: 'public/get_sources', every: 2000, where: card,
    take({ indexes }) {
      const names = indexes.map(index => index.index_name);
      if (names.join() !== shown) {
        shown = names.join();
        cards.keep(names);
        replace(list, names.map(name => cards(name).node));
      }
      const prices = new Map(indexes.map(index => [index.index_name, index.price]));
      for (const index of indexes) cards(index.index_name).update(index, prices);
      const sound = indexes.filter(index => index.condition === 'sound').length;
      const words = indexes.flatMap(index => index.observations);
      const bad = words.filter(entry => !entry.used).length;
      told({
        tone: sound < indexes.length ? 'bad' : bad > 0 ? 'warn' : 'ok',
        text: `${sound} of ${indexes.length} indexes sound, `
          + (bad === 0 ? 'all sources count' : `${bad} of ${words.length} sources do not count`),
      });
    },
  });
  return { node: card.node, stop: asked.stop };
}
