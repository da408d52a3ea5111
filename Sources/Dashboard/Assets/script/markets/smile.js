// The volatility smile as series for a chart: the mark's as a line, those of the best bids and asks
// as dots. Each strike speaks by its option that is out of the money, which is the one that trades.

/**
 * rows: of the chain, by strike; pair(row) gives the tickers of call and put; forward may be null.
 * Volatilities come in percent; zero means that there is none.
 */
export function smile(rows, pair, forward) {
  const points = { mark: [], bid: [], ask: [] };
  for (const row of rows) {
    const [call, put] = pair(row);
    const one = forward !== null && row.strike < forward ? put ?? call : call ?? put;
    if (!one) continue;
    for (const [name, value] of [['mark', one.mark_iv], ['bid', one.bid_iv], ['ask', one.ask_iv]]) {
      if (value > 0) points[name].push({ x: row.strike, y: value });
    }
  }
  return [
    { label: 'mark', points: points.mark, colour: 'accent' },
    { label: 'bid', points: points.bid, colour: 'up', dots: 'only' },
    { label: 'ask', points: points.ask, colour: 'down', dots: 'only' },
  ];
}

/** Axes that show the mark's line well: a far bid or ask must not flatten it. */
export function smileRanges(series) {
  const marks = series[0].points;
  if (marks.length === 0) return {};
  const strikes = marks.map(point => point.x);
  const room = (Math.max(...strikes) - Math.min(...strikes)) * 0.04 || 1;
  const highest = Math.max(...marks.map(point => point.y));
  const all = series.flatMap(one => one.points.map(point => point.y));
  const low = Math.min(...all);
  const high = Math.min(Math.max(...all), 1.8 * highest);
  const space = (high - low) * 0.08 || 1;
  return {
    x: { min: Math.min(...strikes) - room, max: Math.max(...strikes) + room },
    y: { min: Math.max(0, low - space), max: high + space },
  };
}
