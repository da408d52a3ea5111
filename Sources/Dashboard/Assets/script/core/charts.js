// Charts by Chart.js (Debian's libjs-chart.js, which the node serves). Where the file is missing a
// chart is its sentence in words; the same sentence is what a screen reader gets.

import { h, onFrame, setAttribute, setText } from './dom.js';
import { number, time } from './format.js';
import { colour, onTheme } from './theme.js';

const perSecond = 4; // redraws of one chart

/** Options that all charts share; `labels` name the axes, `forms` write their numbers. */
function base({ xLabel, yLabel, xForm, yForm, yRight, legend, tooltip }) {
  const tick = { color: colour('quiet'), font: { size: 11 }, maxRotation: 0, autoSkipPadding: 18 };
  const title = text => ({
    display: Boolean(text), text, color: colour('quiet'), font: { size: 11 }, padding: 2,
  });
  const grid = { color: colour('line'), drawTicks: false, borderColor: colour('line') };
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    normalized: true,
    interaction: { mode: 'index', intersect: false },
    plugins: {
      legend: {
        display: Boolean(legend),
        align: 'end',
        labels: { color: colour('quiet'), boxWidth: 8, boxHeight: 8, font: { size: 11 } },
      },
      tooltip: {
        backgroundColor: colour('ink'), titleColor: colour('card'), bodyColor: colour('card'),
        displayColors: false, padding: 8, cornerRadius: 4, ...tooltip,
      },
    },
    scales: {
      x: {
        type: 'linear', title: title(xLabel), grid: { ...grid, display: false },
        ticks: { ...tick, includeBounds: false, callback: value => xForm(value) },
      },
      y: {
        position: yRight ? 'right' : 'left', title: title(yLabel), grid,
        ticks: { ...tick, maxTicksLimit: 7, includeBounds: false, callback: value => yForm(value) },
      },
    },
  };
}

/**
 * The shell of every chart. `build(data)` gives the datasets (and labels, ranges), `options()`
 * those of Chart.js, `words(data)` the sentence, `empty(data)` what stands there without anything
 * to draw, or null.
 */
function chart(host, { type, label, build, options, words, empty, plugins = [] }) {
  const canvas = h('canvas', { role: 'img', aria: { label } });
  const note = h('p', { class: 'empty chart-words', hidden: true });
  host.classList.add('chart');
  host.replaceChildren(canvas, note);
  let drawn = null;
  let data = null;

  function create() {
    drawn?.destroy();
    drawn = new window.Chart(canvas, {
      type, data: { labels: [], datasets: [] }, options: options(), plugins,
    });
  }

  const draw = onFrame(() => {
    if (data === null) return;
    const sentence = `${label}: ${words(data)}`;
    setAttribute(canvas, 'aria-label', sentence);
    const instead = empty(data) ?? (window.Chart ? null : sentence);
    canvas.hidden = instead !== null;
    note.hidden = instead === null;
    setText(note, instead ?? '');
    if (instead !== null) return;
    if (!drawn) create();
    const { labels = [], datasets, ranges = {}, extra = {} } = build(data);
    Object.assign(drawn.options, extra);
    drawn.data.labels = labels;
    datasets.forEach((set, i) => {
      drawn.data.datasets[i] = Object.assign(drawn.data.datasets[i] ?? {}, set);
    });
    drawn.data.datasets.length = datasets.length;
    for (const [axis, range] of Object.entries(ranges)) {
      Object.assign(drawn.options.scales[axis], range);
    }
    drawn.update('none');
  }, perSecond);

  const off = onTheme(() => {
    drawn?.destroy();
    drawn = null;
    draw();
  });
  return {
    update(next) {
      data = next;
      draw();
    },
    destroy() {
      off();
      draw.stop();
      drawn?.destroy();
      drawn = null;
      host.replaceChildren();
    },
  };
}

const ends = (points, x, y) => points.length === 0 ? 'no data'
  : `from ${y(points[0].y)} at ${x(points[0].x)} to ${y(points.at(-1).y)} at ${x(points.at(-1).x)}`;

/**
 * Lines over numbers or times. update([{label, points: [{x, y}], colour (a variable's name), fill,
 * stepped, dashed, dots}]). `time: true` takes x as milliseconds.
 */
export function lineChart(host, options) {
  const { label, time: isTime, legend = true } = options;
  const xForm = options.xForm ?? (isTime ? value => time(value, 'minute') : value => number(value));
  const yForm = options.yForm ?? (value => number(value));
  const tooltip = {
    callbacks: {
      title: items => items.length > 0 ? xForm(items[0].parsed.x) : '',
      label: item => `${item.dataset.label}: ${yForm(item.parsed.y)}`,
    },
  };
  return chart(host, {
    type: 'line', label,
    empty: series =>
      series.some(line => line.points.length > 0) ? null : options.empty ?? 'no data',
    options: () => base({ ...options, legend, xForm, yForm, tooltip }),
    build: series => ({
      datasets: series.map(line => ({
        label: line.label,
        data: line.points,
        borderColor: colour(line.colour ?? 'accent'),
        backgroundColor: colour(line.colour ?? 'accent', line.fill ? 0.16 : 1),
        borderWidth: line.dots === 'only' ? 0 : 1.5,
        borderDash: line.dashed ? [5, 4] : [],
        pointRadius: line.dots ? 2.5 : 0,
        pointHitRadius: 8,
        showLine: line.dots !== 'only',
        fill: line.fill ?? false,
        stepped: line.stepped ?? false,
        spanGaps: true,
      })),
      ranges: options.ranges ? options.ranges(series) : {},
    }),
    words: series => series.map(line =>
      `${line.label} ${ends(line.points, xForm, yForm)}`).join('; ') || 'no data',
  });
}

/** Both sides of a book summed from the middle. update({bids: [{x, y}], asks, mid}). */
export function depthChart(host, options) {
  const lines = lineChart(host, {
    ...options,
    legend: false,
    ranges: ([bids, asks]) => {
      const all = [...bids.points, ...asks.points].map(point => point.x);
      return all.length === 0 ? {} : { x: { min: Math.min(...all), max: Math.max(...all) } };
    },
  });
  return {
    ...lines,
    update: ({ bids, asks }) => lines.update([
      { label: 'bids up to', points: bids, colour: 'up', fill: 'origin', stepped: 'before' },
      { label: 'asks up to', points: asks, colour: 'down', fill: 'origin', stepped: 'after' },
    ]),
  };
}

/**
 * Bars by name. update({labels, series: [{label, values, colour}]}); `isAcross` lays them on their
 * side. A colour may be a list with one for each bar.
 */
export function barChart(host, options) {
  const { label, isAcross = false, legend = false } = options;
  const form = options.yForm ?? (value => number(value));
  return chart(host, {
    type: 'bar', label,
    empty: ({ labels }) => labels.length > 0 ? null : options.empty ?? 'no data',
    options: () => {
      const shared = base({
        ...options, legend, xForm: form, yForm: form,
        tooltip: {
          callbacks: {
            label: item => `${item.dataset.label}: ${form(item.parsed[isAcross ? 'x' : 'y'])}`,
          },
        },
      });
      const [names, values] = isAcross ? ['y', 'x'] : ['x', 'y'];
      shared.indexAxis = names;
      shared.scales[names].type = 'category';
      delete shared.scales[names].ticks.callback;
      shared.scales[values].type = 'linear';
      shared.scales[values].ticks.callback = form;
      return shared;
    },
    build: ({ labels, series }) => ({
      labels,
      datasets: series.map(bars => {
        const names = [bars.colour ?? 'accent'].flat();
        const colours = names.map(name => colour(name, 0.8));
        return {
          label: bars.label,
          data: bars.values,
          backgroundColor: colours.length === 1 ? colours[0] : colours,
          maxBarThickness: 28,
        };
      }),
    }),
    words: ({ labels, series }) => series.map(bars =>
      labels.map((name, i) => `${name} ${form(bars.values[i])}`).join(', ')).join('; '),
  });
}

export { base, chart };
export { candleChart } from './candles.js';
