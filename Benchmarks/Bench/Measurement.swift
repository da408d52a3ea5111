/// How times are taken: the subject and its yardstick in turn, several rounds, the fastest round of each.
/// The fastest is what the machine can do; the others are what else it was doing.

/// One row of the table.
struct Row {
    let name: String
    let value: Double
    let unit: String
    /// The yardstick in the same unit.
    let yardstick: Double
    let yardstickName: String
    /// How many times better than the yardstick; below one is worse.
    let ratio: Double
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

    /// A row where less is better: time per piece of work.
    static func row(
        _ name: String, unit: String, scale: Double, pieces: Double,
        _ times: (subject: Double, yardstick: Double), yardstickPieces: Double? = nil,
        against yardstickName: String
    ) -> Row {
        let value = times.subject / pieces / scale
        let yardstick = times.yardstick / (yardstickPieces ?? pieces) / scale
        return Row(
            name: name, value: value, unit: unit, yardstick: yardstick,
            yardstickName: yardstickName, ratio: yardstick / value)
    }

    /// A row where more is better: pieces a second.
    static func rateRow(
        _ name: String, pieces: Double, _ times: (subject: Double, yardstick: Double),
        yardstickPieces: Double? = nil, against yardstickName: String
    ) -> Row {
        let value = pieces / times.subject * 1e9
        let yardstick = (yardstickPieces ?? pieces) / times.yardstick * 1e9
        return Row(
            name: name, value: value, unit: "1/s", yardstick: yardstick,
            yardstickName: yardstickName, ratio: value / yardstick)
    }
}
