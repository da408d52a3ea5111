/// The lane rows of accounts, and the loops over them that every order and every price runs
/// through.

import Canonical
import FixedPoint

/// Flat storage for rows of three parts of equally many vectors: L initial, L maintenance, O.
struct LaneTable: ~Copyable {
    /// Vectors in a part.
    let count: Int
    private var storage: [Lanes] = []
    private var free: [Int32] = []

    init(count: Int) { self.count = count }

    /// A row of zeros.
    mutating func allocate() -> Int32 {
        if let row = free.popLast() {
            clear(row)
            return row
        }
        storage.append(contentsOf: repeatElement(Lanes(repeating: 0), count: 3 * count))
        return Int32(storage.count / (3 * count) - 1)
    }

    mutating func release(_ row: Int32) { free.append(row) }

    /// One vector: L initial from 0, L maintenance from `count`, O from `2 * count` on.
    subscript(row: Int32, vector: Int) -> Lanes {
        get { storage[Int(row) * 3 * count + vector] }
        set { storage[Int(row) * 3 * count + vector] = newValue }
    }

    /// Sets a row to zero.
    mutating func clear(_ row: Int32) {
        let count = count
        var rows = storage.mutableSpan
        let start = Int(row) * 3 * count
        for vector in start..<(start + 3 * count) { rows[vector] = Lanes(repeating: 0) }
    }

    /// Adds `lots·Δ` to both parts of L.
    mutating func addPosition(
        _ deltas: borrowing DeltaTable, instrument: Int, to row: Int32, lots: Int64
    ) {
        let count = count
        var rows = storage.mutableSpan
        let from = instrument * deltas.stride
        let to = Int(row) * 3 * count
        if deltas.isNarrow(instrument, lots: lots) {
            let narrow = deltas.narrow.span
            let factor = NarrowLanes(lots: lots)
            for vector in 0..<(2 * count) {
                rows[to + vector] &+= narrow[from + vector].times(factor)
            }
        } else {
            let wide = deltas.wide.span
            let factor = Lanes(repeating: lots)
            for vector in 0..<(2 * count) { rows[to + vector] &+= wide[from + vector] &* factor }
        }
    }

    /// Makes L of an underlying again from an account's exposures, and empties O.
    ///
    /// - Parameter terms: by instrument.
    mutating func rebuild(
        _ row: Int32, of underlying: UnderlyingIdentifier, from list: PooledList,
        in exposures: borrowing ListPool<Exposure>, _ terms: borrowing [LotTerms],
        _ deltas: borrowing DeltaTable
    ) {
        let count = count
        let to = Int(row) * 3 * count
        var rows = storage.mutableSpan
        let narrow = deltas.narrow.span
        let wide = deltas.wide.span
        for vector in to..<(to + 3 * count) { rows[vector] = Lanes(repeating: 0) }
        for slot in 0..<list.count {
            let lots = exposures[list, slot].position.units
            let instrument = Int(exposures[list, slot].instrument.number)
            guard lots != 0, terms[instrument].underlying == underlying else { continue }
            let from = instrument * deltas.stride
            if deltas.isNarrow(instrument, lots: lots) {
                let factor = NarrowLanes(lots: lots)
                for vector in 0..<(2 * count) {
                    rows[to + vector] &+= narrow[from + vector].times(factor)
                }
            } else {
                let factor = Lanes(repeating: lots)
                for vector in 0..<(2 * count) {
                    rows[to + vector] &+= wide[from + vector] &* factor
                }
            }
        }
    }

    /// Puts an order's part into O.
    mutating func addOrder(
        _ deltas: borrowing DeltaTable, instrument: Int, in row: Int32, _ order: OrderPart
    ) {
        let count = count
        var rows = storage.mutableSpan
        let from = instrument * deltas.stride
        let to = Int(row) * 3 * count + 2 * count
        let part = LanesOfOrder(order)
        if deltas.isNarrow(instrument, lots: order.lots) {
            let narrow = deltas.narrow.span
            let lots = NarrowLanes(lots: order.lots)
            for vector in 0..<count {
                rows[to + vector] &+= part.result(narrow[from + vector].times(lots))
            }
        } else {
            let wide = deltas.wide.span
            let lots = Lanes(repeating: order.lots)
            for vector in 0..<count {
                rows[to + vector] &+= part.result(wide[from + vector] &* lots)
            }
        }
    }

    /// Takes one order's part out of O and puts another's in.
    ///
    /// - Returns: the lowest lane of L initial plus O after it; at most zero.
    mutating func changeOrder(
        _ deltas: borrowing DeltaTable, instrument: Int, in row: Int32,
        from old: OrderPart, to new: OrderPart
    ) -> Int64 {
        let count = count
        var rows = storage.mutableSpan
        let from = instrument * deltas.stride
        let start = Int(row) * 3 * count
        let first = start + 2 * count
        let (before, after) = (LanesOfOrder(old), LanesOfOrder(new))
        var worst = Lanes(repeating: 0)
        if deltas.isNarrow(instrument, lots: old.lots), deltas.isNarrow(instrument, lots: new.lots)
        {
            let narrow = deltas.narrow.span
            let (oldLots, newLots) = (NarrowLanes(lots: old.lots), NarrowLanes(lots: new.lots))
            for vector in 0..<count {
                let delta = narrow[from + vector]
                let orders =
                    rows[first + vector] &+ after.result(delta.times(newLots))
                    &- before.result(delta.times(oldLots))
                rows[first + vector] = orders
                worst = pointwiseMin(worst, rows[start + vector] &+ orders)
            }
        } else {
            let wide = deltas.wide.span
            let (oldLots, newLots) = (Lanes(repeating: old.lots), Lanes(repeating: new.lots))
            for vector in 0..<count {
                let delta = wide[from + vector]
                let orders =
                    rows[first + vector] &+ after.result(delta &* newLots)
                    &- before.result(delta &* oldLots)
                rows[first + vector] = orders
                worst = pointwiseMin(worst, rows[start + vector] &+ orders)
            }
        }
        return worst.min()
    }

    /// The lowest lane of L initial plus O; at most zero.
    func worstInitial(_ row: Int32) -> Int64 {
        let rows = storage.span
        let start = Int(row) * 3 * count
        var worst = Lanes(repeating: 0)
        for vector in start..<(start + count) {
            worst = pointwiseMin(worst, rows[vector] &+ rows[vector + 2 * count])
        }
        return worst.min()
    }

    /// The lowest lane of L maintenance; at most zero.
    func worstMaintenance(_ row: Int32) -> Int64 {
        let rows = storage.span
        let start = Int(row) * 3 * count
        var worst = Lanes(repeating: 0)
        for vector in (start + count)..<(start + 2 * count) {
            worst = pointwiseMin(worst, rows[vector])
        }
        return worst.min()
    }
}

extension NarrowLanes {
    /// Lots that fit 32 bits, in all lanes.
    @inline(__always)
    init(lots: Int64) { self.init(repeating: NarrowLanes.truncated(lots)) }

    /// Not inlined: where the compiler has seen that `lots` fit, it would multiply by them in 64
    /// bits again.
    @inline(never)
    private static func truncated(_ lots: Int64) -> Int32 { Int32(truncatingIfNeeded: lots) }

    /// The products, in 64 bits: one instruction for four.
    @inline(__always)
    func times(_ factor: NarrowLanes) -> Lanes {
        Lanes(truncatingIfNeeded: self) &* Lanes(truncatingIfNeeded: factor)
    }
}

/// What bounds an order's part of O, in all lanes.
private struct LanesOfOrder {
    let gain: Lanes
    let floor: Lanes

    @inline(__always)
    init(_ order: OrderPart) {
        gain = Lanes(repeating: order.gain)
        floor = Lanes(repeating: order.floor)
    }

    /// The part, from `lots·Δ`.
    @inline(__always)
    func result(_ product: Lanes) -> Lanes { pointwiseMin(floor, gain &+ product) }
}
