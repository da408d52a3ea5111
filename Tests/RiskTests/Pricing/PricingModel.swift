/// The same formulas in floating point with the C library, and rows of the shared vectors.
import FixedPoint
import Foundation
import TestKit
import Testing

extension Real {
    /// The nearest to a floating point number within the range.
    init(nearest number: Double) { self.init(bits: Int64((number * 1_099_511_627_776).rounded())) }

    var double: Double { Double(bits) / 1_099_511_627_776 }
}

func normalShare(_ value: Double) -> Double { 0.5 * erfc(-value / 2.0.squareRoot()) }

func normalDensity(_ value: Double) -> Double {
    exp(-value * value / 2) / (2 * Double.pi).squareRoot()
}

/// The value of a call over the forward. `m·Φ(d₂)` with m·erfc keeps its relative precision.
func blackCall(_ moneyness: Double, _ volatility: Double) -> Double {
    let upper = -log(moneyness) / volatility + volatility / 2
    return normalShare(upper) - moneyness * normalShare(upper - volatility)
}

/// A file of named columns in the shared folder.
struct VectorFile {
    private let columns: [String: Int]
    let rows: [[Substring]]

    init(_ name: String) throws {
        let path = SharedFiles.path("data/" + name)
        let all: [[Substring]]
        if name.hasSuffix(".gz") {
            all = try #require(GzipFile.rows(of: path))
        } else {
            all = try #require(PackageFiles.text(of: path)).split(whereSeparator: \.isNewline).map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
        }
        columns = Dictionary(uniqueKeysWithValues: zip(all[0].map(String.init), 0...))
        rows = Array(all.dropFirst())
    }

    func text(_ row: [Substring], _ column: String) throws -> Substring {
        row[try #require(columns[column])]
    }

    func number(_ row: [Substring], _ column: String) throws -> Double {
        try #require(Double(try text(row, column)))
    }
}

/// Of 365 days.
let yearNanoseconds: UInt64 = 31_536_000_000_000_000
