// Sums over what public/get_risk tells: open interest by index and compartment against its cap, and
// what liquidations took of late. No DOM.

/** [{compartment, index_name, notional, cap, share, markets}] in the order of size. */
export function interest(markets) {
  const groups = new Map();
  for (const market of markets ?? []) {
    const key = `${market.compartment} ${market.index_name}`;
    const group = groups.get(key) ?? {
      key, compartment: market.compartment, index_name: market.index_name, notional: 0,
      cap: market.open_interest_cap ?? null, markets: 0,
    };
    group.notional += market.open_interest_notional;
    group.markets += 1;
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(group => ({ ...group, share: group.cap > 0 ? group.notional / group.cap : null }))
    .sort((a, b) => b.notional - a.notional);
}

/** Each market's share of all open interest, the largest first, and the sum of squared shares. */
export function concentration(markets) {
  const total = (markets ?? []).reduce((sum, market) => sum + market.open_interest_notional, 0);
  const shares = (markets ?? [])
    .map(market => ({ ...market, share: total > 0 ? market.open_interest_notional / total : 0 }))
    .sort((a, b) => b.share - a.share);
  return { total, shares, index: shares.reduce((sum, market) => sum + market.share ** 2, 0) };
}

/** What records of liquidations come to since a moment. */
export function taken(records, since) {
  const recent = (records ?? []).filter(record => record.timestamp >= since);
  const sum = steps => recent.filter(record => steps.includes(record.step))
    .reduce((total, record) => total + Math.abs(record.value ?? 0), 0);
  return {
    calls: recent.filter(record => record.step === 'call').length,
    accounts: new Set(recent.map(record => record.account)).size,
    closed: sum(['order', 'slice', 'deleverage']),
    fund: sum(['fund']),
    lost: sum(['shared_loss', 'bad_debt']),
  };
}
