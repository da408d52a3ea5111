/// Scenario lanes: one value per scenario, four to a vector register. The number of lanes is padded
/// to four by repeating the last scenario, which changes no minimum. All arithmetic here wraps;
/// `Bounds` proves that nothing overflows.

/// Four lanes.
public typealias Lanes = SIMD4<Int64>

/// Four lanes of Δ where every one fits 32 bits.
typealias NarrowLanes = SIMD4<Int32>

/// Δ of every instrument: a row's initial vectors, then its maintenance vectors. The processor
/// multiplies 32 by 32 bits in one instruction, and 64 by 64 in a dozen; so a row whose values all
/// fit 32 bits is kept narrow too, and used where the lots fit as well, which changes no result.
struct DeltaTable: ~Copyable {
    /// Vectors in a row.
    let stride: Int
    private(set) var wide: [Lanes]
    private(set) var narrow: [NarrowLanes]
    private var isNarrow: [Bool]

    /// Rows of zeros.
    init(rows: Int, stride: Int) {
        self.stride = stride
        wide = [Lanes](repeating: Lanes(repeating: 0), count: rows * stride)
        narrow = [NarrowLanes](repeating: NarrowLanes(repeating: 0), count: rows * stride)
        isNarrow = [Bool](repeating: true, count: rows)
    }

    /// Adds a row of zeros.
    mutating func addRow() {
        wide.append(contentsOf: repeatElement(Lanes(repeating: 0), count: stride))
        narrow.append(contentsOf: repeatElement(NarrowLanes(repeating: 0), count: stride))
        isNarrow.append(true)
    }

    subscript(row: Int, vector: Int) -> Lanes { wide[row * stride + vector] }

    /// Sets a row. Rules with fewer scenarios than the longest repeat their last.
    ///
    /// - Precondition: no more vectors than half a row has in each part.
    mutating func set(_ row: Int, initial: [Lanes], maintenance: [Lanes]) {
        isNarrow[row] = true
        put(initial, from: row * stride)
        put(maintenance, from: row * stride + stride / 2)
        for place in (row * stride)..<((row + 1) * stride) {
            narrow[place] = NarrowLanes(truncatingIfNeeded: wide[place])
            if Lanes(truncatingIfNeeded: narrow[place]) != wide[place] { isNarrow[row] = false }
        }
    }

    private mutating func put(_ vectors: [Lanes], from start: Int) {
        precondition(
            !vectors.isEmpty && vectors.count <= stride / 2,
            "Invariant: \(vectors.count) vectors are a part of a row")
        for place in 0..<(stride / 2) {
            wide[start + place] =
                place < vectors.count
                ? vectors[place] : Lanes(repeating: vectors[vectors.count - 1][3])
        }
    }

    /// Whether a row times `lots` may be multiplied in 32 bits.
    func isNarrow(_ row: Int, lots: Int64) -> Bool {
        isNarrow[row] && lots == Int64(Int32(truncatingIfNeeded: lots))
    }
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
