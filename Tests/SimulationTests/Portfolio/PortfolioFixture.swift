/// A small portfolio file of which tests change one thing.
@testable import Documents
import FixedPoint
import Foundation

@testable import Simulation

enum PortfolioFixture {
    /// Lines are counted by tests of refusals.
    static let text = """
        {
          "time": "2026-01-15T12:00:00Z",
          "cash": 100000,
          "collateralPrice": 1,
          "underlyings": [
            {
              "symbol": "BTC",
              "index": 100000,
              "stable": 100000,
              "lot": 0.0001,
              "move": 0.12,
              "expiries": [
                {"expiry": "27MAR26", "forward": 101000, "smile": [[80000, 0.6], [100000, 0.5]]},
                {"expiry": "26JUN26", "forward": 102000}
              ]
            }
          ],
          "positions": [
            {"instrument": "BTC-PERP", "quantity": 1, "price": 99000},
            {"instrument": "BTC-27MAR26-100000-C", "quantity": -0.5, "mark": 9000}
          ]
        }
        """

    /// The text with one piece in place of another.
    static func text(_ old: String, _ new: String) -> String {
        text.replacingOccurrences(of: old, with: new)
    }

    static func file(_ text: String) -> GenesisFile {
        GenesisFile(path: "p.json", bytes: Array(text.utf8))
    }

    static func report(_ text: String = text) throws(InputFault) -> PortfolioReport {
        try PortfolioReport(file(text), preset: "rampart")
    }

    /// A file with these positions on BTC at $100,000 with M of 12 %, flat volatility and $100,000.
    static func report(
        positions: [String], expiry: String = "27MAR26", volatility: String = "0.5",
        extra: String = ""
    ) throws(InputFault) -> PortfolioReport {
        let list = positions.map { "{\($0)}" }.joined(separator: ",")
        return try report(
            """
            {"time": "2026-01-15T12:00:00Z", "cash": 100000, "underlyings": [{"symbol": "BTC",
            "index": 100000, \(extra) "expiries": [{"expiry": "\(expiry)", "forward": 100000,
            "volatility": \(volatility)}]}], "positions": [\(list)]}
            """)
    }
}
