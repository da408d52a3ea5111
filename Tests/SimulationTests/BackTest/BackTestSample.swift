/// What the tests of back-tests share: series, records of breaches, and numbers of known laws.
import Documents
import Foundation

@testable import Simulation

enum BackTestSample {
    static let day = TimeText.day

    /// Closes a step apart from 2020 on; `holes` are left out.
    static func series(
        _ closes: [Int64], base: String = "BTC", step: UInt64 = BackTestSample.day,
        holes: [Int] = []
    ) -> BackTestSeries {
        let places = closes.indices.filter { !holes.contains($0) }
        return BackTestSeries(
            pair: base + "/USD", base: base, venue: "venue", step: step,
            times: places.map { 18_262 * day + UInt64($0) * step },
            closes: places.map { closes[$0] })
    }

    /// Breaches at the given places of a record.
    static func record(_ places: [Int], of count: Int) -> [Bool] {
        var record = [Bool](repeating: false, count: count)
        for place in places { record[place] = true }
        return record
    }

    /// A normal number by Box and Muller.
    static func normal(_ generator: inout SimulationGenerator) -> Double {
        (-2 * log(generator.unit())).squareRoot() * cos(2 * Double.pi * generator.unit())
    }

    /// Student's t with `degrees` degrees of freedom.
    static func student(_ degrees: Int, _ generator: inout SimulationGenerator) -> Double {
        let squares = (0..<degrees).reduce(0.0) { sum, _ in
            let value = normal(&generator)
            return sum + value * value
        }
        return normal(&generator) / (squares / Double(degrees)).squareRoot()
    }
}
