/// A curve for an expiry that has none of its own. Total variance is linear in time at equal
/// standardised log-moneyness, the forward's rate over the index likewise; beyond the first and the
/// last curve volatilities and the yearly rate stay as they are there.

public import FixedPoint

extension SurfaceFeed {
    /// What the curves around an expiry say of it; its own where it has one; nil where there is no
    /// curve at all, or the expiry has passed.
    ///
    /// It is as old as the older of the two that it is made from. For equal strikes two sound
    /// curves do not promise that what lies between is sound: ask the slice.
    public func curve(around expiry: Timestamp, at now: Timestamp) -> ExpiryCurve? {
        guard expiry > now else { return nil }
        if let own = curve(expiry) { return own }
        let made = expiries.compactMap { $0.curve }.filter { $0.expiry > now }
        let before = made.last { $0.expiry < expiry }
        let after = made.first { $0.expiry > expiry }
        guard let before, let after else {
            return (before ?? after).map { carried($0, to: expiry, now) }
        }
        let near = CurveSlice.years(before.expiry.elapsed(since: now))
        let far = CurveSlice.years(after.expiry.elapsed(since: now))
        let years = CurveSlice.years(expiry.elapsed(since: now))
        let span = far - near
        guard span > .zero else { return carried(before, to: expiry, now) }
        // The parts of the total variance: they add up to one.
        let part = (years - near) / span * (far / years)
        var volatilities = NodeVolatilities(flat: 0)
        for node in 0..<NodeVolatilities.count {
            let low = grid.variance(before.volatilities[node])
            let high = grid.variance(after.volatilities[node])
            volatilities[node] = grid.volatility(low + (high - low) * part)
        }
        let share = (years - near) / span
        let basis =
            Real(before.basis) + (Real(after.basis) - Real(before.basis)) * share
        return ExpiryCurve(
            expiry: expiry, basis: Ratio(basis), volatilities: volatilities,
            time: min(before.time, after.time), madeAt: min(before.madeAt, after.madeAt))
    }

    /// A curve with its volatilities and its yearly rate at another expiry.
    private func carried(
        _ curve: ExpiryCurve, to expiry: Timestamp, _ now: Timestamp
    ) -> ExpiryCurve {
        let own = CurveSlice.years(curve.expiry.elapsed(since: now))
        let years = CurveSlice.years(expiry.elapsed(since: now))
        let basis = Ratio(Real(curve.basis) * (years / own))
        var result = ExpiryCurve(
            expiry: expiry, basis: .zero, volatilities: curve.volatilities, time: curve.time,
            madeAt: curve.madeAt)
        result.basis = bounded(basis.units, until: expiry, now)
        return result
    }
}
