// What breakers measure against what trips them, as bars: full is the threshold, the mark is where
// a trigger is clear again.

import { table } from '../../core/dom.js';
import { exact, money, number, percent, span } from '../../core/format.js';
import { trigger } from '../../model/words.js';
import { keyed } from '../../parts/panel.js';
import { bar } from '../../parts/svg.js';

const close = 0.5; // of a threshold, from where a bar is no longer calm

const forms = {
  share: value => percent(value, 2),
  seconds: value => value < 10 ? `${number(value, 1)} s` : span(value * 1000),
  quote: money,
};

/** How near to its threshold; null where it cannot be told. */
function share(row) {
  if (row.measured === null || !(row.threshold > 0)) return null;
  return row.measured / row.threshold;
}

const tone = near => near >= 1 ? 'bad' : near >= close ? 'warn' : 'ok';

/** Those worth a row: everything of indexes and compartments, of markets what has begun. */
function worth(row) {
  return row.scope !== 'instrument' || row.measured > 0;
}

export function measuresTable() {
  const bars = keyed(() => bar());
  const key = row => `${row.scope}:${row.name}:${row.trigger}`;
  const form = (row, value) => value === null ? { text: 'not now', title: '' }
    : { text: (forms[row.unit] ?? number)(value), title: exact(value) };
  const rows = table({
    caption: 'What is measured against what trips', test: 'measures-table', rowKey: key,
    empty: 'this venue has no breakers that measure',
    columns: [
      { label: 'Of', align: 'left', render: row => row.name },
      { label: 'Trips when', align: 'left', render: row => ({
        text: trigger(row.trigger), title: row.trigger, class: 'wrap',
      }) },
      { label: 'Measured', render: row => form(row, row.measured) },
      { label: 'of threshold', align: 'left', render: row => {
        const near = share(row);
        const one = bars(key(row));
        one.update({
          share: near ?? 0, tone: tone(near), marks: [{ at: row.clearing / row.threshold }],
          text: near === null ? 'not measured now' : `${percent(near, 0)} of the threshold`,
        });
        return one.node;
      } },
      { label: 'Threshold', render: row => form(row, row.threshold) },
    ],
  });
  return {
    node: rows.node,
    update(measures) {
      const shown = measures.filter(worth);
      bars.keep(shown.map(key));
      rows.update(shown);
    },
  };
}
