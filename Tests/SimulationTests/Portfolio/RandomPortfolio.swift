/// Portfolio files of chance, for properties.
import TestKit

enum RandomPortfolio {
    static func text(seed: UInt64) -> String {
        var random = SeededGenerator(seed: seed)
        func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        let index = pick(50_000...150_000)
        var positions: [String] = []
        func add(_ name: String, _ tenths: Int, _ rest: String = "") {
            guard tenths != 0, !positions.contains(where: { $0.contains("\"\(name)\"") }) else {
                return
            }
            let size = "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
            positions.append("{\"instrument\": \"\(name)\", \"quantity\": \(size)\(rest)}")
        }
        add("BTC-PERP", pick(-50...50), ", \"price\": \(index + pick(-900...900))")
        add("BTC-SPOT", pick(0...20))
        add("BTC-27MAR26", pick(-30...30), ", \"mark\": \(index + pick(-900...900))")
        add("ETH-PERP", pick(-500...500))
        for _ in 0..<pick(1...12) {
            let expiry = ["16JAN26", "27MAR26", "25DEC26"][pick(0...2)]
            let strike = index * pick(6...16) / 10 / 500 * 500
            add("BTC-\(expiry)-\(strike)-\(pick(0...1) == 0 ? "C" : "P")", pick(-40...40))
        }
        add("ETH-PERP", 1)
        let expiries = ["16JAN26", "27MAR26", "25DEC26"].map { date in
            "{\"expiry\": \"\(date)\", \"forward\": \(index + pick(-500...2_000)), "
                + "\"smile\": [[\(index / 2), 0.\(pick(50...99))], [\(index), 0.\(pick(30...60))], "
                + "[\(index * 2), 0.\(pick(40...99))]]}"
        }
        return """
            {"time": "2026-01-15T12:00:00Z", "cash": \(pick(-50_000...900_000)),
            "collateralPrice": 0.98\(pick(0...9)),
            "underlyings": [{"symbol": "BTC", "index": \(index),
            "stable": \(index + pick(-2_000...2_000)), "funding": \(pick(-9...9))e-5,
            "dailyVolatility": 0.03, "dailyVolume": 50000000,
            "expiries": [\(expiries.joined(separator: ", "))]},
            {"symbol": "ETH", "index": 3000.125, "lot": 0.001}],
            "positions": [\(positions.joined(separator: ", "))]}
            """
    }
}
