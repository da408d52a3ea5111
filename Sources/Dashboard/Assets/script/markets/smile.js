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
