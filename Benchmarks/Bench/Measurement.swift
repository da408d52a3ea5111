/// How times are taken: the subject and its yardstick in turn, several rounds, the fastest round of
/// each. The fastest is what the machine can do; the others are what else it was doing.

import Yardstick

/// What a row is to reach.
enum Target {
    case atLeast(Double)
    case atMost(Double)
    /// At least the value, and at least this many times better than the yardstick.
    case atLeastAndRatio(Double, Double)
}

/// What a row is compared with.
struct Comparison {
    let name: String
    /// In the row's unit.
    let value: Double
    /// How many times better than the yardstick; below one is worse.
    let ratio: Double
}

/// One row of the table.
struct Row {
    let name: String
    let value: Double
    let unit: String
    var yardstick: Comparison? = nil
    var target: Target? = nil
    /// What was measured, for the table of `docs/performance.md`.
    let note: String
}

/// A row that could not be measured.
struct SkippedRow {
    let name: String
    let reason: String
}

/// What a group of rows gives.
enum Result {
    case measured(Row)
    case skipped(SkippedRow)
}

enum Measurement {
    /// The nanoseconds that `work` takes.
    static func nanoseconds(_ work: () -> Void) -> Double {
        let clock = ContinuousClock()
        let (seconds, attoseconds) = clock.measure(work).components
        return Double(seconds) * 1e9 + Double(attoseconds) / 1e9
    }

    /// The fastest of several rounds of each, taken in turn.
    ///
    /// - Parameter prepare: runs before each round of the subject, and is not counted.
    static func pair(
        rounds: Int, prepare: () -> Void = {}, subject: () -> Void, yardstick: () -> Void
    ) -> (subject: Double, yardstick: Double) {
        var best = (subject: Double.infinity, yardstick: Double.infinity)
        for _ in 0..<rounds {
            prepare()
            best.subject = min(best.subject, nanoseconds(subject))
            best.yardstick = min(best.yardstick, nanoseconds(yardstick))
        }
        return best
    }

    /// The smaller of two rounds, part by part: what the machine does where it is not disturbed.
    static func fastest(_ left: [Double], _ right: [Double]) -> [Double] {
        left.isEmpty ? right : zip(left, right).map { min($0, $1) }
    }
}

extension Row {
    /// Time per piece of work, where less is better.
    ///
    /// - Parameters:
    ///   - times: in nanoseconds, for all pieces.
    ///   - scale: nanoseconds of the unit.
    static func time(
        _ name: String, unit: String, scale: Double, pieces: Double,
        _ times: (subject: Double, yardstick: Double), against yardstick: String,
        target: Target? = nil, note: String
    ) -> Row {
        let value = times.subject / pieces / scale
        let other = times.yardstick / pieces / scale
        return Row(
            name: name, value: value, unit: unit,
            yardstick: Comparison(name: yardstick, value: other, ratio: other / value),
            target: target, note: note)
    }

    /// Pieces a second, where more is better.
    static func rate(
        _ name: String, pieces: Double, _ times: (subject: Double, yardstick: Double),
        against yardstick: String, target: Target? = nil, note: String
    ) -> Row {
        let value = pieces / times.subject * 1e9
        let other = pieces / times.yardstick * 1e9
        return Row(
            name: name, value: value, unit: "1/s",
            yardstick: Comparison(name: yardstick, value: other, ratio: value / other),
            target: target, note: note)
    }
}
