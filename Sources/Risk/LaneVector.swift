/// Scenario lanes: one value per scenario, eight to a vector register. The number of lanes is
/// padded to eight by repeating the last scenario, which changes no minimum. All arithmetic here
/// wraps; `Bounds` proves that nothing overflows.

/// Eight lanes.
public typealias Lanes = SIMD8<Int64>

/// Flat storage for equally long rows of lanes, addressed by row.
struct LaneTable: Sendable {
    /// Vectors in a row.
    let stride: Int
    private var storage: [Lanes] = []
    private var free: [Int32] = []

    init(stride: Int) { self.stride = stride }

    /// A row of zeros.
    mutating func allocate() -> Int32 {
        if let row = free.popLast() {
            fill(row, with: Lanes(repeating: 0))
            return row
        }
        storage.append(contentsOf: repeatElement(Lanes(repeating: 0), count: stride))
        return Int32(storage.count / stride - 1)
    }

    mutating func release(_ row: Int32) { free.append(row) }

    mutating func fill(_ row: Int32, with lanes: Lanes) {
        for block in 0..<stride { storage[Int(row) * stride + block] = lanes }
    }

    /// Adds the first `count` vectors of a row of another table, `times` over, to a row of this
    /// one.
    mutating func add(_ source: LaneTable, row: Int32, count: Int, to target: Int32, times: Int64) {
        let factor = Lanes(repeating: times)
        let from = Int(row) * source.stride
        let to = Int(target) * stride
        for block in 0..<count {
            storage[to + block] &+= source.storage[from + block] &* factor
        }
    }

    /// Adds an order's part, or takes it away: `sign × min(floor, gain + lots·Δ)` for each of the
    /// first `count` vectors Δ of a row of another table, to this table's vectors from `first` on.
    mutating func addOrder(
        _ source: LaneTable, row: Int32, count: Int, to target: Int32, from first: Int,
        gain: Int64, floor: Int64, lots: Int64, sign: Int64
    ) {
        let (gain, floor) = (Lanes(repeating: gain), Lanes(repeating: floor))
        let (lots, sign) = (Lanes(repeating: lots), Lanes(repeating: sign))
        let from = Int(row) * source.stride
        let to = Int(target) * stride + first
        for block in 0..<count {
            let result = pointwiseMin(floor, gain &+ source.storage[from + block] &* lots)
            storage[to + block] &+= result &* sign
        }
    }

    /// The lowest lane of the sum of `count` vectors from `first` and as many from `second` on; at
    /// most zero.
    func worst(_ row: Int32, count: Int, first: Int, second: Int) -> Int64 {
        let start = Int(row) * stride
        var worst = Lanes(repeating: 0)
        for block in 0..<count {
            worst = pointwiseMin(
                worst, storage[start + first + block] &+ storage[start + second + block])
        }
        return worst.min()
    }

    subscript(row: Int32, block: Int) -> Lanes {
        _read { yield storage[Int(row) * stride + block] }
        _modify { yield &storage[Int(row) * stride + block] }
    }
}

extension Array where Element == Lanes {
    /// Packs values into lanes and repeats the last to fill the last vector.
    init(packing values: [Int64]) {
        self.init()
        guard let last = values.last else { return }
        for start in stride(from: 0, to: values.count, by: 8) {
            var lanes = Lanes(repeating: last)
            for lane in 0..<Swift.min(8, values.count - start) {
                lanes[lane] = values[start + lane]
            }
            append(lanes)
        }
    }
}
