// Breakers: the level of every market, what holds it and until when, and the flow that is measured
// beside it (docs/breakers.md).

import { h, scroll, setText, table } from '../../core/dom.js';
import { exact, money, percent, span, time } from '../../core/format.js';
import { level, spaced, trigger } from '../../model/words.js';
import { feed, keyed, panel, tag } from '../../parts/panel.js';
import { balance, bar } from '../../parts/svg.js';
import { measuresTable } from './measures.js';

const fewest = 8; // markets shown before all are asked for

/** A tag of its own for every row and word. */
function tags() {
  const known = keyed(key => {
    const { text, tone } = level(key.split(' ')[0]);
    return tag(text, tone);
  });
  return { of: (name, row) => known(`${name} ${row}`), known };
}

function holdsTable() {
  const levels = tags();
  const rows = table({
    caption: 'What is held', test: 'holds-table', rowKey: row => row.key,
    empty: 'nothing is held: every market is at its normal level',
    columns: [
      { label: 'What', align: 'left', render: row => `${row.scope} ${row.name}` },
      { label: 'Level', align: 'left', render: row => levels.of(row.level, row.key) },
      { label: 'Because', align: 'left', render: row => ({
        text: trigger(row.trigger), title: row.trigger, class: 'wrap',
      }) },
      { label: 'Until, if not renewed', render: row => ({
        text: time(row.until), title: `in ${span(row.until - Date.now())}`,
      }) },
    ],
  });
  return {
    node: rows.node,
    update: holds => rows.update(holds.flatMap(hold => hold.triggers.map((one, i) => ({
      ...one, scope: hold.scope, name: hold.name, key: `${hold.scope}:${hold.name}:${i}`,
    })))),
  };
}

function marketsTable() {
  const levels = tags();
  const toxicities = keyed(() => bar());
  const imbalances = keyed(() => balance());
  const drawn = (bars, row, value, text) => {
    const one = bars(row.instrument_name);
    one.update({ share: value, tone: 'accent', text });
    return one.node;
  };
  return table({
    caption: 'Levels of markets', test: 'levels-table', rowKey: row => row.instrument_name,
    empty: 'no markets',
    columns: [
      { label: 'Market', key: 'instrument_name', align: 'left' },
      { label: 'Level', align: 'left', render: row => levels.of(row.level, row.instrument_name) },
      {
        label: 'Toxicity', align: 'left', title: 'VPIN, 0 to 1: how one-sided informed flow is',
        render: row => drawn(toxicities, row, row.toxicity, `toxicity ${percent(row.toxicity, 0)}`),
      },
      { label: 'VPIN', render: row => ({
        text: percent(row.toxicity, 0), title: exact(row.toxicity),
      }) },
      {
        label: 'Imbalance', align: 'left',
        title: 'What takers sold (left) and bought (right), as a share of both',
        render: row => drawn(imbalances, row, row.imbalance,
          `imbalance of takers ${percent(row.imbalance, 0)}`),
      },
      { label: 'Net', render: row => ({
        text: percent(row.imbalance, 0), title: exact(row.imbalance),
      }) },
    ],
  });
}

const isHeld = market => market.level !== 'normal';

/** Held markets first, then those with flow, as many as are wanted. */
function chosen(markets, isAll) {
  const rank = market => (isHeld(market) ? 2 : 0) + (market.toxicity > 0 ? 1 : 0);
  const sorted = markets.map((market, place) => ({ market, place }))
    .sort((a, b) => rank(b.market) - rank(a.market) || a.place - b.place)
    .map(entry => entry.market);
  const held = sorted.filter(isHeld).length;
  return isAll ? sorted : sorted.slice(0, Math.max(fewest, held));
}

export function breakersPanel(api, told) {
  const holds = holdsTable();
  const markets = marketsTable();
  const measures = measuresTable();
  const measured = h('div', {}, h('h3', {}, 'Measured against thresholds'),
    scroll('measures', measures.node));
  measured.hidden = true;
  const vaults = h('p', { class: 'quiet', dataset: { test: 'outflows' } });
  let isAll = false;
  let last = null;
  const more = h('button', {
    type: 'button', class: 'small', aria: { pressed: 'false' }, dataset: { test: 'all-levels' },
    onclick: () => {
      isAll = !isAll;
      draw();
    },
  }, 'All markets');
  const card = panel('Circuit breakers', { test: 'breakers', wide: true, tools: [more] },
    scroll('holds', holds.node), measured, h('h3', {}, 'Levels and flow'),
    scroll('levels of markets', markets.node), vaults);

  function draw() {
    if (!last) return;
    markets.update(chosen(last.markets, isAll));
    more.setAttribute('aria-pressed', String(isAll));
    setText(more, isAll ? 'Fewer' : `All ${last.markets.length} markets`);
    more.hidden = last.markets.length <= fewest;
  }

  const asked = feed(api, {
    method: 'public/get_breakers', every: 2000, where: card,
    take(result) {
      last = result;
      holds.update(result.holds);
      measured.hidden = !result.measures;
      measures.update(result.measures ?? []);
      draw();
      setText(vaults, `Left the vaults: ${result.vaults.map(vault =>
        `${vault.compartment} ${money(vault.outflow_1h)} in an hour, `
        + `${money(vault.outflow_24h)} in a day`).join('; ')}.`);
      const held = result.markets.filter(isHeld);
      told(held.length === 0
        ? { tone: 'ok', text: `${result.markets.length} markets, none held back` }
        : { tone: held.some(market => market.level === 'halted') ? 'bad' : 'warn',
          text: `${held.length} of ${result.markets.length} markets held: `
            + `${spaced(held[0].level)}${held.length > 1 ? ' and others' : ''}` });
    },
  });
  return { node: card.node, stop: asked.stop };
}
