/// The last residuals of an underlying, each a return over the volatility that was foreseen for it.
/// They stand twice: in the order in which they came, which is primary state, and sorted, which
/// follows from it. A new one costs two binary searches and two moves of at most 4 KiB; a tail is
/// the sum of its members.

import Canonical
import FixedPoint

struct ResidualRing: Equatable, Sendable {
    /// In 2⁻¹¹ of a volatility, rounded away from zero; the oldest at `next`. It is always full.
    private var ring: [Int16]
    private var next: Int
    /// The same, ascending.
    private var sorted: [Int16]

    /// The residuals that a chain starts with, before it has seen any.
    init(seeded count: Int) {
        ring = SeedResiduals.make(count: count)
        next = 0
        sorted = ring
        sorted.sort()
    }

    var count: Int { ring.count }

    /// Puts a residual in the place of the oldest.
    mutating func add(_ residual: Real) {
        let new = ResidualRing.stored(residual)
        sorted.remove(at: place(of: ring[next]))
        sorted.insert(new, at: place(of: new))
        ring[next] = new
        next += 1
        if next == ring.count { next = 0 }
    }

    /// The members of both tails: positive where they lie on the tail's side of zero.
    ///
    /// - Parameter size: how many make a tail, in `1 ... count`.
    /// - Returns: for each the mean, and the member nearest to the middle. O(size).
    func tails(size: Int) -> (lower: ResidualTail, upper: ResidualTail) {
        var (low, high): (Int64, Int64) = (0, 0)
        for place in 0..<size {
            low -= Int64(sorted[place])
            high += Int64(sorted[sorted.count - 1 - place])
        }
        return (
            ResidualTail(sum: low, size: size, last: -Int64(sorted[size - 1])),
            ResidualTail(sum: high, size: size, last: Int64(sorted[sorted.count - size]))
        )
    }

    /// Where a residual stands among the sorted, or would stand: the first that is not below it.
    private func place(of residual: Int16) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < residual { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// A residual as it is kept: within ±`largest`, rounded away from zero.
    static func stored(_ residual: Real) -> Int16 {
        let cut = min(residual.magnitude, largest)
        let size = (cut.bits + (1 << droppedBits) - 1) >> droppedBits
        return Int16(residual < .zero ? -size : size)
    }

    /// No return counts as more volatilities than these: one jump, true or made, is not to rule the
    /// tail for three months. Beyond it stand the stressed shortfall and the cap. Ours.
    static let largest = Real(10)
    /// Of the fraction bits of `Real` that a kept residual does not have.
    static let droppedBits = Real.fractionBits - 11
}

/// The mean of a tail and where it begins, in volatilities.
struct ResidualTail: Equatable, Sendable {
    let mean: Real
    let start: Real

    init(sum: Int64, size: Int, last: Int64) {
        let unit: Int64 = 1 << (Real.fractionBits - ResidualRing.droppedBits)
        mean = Real(sum, over: Int64(size) * unit)
        start = Real(last, over: unit)
    }
}

extension ResidualRing: CanonicalValue {
    func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(UInt16(ring.count))
        encoder.append(UInt16(next))
        for residual in ring { encoder.append(UInt16(bitPattern: residual)) }
    }

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        let count = try decoder.uint16()
        next = Int(try decoder.uint16())
        guard EstimatorParameters.windowRange.contains(count), next < Int(count) else {
            throw DecodingFault(.outOfRange, at: start)
        }
        ring = []
        ring.reserveCapacity(Int(count))
        let bound = ResidualRing.stored(ResidualRing.largest)
        for _ in 0..<count {
            let place = decoder.offset
            let residual = Int16(bitPattern: try decoder.uint16())
            guard residual >= -bound, residual <= bound else {
                throw DecodingFault(.outOfRange, at: place)
            }
            ring.append(residual)
        }
        sorted = ring
        sorted.sort()
    }
}
