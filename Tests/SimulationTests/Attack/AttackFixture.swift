/// A small scenario of which tests change one thing: a maker, a trader who buys and withdraws, and
/// another compartment that nothing touches. The price rises by a tenth.
@testable import Documents
import Foundation

@testable import Simulation

enum AttackFixture {
    /// Lines are counted by tests of refusals.
    static let text = """
        {
          "title": "A rise", "facts": "Nothing happened.",
          "start": "2026-01-15T12:00:00Z", "seconds": 120, "blockSeconds": 2,
          "compartments": [{ "name": "MAIN", "insurance": 1000 }, { "name": "SIDE" }],
          "markets": [
            { "instrument": "BTC-PERP", "underlying": "BTC", "parameters": "bitcoin", "price": \
        50000 },
            { "instrument": "GOLD", "kind": "spot", "underlying": "GOLD", "price": 3000, \
        "compartment": "SIDE" }
          ],
          "sources": [{ "name": "a" }, { "name": "b" }, { "name": "c" }, { "name": "d" }, \
        { "name": "e", "weight": 2 }],
          "prices": {
            "BTC": { "*": [[0, 50000], [20, 50000], [80, 55000]], "e": { "steps": [[0, 50000], \
        [60, 55000]] } },
            "GOLD": { "*": { "points": [[0, 3000]], "depthBelow": 1000000, "depthAbove": 1000000 } }
          },
          "accounts": [
            { "name": "trader", "group": "traders", "cash": 100000, "spent": 10 },
            { "name": "maker", "cash": 1000000 },
            { "name": "holder", "compartment": "SIDE", "holdings": [{ "instrument": "GOLD", \
        "quantity": 2, "cost": 6000 }] }
          ],
          "makers": [{ "account": "maker", "instrument": "BTC-PERP", "halfSpread": 0.0005, \
        "levels": 2, "size": 1 }],
          "orders": [
            { "at": 10, "account": "trader", "instrument": "BTC-PERP", "side": "buy", "size": \
        0.5, "through": 0.005, "type": "immediate" },
            { "at": 100, "every": 2, "times": 3, "account": "trader", "instrument": "BTC-PERP", \
        "side": "sell", "size": "position", "through": 0.01, "type": "immediate" }
          ],
          "deposits": [{ "at": 30, "account": "trader", "amount": 500 }],
          "withdrawals": [{ "at": 50, "account": "trader", "amount": 1000 }],
          "transfers": [{ "at": 60, "account": "maker", "to": "trader", "amount": 2000 }],
          "faults": [{ "kind": "silent", "source": "a", "from": 100, "to": 110 }],
          "without": ["indexClamp"],
          "expect": {
            "with": [{ "profit": "traders", "least": 1000, "most": 6000 }, { "untouched": "SIDE" }],
            "without": [{ "refused": "insufficientFunds", "most": 0 }, { "highestIndex": "BTC", \
        "least": 55000, "most": 55000 }]
          }
        }
        """

    /// The text with one piece in place of another.
    static func text(_ old: String, _ new: String) -> String {
        text.replacingOccurrences(of: old, with: new)
    }

    static func scenario(_ text: String = text) throws(InputFault) -> AttackScenario {
        try AttackScenario.read(GenesisFile(path: "s.json", bytes: Array(text.utf8)))
    }

    static func report(_ text: String = text) throws(InputFault) -> AttackReport {
        try AttackReport(try scenario(text))
    }
}
