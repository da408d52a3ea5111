/// Scenario lanes: one value per scenario, four to a vector register. The number of lanes is padded
/// to four by repeating the last scenario, which changes no minimum. All arithmetic here wraps;
/// `Bounds` proves that nothing overflows.

import Canonical

/// Four lanes.
public typealias Lanes = SIMD4<Int64>

/// Four lots, or four lower halves of Δ.
typealias NarrowLanes = SIMD4<Int32>

/// Δ of every instrument: a row's initial vectors, then its maintenance vectors. The processor
/// multiplies 32 by 32 bits in one instruction, and 64 by 64 in eight; so Δ is kept in two signed
/// halves, `Δ = low + high·2³²`, of which lots that fit 32 bits are multiplied with each. In a row
/// whose values all fit 32 bits every high half is zero, and left out. No result changes by that.
struct DeltaTable: ~Copyable {
    private let pinned = Pinned()
    /// Vectors in a row.
    let stride: Int
    /// Both halves of each lane.
    private(set) var halves: [Lanes]
    private var isNarrow: [Bool]

    /// Rows of zeros.
    init(rows: Int, stride: Int) {
        self.stride = stride
        halves = [Lanes](repeating: Lanes(repeating: 0), count: rows * stride)
        isNarrow = [Bool](repeating: true, count: rows)
    }

    /// Adds a row of zeros.
    mutating func addRow() {
        halves.append(contentsOf: repeatElement(Lanes(repeating: 0), count: stride))
        isNarrow.append(true)
    }

    subscript(row: Int, vector: Int) -> Lanes { halves[row * stride + vector].joined }

    /// Sets a row. Rules with fewer scenarios than the longest repeat their last.
    ///
    /// - Precondition: no more vectors than half a row has in each part.
    mutating func set(_ row: Int, initial: [Lanes], maintenance: [Lanes]) {
        let first = put(initial, from: row * stride)
        let second = put(maintenance, from: row * stride + stride / 2)
        isNarrow[row] = first && second
    }

    /// - Returns: whether every value fits 32 bits.
    private mutating func put(_ vectors: [Lanes], from start: Int) -> Bool {
        precondition(
            !vectors.isEmpty && vectors.count <= stride / 2,
            "Invariant: \(vectors.count) vectors are a part of a row")
        let last = Lanes(repeating: vectors[vectors.count - 1][3])
        let count = stride / 2
        var lost = Lanes(repeating: 0)
        var row = halves.mutableSpan
        for place in 0..<count {
            let value = place < vectors.count ? vectors[place] : last
            lost |= value ^ Lanes(truncatingIfNeeded: NarrowLanes(truncatingIfNeeded: value))
            row[start + place] = value.inHalves
        }
        return lost == Lanes(repeating: 0)
    }

    /// Whether a row times `lots` needs the low halves alone.
    func isNarrow(_ row: Int, lots: Int64) -> Bool { isNarrow[row] && lots.isNarrow }

    /// Whether a row's high halves are zero.
    func isNarrow(_ row: Int) -> Bool { isNarrow[row] }
}

extension Int64 {
    /// Whether it fits 32 bits.
    @inline(__always)
    var isNarrow: Bool { self == Int64(Int32(truncatingIfNeeded: self)) }
}

extension Lanes {
    /// `low + high·2³²`, each half signed, in one word: the high half is one more than the upper
    /// bits where the low one is negative.
    @inline(__always)
    var inHalves: Lanes { self &+ (self & Lanes(repeating: 1 << 31)) &<< 1 }

    /// What `inHalves` took apart.
    @inline(__always)
    var joined: Lanes { self &- (self & Lanes(repeating: 1 << 31)) &<< 1 }

    /// The low halves times lots: one instruction.
    @inline(__always)
    func low(times lots: NarrowLanes) -> Lanes {
        ((self &<< 32) &>> 32) &* Lanes(truncatingIfNeeded: lots)
    }

    /// The high halves times lots, in 2³².
    @inline(__always)
    func high(times lots: NarrowLanes) -> Lanes {
        (self &>> 32) &* Lanes(truncatingIfNeeded: lots)
    }

    /// Δ times lots that fit 32 bits.
    @inline(__always)
    func times(_ lots: NarrowLanes) -> Lanes { low(times: lots) &+ high(times: lots) &<< 32 }
}

extension NarrowLanes {
    /// Lots that fit 32 bits, in all lanes.
    @inline(__always)
    init(lots: Int64) { self.init(repeating: NarrowLanes.truncated(lots)) }

    /// Not inlined: where the compiler has seen that `lots` fit, it would multiply by them in 64
    /// bits again.
    @inline(never)
    private static func truncated(_ lots: Int64) -> Int32 { Int32(truncatingIfNeeded: lots) }
}

/// An order's part of O: `min(floor, gain + lots·Δ)` in each scenario. Of no lots it is zero.
struct OrderPart: Equatable, Sendable {
    /// What the order would add to equity if it filled at its limit.
    var gain: Int64 = 0
    /// The most that it may count as: the negative order floor.
    var floor: Int64 = 0
    /// Signed.
    var lots: Int64 = 0
}
