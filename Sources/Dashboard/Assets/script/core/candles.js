// Candles as floating bars of Chart.js: a thin one from low to high, a wide one from open to close,
// volume below. The figures of the candle under the pointer go to who asked for them.

import { base, chart } from './charts.js';
import { number, price, time } from './format.js';
import { colour } from './theme.js';

/** A vertical and a horizontal line through the pointer. */
const crosshair = {
  id: 'crosshair',
  afterDraw(drawn) {
    const active = drawn.tooltip?.getActiveElements?.() ?? [];
    if (active.length === 0) return;
    const { ctx, chartArea: area } = drawn;
    const { x } = active[0].element;
    const y = drawn.lastPointer;
    ctx.save();
    ctx.strokeStyle = colour('quiet', 0.6);
    ctx.setLineDash([3, 3]);
    ctx.beginPath();
    ctx.moveTo(x, area.top);
    ctx.lineTo(x, area.bottom);
    if (y >= area.top && y <= area.bottom) {
      ctx.moveTo(area.left, y);
      ctx.lineTo(area.right, y);
    }
    ctx.stroke();
    ctx.restore();
  },
  afterEvent(drawn, { event }) {
    drawn.lastPointer = event.type === 'mouseout' ? -1 : event.y;
  },
};

/** A line at the mark, with its price on the axis. */
const markLine = {
  id: 'markLine',
  afterDatasetsDraw(drawn) {
    const value = drawn.options.markValue;
    const { ctx, chartArea: area, scales } = drawn;
    if (!(value > scales.y.min && value < scales.y.max)) return;
    const y = scales.y.getPixelForValue(value);
    ctx.save();
    ctx.strokeStyle = colour('accent', 0.8);
    ctx.setLineDash([2, 3]);
    ctx.beginPath();
    ctx.moveTo(area.left, y);
    ctx.lineTo(area.right, y);
    ctx.stroke();
    const text = price(value, drawn.options.markTick);
    ctx.font = `11px ${getComputedStyle(drawn.canvas).fontFamily}`;
    ctx.fillStyle = colour('accent');
    ctx.fillRect(area.right + 1, y - 8, ctx.measureText(text).width + 8, 16);
    ctx.fillStyle = colour('card');
    ctx.textBaseline = 'middle';
    ctx.fillText(text, area.right + 5, y + 0.5);
    ctx.restore();
  },
};

function options({ yLabel, onPoint, state }) {
  const shared = base({
    yLabel, yRight: true, xForm: value => value, yForm: value => price(value, state.tick),
    tooltip: {
      callbacks: {
        title: items => time(state.candles[items[0]?.dataIndex]?.tick, 'moment'),
        label: () => '',
        afterBody: items => {
          const one = state.candles[items[0]?.dataIndex];
          if (!one) return [];
          const rows = ['open', 'high', 'low', 'close'].map(name =>
            `${name.padEnd(6)} ${price(one[name], state.tick)}`);
          return [...rows, `volume ${number(one.volume)}`];
        },
      },
      filter: item => item.datasetIndex === 1,
    },
  });
  shared.onHover = (_, active) => onPoint?.(state.candles[active[0]?.index] ?? null);
  shared.scales.x.type = 'category';
  shared.scales.x.offset = true;
  shared.scales.x.stacked = true;
  delete shared.scales.x.ticks.callback;
  shared.scales.volume = {
    display: false, position: 'left', beginAtZero: true, grid: { display: false },
  };
  return shared;
}

/** The prices' range with room below for the volume. */
function range(candles) {
  const low = Math.min(...candles.map(one => one.low));
  const high = Math.max(...candles.map(one => one.high));
  const room = Math.max(high - low, Math.abs(high) * 0.0004, Number.MIN_VALUE);
  return {
    y: { min: low - room * 0.28, max: high + room * 0.06 },
    volume: { min: 0, max: Math.max(...candles.map(one => one.volume), 1e-12) * 5 },
  };
}

/**
 * update({candles: [{tick, open, high, low, close, volume}], tick, mark, isDay}); onPoint(candle or
 * null) follows the pointer.
 */
export function candleChart(host, { label, yLabel, onPoint }) {
  const state = { candles: [], tick: null };
  const words = ({ candles, tick }) => {
    if (candles.length === 0) return 'no trades yet';
    const last = candles.at(-1);
    const ends = range(candles) && [
      price(Math.min(...candles.map(one => one.low)), tick),
      price(Math.max(...candles.map(one => one.high)), tick),
    ];
    return `${candles.length} candles, lowest ${ends[0]}, highest ${ends[1]}, `
      + `last close ${price(last.close, tick)}`;
  };
  const shell = chart(host, {
    type: 'bar', label, words,
    empty: ({ candles }) => candles.length > 0 ? null : 'no trades yet',
    options: () => options({ yLabel, onPoint, state }),
    plugins: [crosshair, markLine],
    build: ({ candles, isDay, mark }) => {
      const tone = one => one.volume === 0 ? 'quiet' : one.close >= one.open ? 'up' : 'down';
      const tones = candles.map(one => colour(tone(one)));
      const faint = candles.map(one => colour(tone(one), 0.3));
      const bars = {
        yAxisID: 'y', minBarLength: 1, backgroundColor: tones, grouped: false,
      };
      return {
        labels: candles.map(one => time(one.tick, isDay ? 'day' : 'minute')),
        datasets: [
          { ...bars, data: candles.map(one => [one.low, one.high]), barThickness: 1 },
          {
            ...bars, data: candles.map(one => [one.open, one.close]),
            barPercentage: 0.8, categoryPercentage: 0.9,
          },
          {
            yAxisID: 'volume', data: candles.map(one => one.volume), backgroundColor: faint,
            grouped: false, barPercentage: 0.8, categoryPercentage: 0.9,
          },
        ],
        ranges: candles.length > 0 ? range(candles) : {},
        extra: { markValue: mark, markTick: state.tick },
      };
    },
  });
  return {
    destroy: shell.destroy,
    update(data) {
      Object.assign(state, data);
      shell.update(data);
    },
  };
}
