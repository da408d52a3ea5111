// The observations behind an index as places on a strip: how far each stands from the index, in
// shares of it, on a scale that holds them all. No DOM.

const leastScale = 0.0005;
const steps = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** How far a price stands from the index, as a share of it; null where one is missing. */
export function deviation(price, index) {
  if (!Number.isFinite(price) || !Number.isFinite(index) || index === 0) return null;
  return (price - index) / index;
}

/**
 * An observation's price in the currency of the index: where it is quoted in another, by that one's
 * own index, of `prices` (Map of index name → price). Null where there is none.
 */
export function converted(entry, prices = new Map()) {
  if (!Number.isFinite(entry.price)) return null;
  if (!entry.quote_index) return entry.price;
  const factor = prices.get(entry.quote_index);
  return Number.isFinite(factor) ? entry.price * factor : null;
}

/**
 * The half-width of the strip: the least round share that holds every observation in use. One
 * that is further out is drawn at the edge.
 */
export function scale(observations, index, prices) {
  let widest = leastScale;
  for (const entry of observations ?? []) {
    const away = deviation(converted(entry, prices), index);
    if (entry.used && away !== null) widest = Math.max(widest, Math.abs(away));
  }
  return steps.find(step => step >= widest) ?? 1;
}

/** The observations with their place on the strip (0 … 1; null without a price), by deviation. */
export function places(observations, index, prices) {
  const half = scale(observations, index, prices);
  return (observations ?? [])
    .map(entry => {
      const away = deviation(converted(entry, prices), index);
      return {
        ...entry, away, used: entry.used === true,
        place: away === null ? null : Math.min(1, Math.max(0, 0.5 + away / (2 * half))),
        outside: away !== null && Math.abs(away) > half,
      };
    })
    .sort((a, b) => (a.away ?? Infinity) - (b.away ?? Infinity));
}
