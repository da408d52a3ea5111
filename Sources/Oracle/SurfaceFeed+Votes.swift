/// Judging the curves of one publisher: each by itself, then against each other. A curve that is
/// sound is recorded; the others are named with their fault and leave no trace.

public import Canonical
public import FixedPoint

/// A curve that was not recorded, or did not count.
public struct DroppedCurve: Equatable, Sendable {
    public let publisher: PublisherIdentifier
    public let expiry: Timestamp
    public let fault: CurveFault
}

extension SurfaceFeed {
    /// A curve that is sound by itself.
    private struct Candidate {
        let place: Int
        let vote: CurveVote
        let slice: CurveSlice
        /// The candidates that it does not go together with, a bit for each.
        var conflicts: UInt32 = 0
    }

    /// Judges and records the curves of one bundle.
    ///
    /// - Parameters:
    ///   - curves: of this underlying, ascending by expiry.
    ///   - price: of the underlying in the same bundle; nil where it holds none.
    ///   - time: of the bundle, already judged.
    /// - Returns: what was dropped, ascending by expiry.
    public mutating func record(
        _ curves: ArraySlice<CurveObservation>, price: IndexPrice?,
        from publisher: PublisherIdentifier, at time: Timestamp, now: Timestamp
    ) -> [DroppedCurve] {
        var candidates: [Candidate] = []
        var dropped: [DroppedCurve] = []
        for curve in curves {
            do throws(CurveFault) {
                candidates.append(try judge(curve, price: price, time: time, now: now))
            } catch {
                dropped.append(
                    DroppedCurve(publisher: publisher, expiry: curve.expiry, fault: error))
            }
        }
        for place in removeConflicts(&candidates) {
            dropped.append(
                DroppedCurve(
                    publisher: publisher, expiry: expiries[place].expiry,
                    fault: .calendarArbitrage))
        }
        for candidate in candidates {
            expiries[candidate.place].votes[Int(publisher.number)] = candidate.vote
            touch(expiries[candidate.place].expiry)
        }
        return dropped.sorted { $0.expiry < $1.expiry }
    }

    /// A curve by itself.
    private func judge(
        _ curve: CurveObservation, price: IndexPrice?, time: Timestamp, now: Timestamp
    ) throws(CurveFault) -> Candidate {
        guard let place = index(of: curve.expiry), curve.expiry > now else { throw .unknownExpiry }
        guard let price else { throw .missingIndex }
        guard let basis = SurfaceFeed.basis(of: curve.forward, over: price) else {
            throw .forwardOutOfRange
        }
        guard hasSoundVolatilities(curve.volatilities) else { throw .volatilityOutOfRange }
        let slice = CurveSlice(
            grid: grid, smile: grid.smile(curve.volatilities), forward: curve.forward,
            remaining: curve.expiry.elapsed(since: now))
        guard off.contains(.curveScreen) || slice.isFreeOfButterflies() else {
            throw .butterflyArbitrage
        }
        let vote = CurveVote(
            basis: basis, volatilities: curve.volatilities, time: time, isNew: true)
        return Candidate(place: place, vote: vote, slice: slice)
    }

    /// The forward over a price, less one; nil where it is not within half of it.
    static func basis(of forward: IndexPrice, over price: IndexPrice) -> Ratio? {
        guard price.isPositive, forward.isPositive else { return nil }
        let difference = Int128(forward.units) - Int128(price.units)
        let exact = difference * Int128(Ratio.one.units) / Int128(price.units)
        guard abs(exact) <= Int128(Ratio.one.units / widest) else { return nil }
        return Ratio(units: Int64(exact))
    }

    /// The forward lies within one part in so many of the index.
    private static let widest: Int64 = 2

    /// Every node within a twentieth and twenty times the reference.
    func hasSoundVolatilities(_ volatilities: NodeVolatilities) -> Bool {
        let reference = parameters.referenceVolatility.units
        let lowest = reference / SurfaceFeed.span
        let highest = reference * SurfaceFeed.span
        for node in 0..<NodeVolatilities.count {
            let volatility = volatilities.volatility(at: node).units
            guard volatility >= lowest, volatility <= highest else { return false }
        }
        return true
    }

    /// A volatility lies within this factor of the reference.
    private static let span: Int64 = 20

    /// Takes out curves until none is left that goes against another: first the one with most
    /// conflicts, of equals the latest, so that a single wrong curve does not take the others
    /// along.
    ///
    /// - Returns: the places of what was taken out.
    private func removeConflicts(_ candidates: inout [Candidate]) -> [Int] {
        // Total variance rises along the whole list if it rises from each to the next.
        if off.contains(.curveScreen) { return [] }
        let isSound = candidates.indices.dropFirst().allSatisfy {
            candidates[$0].slice.isFreeOfCalendars(after: candidates[$0 - 1].slice)
        }
        if isSound { return [] }
        markConflicts(&candidates)
        var kept = Array(candidates.indices)
        var removed: [Int] = []
        while let worst = kept.max(by: {
            candidates[$0].conflicts.nonzeroBitCount <= candidates[$1].conflicts.nonzeroBitCount
        }), candidates[worst].conflicts != 0 {
            for place in kept { candidates[place].conflicts &= ~(1 << UInt32(worst)) }
            kept.removeAll { $0 == worst }
            removed.append(candidates[worst].place)
        }
        candidates = kept.map { candidates[$0] }
        return removed
    }

    /// Compares every curve with every other. O(expiries²), at most 496 comparisons.
    private func markConflicts(_ candidates: inout [Candidate]) {
        for later in candidates.indices {
            for earlier in 0..<later
            where !candidates[later].slice.isFreeOfCalendars(after: candidates[earlier].slice) {
                candidates[later].conflicts |= 1 << UInt32(earlier)
                candidates[earlier].conflicts |= 1 << UInt32(later)
            }
        }
    }
}
