// What a portfolio gains and loses as a price moves: the points of private/get_scenario_profile,
// read between the points in straight lines. No DOM.

/** The points that can be drawn, by move; those that are no numbers are left out. */
export function sorted(points) {
  return (points ?? [])
    .filter(point => Number.isFinite(point.move) && Number.isFinite(point.profit))
    .slice()
    .sort((a, b) => a.move - b.move);
}

/** A field of the points at a move; null outside of them. */
export function at(points, move, field = 'profit') {
  const line = sorted(points);
  if (!line.length || move < line[0].move || move > line.at(-1).move) return null;
  const next = line.findIndex(point => point.move >= move);
  if (line[next].move === move) return line[next][field] ?? null;
  const [a, b] = [line[next - 1], line[next]];
  if (!Number.isFinite(a[field]) || !Number.isFinite(b[field])) return null;
  return a[field] + (b[field] - a[field]) * ((move - a.move) / (b.move - a.move));
}

/** The point with the greatest loss; null where nothing loses. */
export function worst(points) {
  const line = sorted(points);
  const least = line.reduce((low, point) => (point.profit < low.profit ? point : low),
    { profit: 0, move: null });
  return least.move === null ? null : least;
}

/**
 * The moves at which equity falls to the maintenance margin: where liquidation begins, nearest
 * below and above no move; null on a side where it does not within the points. A point may bring
 * a maintenance of its own; `maintenance` stands where it does not.
 */
export function liquidationMoves(points, equity, maintenance) {
  const found = { below: null, above: null };
  const margin = point => equity + point.profit - (point.maintenance ?? maintenance);
  const line = sorted(points);
  for (let place = 1; place < line.length; place += 1) {
    const [a, b] = [line[place - 1], line[place]];
    const [left, right] = [margin(a), margin(b)];
    if (left > 0 === right > 0) continue;
    const move = a.move + (b.move - a.move) * (left / (left - right));
    if (move <= 0) found.below = found.below === null ? move : Math.max(found.below, move);
    else found.above = found.above === null ? move : Math.min(found.above, move);
  }
  return found;
}

/**
 * How much of the equity the maintenance margin takes: {ratio, state}. At 1 liquidation begins;
 * `ratio` is null where there is no equity to divide by.
 */
export function health(equity, initial, maintenance) {
  if (![equity, initial, maintenance].every(Number.isFinite)) return { ratio: null, state: null };
  if (maintenance <= 0) return { ratio: 0, state: 'ok' };
  if (equity <= 0) return { ratio: null, state: 'bad' };
  const ratio = maintenance / equity;
  if (ratio >= 1) return { ratio, state: 'bad' };
  return { ratio, state: initial > equity ? 'warn' : 'ok' };
}
