/// Economics in a genesis file: read as they are written, and refused by the name of the field.

import Canonical
import Economics
import FixedPoint
import Ledger
import Testing

@testable import Documents

private func key(_ number: UInt8) -> PublicKey {
    PublicKey(Bytes32([UInt8](repeating: number, count: 32)))
}

private func text() throws -> String {
    GenesisTemplate(
        name: try #require(Symbol(Array("harbour".utf8))), time: 1_800_000_000, custodian: key(1),
        operator: key(2), publishers: [key(3)]
    ).text
}

private func genesis(_ text: String) throws -> Genesis {
    try GenesisDocument.genesis(GenesisFile(path: "genesis.json", bytes: Array(text.utf8)))
}

struct EconomicsDocumentTests {
    @Test func `the template states economics for each underlying, and they come back`() throws {
        let first = try genesis(try text())
        #expect(first.safeguards.economics.count == 2)
        let bitcoin = first.safeguards.economics[0]
        #expect(bitcoin.safety == Ratio(basisPoints: 30_000))
        #expect(bitcoin.window == .seconds(30))
        #expect(bitcoin.hardLimit == Amount(microunits: 100_000_000_000_000))
        #expect(try genesis(first.json).safeguards == first.safeguards)
    }

    @Test func `at the least cap of the template no move earns what it costs`() throws {
        for entry in try genesis(try text()).safeguards.economics {
            let state = MarketEconomics(parameters: entry, start: .epoch)
            let least = Amount(units: entry.leastCap.units / 10)
            #expect(least <= state.cost.ownerLimit)
        }
    }

    @Test(arguments: [
        ("\"safety\": 3", "\"safety\": 0.5", "safety"),
        (
            "\"replenishmentSeconds\": 600", "\"replenishmentSeconds\": 0",
            "replenishmentSeconds"
        ),
        ("\"leastCap\": 5000000", "\"leastCap\": 500000000", "leastCap"),
        ("\"hourlyRise\": 0.05", "\"hourlyRise\": 0.05, \"more\": 1", "more"),
        (
            "\"underlying\": \"ETH\",\n        \"depthShare\"",
            "\"underlying\": \"BTC\",\n        \"depthShare\"", "has economics already"
        ),
        (
            "\"underlying\": \"ETH\",\n        \"depthShare\"",
            "\"underlying\": \"XRP\",\n        \"depthShare\"", "does not define"
        ),
    ])
    func `a wrong field is named`(from: String, to: String, reason: String) throws {
        let good = try text()
        let bad = good.replacing(from, with: to, maxReplacements: 1)
        #expect(bad != good, "\(from)")
        let fault = #expect(throws: InputFault.self) { try genesis(bad) }
        #expect(fault?.reason.contains(reason) == true, "\(fault?.reason ?? "")")
    }
}
