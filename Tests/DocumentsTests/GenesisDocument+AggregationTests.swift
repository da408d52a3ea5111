/// The numbers of aggregation in a genesis file: read, written again, and refused by name.
import Canonical
import FixedPoint
import Foundation
import Ledger
import Oracle
import Testing

@testable import Documents

struct AggregationDocumentTests {
    private static func key(_ number: UInt8) -> PublicKey {
        PublicKey(Bytes32([UInt8](repeating: number, count: 32)))
    }

    private func text(_ publishers: UInt8 = 5) throws -> String {
        GenesisTemplate(
            name: try #require(Symbol(Array("harbour".utf8))), time: 1_800_000_000,
            custodian: Self.key(1), operator: Self.key(2),
            publishers: (0..<publishers).map { Self.key(10 + $0) }
        ).text
    }

    private func genesis(_ text: String) throws -> Genesis {
        try GenesisDocument.genesis(GenesisFile(path: "genesis.json", bytes: Array(text.utf8)))
    }

    @Test(arguments: [(1, 1, 10_000), (2, 2, 5_000), (3, 3, 4_000), (16, 3, 4_000)])
    func `a new venue asks for as many venues as its publishers can show`(
        publishers: UInt8, venues: UInt16, cap: Int64
    ) throws {
        let genesis = try genesis(try text(publishers))
        #expect(genesis.safeguards.sources.count == Int(publishers))
        for oracle in genesis.oracles {
            #expect(oracle.aggregation.minimumVenues == venues)
            #expect(oracle.aggregation.venueCap == Ratio(basisPoints: cap))
            #expect(oracle.aggregation.outlierFactor == AggregationParameters.major.outlierFactor)
            #expect(oracle.aggregation.minuteMove == AggregationParameters.major.minuteMove)
        }
    }

    @Test func `bounds of sources are read by their names and written again`() throws {
        let bounds = """
            "unitTolerance": 0.1,
            "bounds": [
              { "source": "source-4", "highest": 900000 },
              { "source": "source-2", "lowest": 0.1 }
            ]
            """
        let text = try text().replacingOccurrences(of: "\"unitTolerance\": 0.1", with: bounds)
        let genesis = try genesis(text)
        let found = genesis.oracles[0].aggregation.bounds
        #expect(
            found == [
                SourceBound(
                    source: SourceIdentifier(1), lowest: IndexPrice(micros: 100_000),
                    highest: .max),
                SourceBound(
                    source: SourceIdentifier(3), lowest: .zero,
                    highest: IndexPrice(micros: 900_000_000_000)),
            ])
        #expect(try self.genesis(genesis.json).chain == genesis.chain)
    }

    @Test(arguments: [
        ("\"venueCap\": 0.4", "\"venueCap\": 0.3", "'venueCap' of oracles"),
        ("\"minimumVenues\": 3", "\"minimumVenues\": 6", "'minimumVenues' of oracles"),
        ("\"minimumVenues\": 3", "\"minimumVenues\": 0", "not in 1"),
        ("\"outlierFactor\": 5", "\"outlierFactor\": 0.5", "'outlierFactor' of oracles"),
        ("\"frozenSeconds\": 120", "\"frozenSecond\": 120", "not a field"),
        (
            "\"unitTolerance\": 0.1",
            "\"unitTolerance\": 0.1, \"bounds\": [{ \"source\": \"x\", \"lowest\": 1 }]",
            "not define"
        ),
    ])
    func `a number that is out of range is refused by its name`(
        find: String, put: String, reason: String
    ) throws {
        let bad = try text().replacingOccurrences(of: find, with: put)
        let fault = #expect(throws: InputFault.self) { try genesis(bad) }
        #expect(fault?.reason.contains(reason) == true, "\(fault?.description ?? "no fault")")
    }
}
