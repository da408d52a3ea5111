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
 * The half-width of the strip: the least round share that holds every observation in use. One
 * that is further out is drawn at the edge.
 */
export function scale(observations, index) {
  let widest = leastScale;
  for (const { price, used } of observations ?? []) {
    const away = deviation(price, index);
    if (used && away !== null) widest = Math.max(widest, Math.abs(away));
  }
  return steps.find(step => step >= widest) ?? 1;
}

/** [{publisher, source, away, place (0…1), outside, used, fault, age}] in the order of deviation. */
export function places(observations, index) {
  const half = scale(observations, index);
  return (observations ?? [])
    .map(entry => {
      const away = deviation(entry.price, index);
      return {
        publisher: entry.publisher, source: entry.source, price: entry.price, away,
        place: away === null ? null : Math.min(1, Math.max(0, 0.5 + away / (2 * half))),
        outside: away !== null && Math.abs(away) > half,
        used: entry.used === true, fault: entry.fault ?? null, age: entry.age_ms ?? null,
        weight: entry.weight ?? null,
      };
    })
    .sort((a, b) => (a.away ?? Infinity) - (b.away ?? Infinity));
}
