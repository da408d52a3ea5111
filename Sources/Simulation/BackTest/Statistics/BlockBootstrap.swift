/// How sure a rate of breaches is when breaches come in clusters: the circular block bootstrap of
/// Politis and Romano (1992). Blocks keep what is near in time together, so that the interval is
/// as wide as the clusters make it.

/// Resamples a record of breaches by blocks.
struct BlockBootstrap {
    /// Observations that stay together: seven weeks of days, two days of hours.
    static let standardBlock = 50
    static let standardResamples = 2_000

    /// In `1 ...`; no more than the record is used.
    var block = BlockBootstrap.standardBlock
    var resamples = BlockBootstrap.standardResamples
    let seed: UInt64

    /// The middle 95 % of the rates of breaches of resampled records; not empty.
    ///
    /// Time: O(record + resamples × record / block).
    func interval(of record: [Bool]) -> ClosedRange<Double> {
        let count = record.count
        let length = max(1, min(block, count))
        // Breaches before each place, twice round.
        var before = [0]
        before.reserveCapacity(2 * count + 1)
        for place in 0..<(2 * count) {
            before.append(before[place] + (record[place % count] ? 1 : 0))
        }
        var generator = SimulationGenerator(seed: seed)
        var rates: [Double] = []
        rates.reserveCapacity(resamples)
        for _ in 0..<resamples {
            var breaches = 0
            var left = count
            while left > 0 {
                let start = Int(generator.integer(in: 0...Int64(count - 1)))
                let taken = min(length, left)
                breaches += before[start + taken] - before[start]
                left -= taken
            }
            rates.append(Double(breaches) / Double(count))
        }
        rates.sort()
        let outside = resamples / 40
        return rates[outside]...rates[resamples - 1 - outside]
    }
}
