// Candles of the chosen market, or the depth of its book: the history once, then the channel's last
// candle as it grows. What is kept is bounded, and half as many are drawn on a phone.

import { candleChart, depthChart } from '../core/charts.js';
import { h, onFrame, setText } from '../core/dom.js';
import { amount, number, price, time } from '../core/format.js';
import { tabs } from './tabs.js';

const resolutions = [['1', '1m', 60e3], ['5', '5m', 300e3], ['15', '15m', 900e3],
  ['60', '1h', 3600e3], ['1D', '1D', 86400e3]];
const shown = 120;
const depthLevels = 150;

export function candlePane({ api, venue }) {
  let one = null;
  let resolution = '1';
  let face = 'candles';
  let candles = [];
  let pointed = null;
  let end = null;
  let chart = null;
  let book = null;
  let bookAt = 0;

  const host = h('div', { class: 'chart', dataset: { test: 'chart' } });
  const words = h('p', { class: 'quiet figures ohlc', dataset: { test: 'ohlc' } });
  const faces = tabs({
    label: 'What the chart shows', test: 'face',
    choose: value => {
      face = value;
      make();
    },
  });
  const times = tabs({
    label: 'Time of one candle', test: 'resolution',
    choose: value => {
      resolution = value;
      follow();
    },
  });
  faces.update([['candles', 'Candles'], ['depth', 'Depth']], face);
  times.update(resolutions.map(([value, label]) => [value, label]), resolution);

  const step = () => resolutions.find(([value]) => value === resolution)[2];
  const visible = () => candles.slice(-(innerWidth < 700 ? shown / 2 : shown));

  function make() {
    chart?.destroy();
    times.node.hidden = face !== 'candles';
    if (face === 'candles') {
      chart = candleChart(host, {
        label: one ? `Candles of ${one.instrument_name}` : 'Candles',
        onPoint: candle => {
          pointed = candle;
          say();
        },
      });
    } else {
      chart = depthChart(host, {
        label: one ? `Depth of ${one.instrument_name}` : 'Depth', empty: 'no orders',
        xForm: value => price(value, one?.tick_size), yForm: value => number(value),
      });
    }
    words.hidden = face !== 'candles';
    draw();
  }

  function say() {
    const candle = pointed ?? candles.at(-1);
    if (!candle || !one) return setText(words, '');
    const form = value => price(value, one.tick_size);
    const form2 = resolution === '1D' ? 'day' : 'short';
    return setText(words, `${time(candle.tick, form2)}   O ${form(candle.open)}   `
      + `H ${form(candle.high)}   L ${form(candle.low)}   C ${form(candle.close)}   `
      + `V ${amount(candle.volume)}`);
  }

  const draw = onFrame(() => {
    if (!one || !chart) return;
    if (face === 'candles') {
      chart.update({
        candles: visible(), tick: one.tick_size, isDay: resolution === '1D',
        mark: venue.tickers.get(one.instrument_name)?.mark_price || null,
      });
      say();
    } else if (book) {
      const settings = { tick: one.tick_size, limit: depthLevels };
      const points = side => {
        const levels = book.levels(side, settings);
        const inner = levels.slice(0, 1).map(level => ({ x: level.price, y: 0 }));
        return [...inner, ...levels.map(level => ({ x: level.price, y: level.total }))];
      };
      chart.update({ bids: points('bids').reverse(), asks: points('asks') });
    }
  }, 3);

  function take(candle) {
    const last = candles.at(-1);
    if (last && candle.tick < last.tick) return;
    // Without trades no candle comes: those between stand where the price stood.
    for (let tick = last ? last.tick + step() : candle.tick; tick < candle.tick
      && candles.length < 4 * shown; tick += step()) {
      const { close } = last;
      candles.push({ tick, open: close, high: close, low: close, close, volume: 0 });
    }
    if (candles.at(-1)?.tick === candle.tick) candles.pop();
    candles.push(candle);
    if (candles.length > 2 * shown) candles = candles.slice(-shown);
    draw();
  }

  async function load() {
    const name = one.instrument_name;
    const wanted = resolution;
    const now = venue.now;
    try {
      const data = await api.call('public/get_tradingview_chart_data', {
        instrument_name: name, resolution: wanted, end_timestamp: now + step(),
        start_timestamp: now - shown * step(),
      });
      if (one?.instrument_name !== name || resolution !== wanted) return;
      const old = candles;
      candles = (data.ticks ?? []).map((tick, i) => ({
        tick, open: data.open[i], high: data.high[i], low: data.low[i], close: data.close[i],
        volume: data.volume[i],
      })).slice(-shown);
      for (const candle of old.slice(-2)) take(candle);
      draw();
    } catch (error) {
      setText(words, error.message);
    }
  }

  function follow() {
    end?.();
    candles = [];
    pointed = null;
    end = api.subscribe(`chart.trades.${one.instrument_name}.${resolution}`, take, {
      onGap: load, onFail: error => setText(words, error.message),
    });
    load();
  }

  return {
    node: h('section', { class: 'card chart-pane', aria: { label: 'Chart' } },
      h('header', {}, faces.node, times.node, words), host),
    choose(instrument) {
      one = instrument;
      book = null;
      make();
      follow();
    },
    /** A ticker or the book has moved. */
    moved: draw,
    takeBook(value) {
      book = value;
      const now = performance.now();
      if (face !== 'depth' || now - bookAt < 400) return;
      bookAt = now;
      draw();
    },
    close() {
      end?.();
      draw.stop();
      chart?.destroy();
    },
  };
}
