/// The lane rows of accounts, and the loops over them that every order and every price runs
/// through.

import Canonical
import FixedPoint

/// Where the lanes of one account and underlying are.
struct LaneRow: Equatable, Sendable, BitwiseCopyable {
    /// No place.
    static let none: Int32 = -1
    /// L.
    var positions = LaneRow.none
    /// O; none while there are no orders.
    var orders = LaneRow.none
    /// What positions and open orders could come to, derivatives only, in 10⁻⁹ units of the
    /// underlying.
    var reach: Int128 = 0
}

/// Flat storage for rows of equally many vectors to a part: L initial and L maintenance together,
/// and O apart, which only those have who have orders.
struct LaneTable: ~Copyable {
    private let pinned = Pinned()
    /// Vectors in a part.
    let count: Int
    /// L initial and L maintenance by row.
    private var positions: [Lanes] = []
    private var freePositions: [Int32] = []
    /// O by row.
    private var orders: [Lanes] = []
    private var freeOrders: [Int32] = []

    init(count: Int) { self.count = count }

    /// L of zeros, and no O.
    mutating func allocate() -> LaneRow {
        LaneRow(positions: LaneTable.allocate(2 * count, in: &positions, &freePositions))
    }

    /// O of zeros where there is none.
    mutating func openOrders(_ row: inout LaneRow) {
        guard row.orders == LaneRow.none else { return }
        row.orders = LaneTable.allocate(count, in: &orders, &freeOrders)
    }

    /// Gives O back.
    mutating func closeOrders(_ row: inout LaneRow) {
        guard row.orders != LaneRow.none else { return }
        freeOrders.append(row.orders)
        row.orders = LaneRow.none
    }

    /// Gives everything back.
    mutating func release(_ row: LaneRow) {
        freePositions.append(row.positions)
        if row.orders != LaneRow.none { freeOrders.append(row.orders) }
    }

    private static func allocate(
        _ vectors: Int, in table: inout [Lanes], _ free: inout [Int32]
    ) -> Int32 {
        if let row = free.popLast() {
            var lanes = table.mutableSpan
            let start = Int(row) * vectors
            for vector in start..<(start + vectors) { lanes[vector] = Lanes(repeating: 0) }
            return row
        }
        table.makeRoom(for: vectors)
        table.append(contentsOf: repeatElement(Lanes(repeating: 0), count: vectors))
        return Int32(table.count / vectors - 1)
    }

    /// One vector: L initial from 0, L maintenance from `count`, O from `2 * count` on.
    /// Where there is no O it is zeros, and cannot be set.
    subscript(row: LaneRow, vector: Int) -> Lanes {
        get {
            if vector < 2 * count { return positions[Int(row.positions) * 2 * count + vector] }
            guard row.orders != LaneRow.none else { return Lanes(repeating: 0) }
            return orders[(Int(row.orders) - 2) * count + vector]
        }
        set {
            if vector < 2 * count {
                positions[Int(row.positions) * 2 * count + vector] = newValue
            } else {
                orders[(Int(row.orders) - 2) * count + vector] = newValue
            }
        }
    }

    /// Adds `lots·Δ` to both parts of L.
    mutating func addPosition(
        _ deltas: borrowing DeltaTable, instrument: Int, to row: LaneRow, lots: Int64
    ) {
        LaneTable.add(
            deltas, instrument, lots, to: &positions, from: Int(row.positions) * 2 * count)
    }

    /// Adds `lots·Δ` to a row, vector by vector.
    fileprivate static func add(
        _ deltas: borrowing DeltaTable, _ instrument: Int, _ lots: Int64, to table: inout [Lanes],
        from to: Int
    ) {
        var rows = table.mutableSpan
        let halves = deltas.halves.span
        let from = instrument * deltas.stride
        if lots.isNarrow {
            let factor = NarrowLanes(lots: lots)
            for vector in 0..<deltas.stride {
                rows[to + vector] &+= halves[from + vector].times(factor)
            }
        } else {
            let factor = Lanes(repeating: lots)
            for vector in 0..<deltas.stride {
                rows[to + vector] &+= halves[from + vector].joined &* factor
            }
        }
    }

    /// Makes L of an underlying again from an account's exposures, and empties O.
    ///
    /// - Parameter terms: by instrument.
    mutating func rebuild(
        _ row: LaneRow, of underlying: UnderlyingIdentifier, from list: PooledList,
        in exposures: borrowing ListPool<Exposure>, _ terms: borrowing [LotTerms],
        _ deltas: borrowing DeltaTable
    ) {
        let count = count
        if row.orders != LaneRow.none {
            var parts = orders.mutableSpan
            let first = Int(row.orders) * count
            for vector in first..<(first + count) { parts[vector] = Lanes(repeating: 0) }
        }
        let to = Int(row.positions) * 2 * count
        var batch = PositionBatch()
        batch.clear(&positions, from: to, vectors: 2 * count)
        for slot in 0..<list.count {
            let lots = exposures[list, slot].position.units
            let instrument = Int(exposures[list, slot].instrument.number)
            guard lots != 0, terms[instrument].underlying == underlying else { continue }
            guard lots.isNarrow else {
                LaneTable.add(deltas, instrument, lots, to: &positions, from: to)
                continue
            }
            batch.append(instrument, lots: lots, in: deltas)
            if batch.isFull { batch.flush(deltas, to: &positions, from: to) }
        }
        batch.flush(deltas, to: &positions, from: to)
    }

    /// Puts an order's part into O.
    ///
    /// - Precondition: there is O.
    mutating func addOrder(
        _ deltas: borrowing DeltaTable, instrument: Int, in row: LaneRow, _ order: OrderPart
    ) {
        let count = count
        var rows = orders.mutableSpan
        let from = instrument * deltas.stride
        let to = Int(row.orders) * count
        let part = LanesOfOrder(order)
        let halves = deltas.halves.span
        if deltas.isNarrow(instrument, lots: order.lots) {
            let lots = NarrowLanes(lots: order.lots)
            for vector in 0..<count {
                rows[to + vector] &+= part.result(halves[from + vector].low(times: lots))
            }
        } else if order.lots.isNarrow {
            let lots = NarrowLanes(lots: order.lots)
            for vector in 0..<count {
                rows[to + vector] &+= part.result(halves[from + vector].times(lots))
            }
        } else {
            let lots = Lanes(repeating: order.lots)
            for vector in 0..<count {
                rows[to + vector] &+= part.result(halves[from + vector].joined &* lots)
            }
        }
    }

    /// Takes one order's part out of O and puts another's in.
    ///
    /// - Precondition: there is O.
    /// - Returns: the lowest lane of L initial plus O after it; at most zero.
    mutating func changeOrder(
        _ deltas: borrowing DeltaTable, instrument: Int, in row: LaneRow,
        from old: OrderPart, to new: OrderPart
    ) -> Int64 {
        LaneTable.change(
            deltas, instrument: instrument, in: row, count, positions, &orders, from: old, to: new)
    }

    /// Apart, since the compiler lets nobody read one array of `self` through a span while another
    /// is changed through one.
    @inline(__always)
    private static func change(
        _ deltas: borrowing DeltaTable, instrument: Int, in row: LaneRow, _ count: Int,
        _ positions: borrowing [Lanes], _ orders: inout [Lanes],
        from old: OrderPart, to new: OrderPart
    ) -> Int64 {
        let held = positions.span
        var rows = orders.mutableSpan
        let from = instrument * deltas.stride
        let start = Int(row.positions) * 2 * count
        let first = Int(row.orders) * count
        let (before, after) = (LanesOfOrder(old), LanesOfOrder(new))
        var worst = Lanes(repeating: 0)
        let halves = deltas.halves.span
        if old.lots.isNarrow, new.lots.isNarrow {
            let isNarrow = deltas.isNarrow(instrument)
            let (oldLots, newLots) = (NarrowLanes(lots: old.lots), NarrowLanes(lots: new.lots))
            for vector in 0..<count {
                let delta = halves[from + vector]
                let sum =
                    rows[first + vector]
                    &+ after.result(
                        isNarrow ? delta.low(times: newLots) : delta.times(newLots))
                    &- before.result(
                        isNarrow ? delta.low(times: oldLots) : delta.times(oldLots))
                rows[first + vector] = sum
                worst = pointwiseMin(worst, held[start + vector] &+ sum)
            }
        } else {
            let (oldLots, newLots) = (Lanes(repeating: old.lots), Lanes(repeating: new.lots))
            for vector in 0..<count {
                let delta = halves[from + vector].joined
                let sum =
                    rows[first + vector] &+ after.result(delta &* newLots)
                    &- before.result(delta &* oldLots)
                rows[first + vector] = sum
                worst = pointwiseMin(worst, held[start + vector] &+ sum)
            }
        }
        return worst.min()
    }

    /// The lowest lane of L initial plus O; at most zero.
    func worstInitial(_ row: LaneRow) -> Int64 {
        let start = Int(row.positions) * 2 * count
        guard row.orders != LaneRow.none else { return worst(from: start) }
        let held = positions.span
        let parts = orders.span
        let first = Int(row.orders) * count
        var worst = Lanes(repeating: 0)
        for vector in 0..<count {
            worst = pointwiseMin(worst, held[start + vector] &+ parts[first + vector])
        }
        return worst.min()
    }

    /// The lowest lane of L maintenance; at most zero.
    func worstMaintenance(_ row: LaneRow) -> Int64 {
        worst(from: Int(row.positions) * 2 * count + count)
    }

    @inline(__always)
    private func worst(from start: Int) -> Int64 {
        let held = positions.span
        var worst = Lanes(repeating: 0)
        for vector in start..<(start + count) { worst = pointwiseMin(worst, held[vector]) }
        return worst.min()
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
