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
