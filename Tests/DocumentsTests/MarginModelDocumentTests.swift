/// Margin models in a genesis file: read as they are written, absent where none is stated, and
/// refused by the name of the field.

import Canonical
import Estimation
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

struct MarginModelDocumentTests {
    @Test func `the template states the venue's models, and they come back`() throws {
        let first = try genesis(try text())
        #expect(first.margins[0].model == MarginModelParameters.bitcoin.withOptions)
        #expect(first.margins[1].model == MarginModelParameters.ether.withOptions)
        #expect(try genesis(first.json).margins == first.margins)
    }

    @Test func `a margin without a model has none, and comes back without`() throws {
        for margin in [
            MarginParameters.rampart(move: Ratio(basisPoints: 600)), .deribit(), .span(),
        ] {
            var modelled = margin
            modelled.model = .bitcoin
            guard case .object(let plain)? = GenesisDocument.json(of: margin),
                case .object(let full)? = GenesisDocument.json(of: modelled)
            else {
                Issue.record("a preset has a text")
                continue
            }
            #expect(!plain.contains { $0.0 == "model" })
            #expect(full.dropLast().map(\.0) == plain.map(\.0))
            #expect(full.last?.0 == "model")
        }
    }

    @Test(arguments: [
        ("\"memory\": 0.99", "\"memory\": 1", "memory"),
        ("\"window\": 2000", "\"window\": 2050", "window"),
        ("\"window\": 2000", "\"window\": 70000", "window"),
        ("\"horizonHours\": 4", "\"horizonHours\": 0", "horizonHours"),
        ("\"liquidationHours\": 4", "\"liquidationHours\": 0", "liquidationHours"),
        ("\"floor\": 0.07", "\"floor\": 0", "floor"),
        ("\"cap\": 0.28", "\"cap\": 0.06", "cap"),
        ("\"cap\": 0.28", "\"cap\": 0.4", "cap"),
        ("\"stressedWeight\": 0.25", "\"stressedWeight\": 1.1", "stressedWeight"),
        ("\"hourlyRise\": 0.1", "\"hourlyRise\": 0", "hourlyRise"),
        ("\"dailyFall\": 0.05,", "", "dailyFall"),
        ("\"openingVolatility\": 0.005", "\"openingVolatility\": 0.3", "openingVolatility"),
        ("\"memory\": 0.99", "\"memory\": 0.99, \"more\": 1", "more"),
    ])
    func `a wrong field is named`(from: String, to: String, reason: String) throws {
        let good = try text()
        let bad = good.replacing(from, with: to, maxReplacements: 1)
        #expect(bad != good, "\(from)")
        let fault = #expect(throws: InputFault.self) { try genesis(bad) }
        #expect(fault?.reason.contains(reason) == true, "\(fault?.reason ?? "")")
    }
}
