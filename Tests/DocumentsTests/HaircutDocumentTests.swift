/// Haircuts in a genesis file: read as they are written, and refused by the name of the field.

import Canonical
import Economics
import FixedPoint
import Ledger
import Risk
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

private let last = "\"hourlyFall\": 0.02\n"

struct HaircutDocumentTests {
    @Test func `the template has the standard rules, and they come back`() throws {
        let first = try genesis(try text())
        #expect(first.safeguards.haircuts == .standard)
        #expect(try genesis(first.json).safeguards == first.safeguards)
    }

    @Test func `pegs are named by their underlyings, and come back`() throws {
        let named = try text().replacing(
            last,
            with: "\"hourlyFall\": 0.02, \"pegged\": [\"ETH\", \"BTC\"], "
                + "\"quotePeg\": \"ETH\"\n", maxReplacements: 1)
        let first = try genesis(named)
        let rules = try #require(first.safeguards.haircuts)
        #expect(rules.pegged == [UnderlyingIdentifier(0), UnderlyingIdentifier(1)])
        #expect(rules.quotePeg == UnderlyingIdentifier(1))
        #expect(try genesis(first.json).safeguards == first.safeguards)
    }

    @Test(arguments: [
        ("\"depthCharge\": 0.01", "\"depthCharge\": 1.1", "depthCharge"),
        ("\"pegFactor\": 4", "\"pegFactor\": 8.1", "pegFactor"),
        ("\"hourlyRise\": 0.1,\n      \"hourlyFall\": 0.02", "\"hourlyFall\": 0.02", "hourlyRise"),
        (last, "\"hourlyFall\": 0.02, \"pegged\": [\"DOGE\"]\n", "pegged"),
        (last, "\"hourlyFall\": 0.02, \"quotePeg\": \"DOGE\"\n", "quotePeg"),
        (last, "\"hourlyFall\": 0.02, \"other\": 1\n", "other"),
    ])
    func `a wrong field is named`(from: String, to: String, reason: String) throws {
        let good = try text()
        let bad = good.replacing(from, with: to, maxReplacements: 1)
        #expect(bad != good, "\(from)")
        let fault = #expect(throws: InputFault.self) { try genesis(bad) }
        #expect(fault?.reason.contains(reason) == true, "\(fault?.reason ?? "")")
    }

    @Test func `haircuts of the margin rules may be stated, both together`() throws {
        let margin =
            "\"preset\": \"rampart\", \"move\": 0.02, \"initialFactor\": 1.5, "
            + "\"grossFloor\": 0.005, \"orderFloor\": 0.01"
        func rule(_ more: String) throws -> MarginParameters {
            let root = try JSONDocument.root(of: Array("{\(margin)\(more)}".utf8))
            return try GenesisDocument.margin(root, of: "USDC", file: "genesis.json")
        }
        let plain = try rule("")
        let own = try rule(", \"initialHaircut\": 0.02, \"maintenanceHaircut\": 0.01")
        #expect(plain.initial.charges.haircut == Ratio(basisPoints: 1_000))
        #expect(own.initial.charges.haircut == Ratio(basisPoints: 200))
        #expect(own.maintenance.charges.haircut == Ratio(basisPoints: 100))
        #expect(GenesisDocument.json(of: own) != nil && GenesisDocument.json(of: plain) != nil)
        #expect(throws: InputFault.self) { try rule(", \"initialHaircut\": 0.02") }
    }
}
