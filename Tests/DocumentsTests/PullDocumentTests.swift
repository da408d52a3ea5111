/// What a genesis file says of attested prices: written as it is read, and refused by its line.

import Canonical
import Ledger
import Oracle
import PullOracle
import Testing

@testable import Documents

struct PullDocumentTests {
    private static let emitter =
        "e101faedac5851e32b9b23b5f9411a8c2bac4aae3ed4dd7b811dd1a72ea4aa71"
    private static let feed = "e62df6c8b4a85fe1a67db44dc12de5db330f7ac66b72dc658afedf0f4a415b43"
    private static let guardian = "0x5893b5a76c3f739645648885bdccc06cd70a3cd3"

    /// The template with two publishers more, and this as what is pulled.
    private func file(_ pull: String, publishers: String? = nil) throws -> String {
        func key(_ number: UInt8) -> PublicKey {
            PublicKey(Bytes32([UInt8](repeating: number, count: 32)))
        }
        let text = GenesisTemplate(
            name: try #require(Symbol(Array("harbour".utf8))), time: 1_800_000_000,
            custodian: key(1), operator: key(2), publishers: [key(3)]
        ).text
        let signer = "\"weight\": 1 }"
        let more =
            publishers
            ?? "{ \"kind\": \"pyth\", \"weight\": 2 }, { \"kind\": \"chainlink\", \"weight\": 3 }"
        return text.replacing(signer, with: signer + ", " + more, maxReplacements: 1)
            .replacing(
                "\"safeguards\": {", with: "\"safeguards\": { \"pull\": { \(pull) },",
                maxReplacements: 1)
    }

    private func feeds(_ publisher: Int, underlying: String = "BTC", source: String = "source-1")
        -> String
    {
        """
        "feeds": [{ "feed": "\(Self.feed)", "underlying": "\(underlying)",
            "source": "\(source)", "publisher": \(publisher) }]
        """
    }

    private func wormhole(_ guardian: String = PullDocumentTests.guardian) -> String {
        "\"wormhole\": { \"set\": 4, \"guardians\": [\"\(guardian)\"] }"
    }

    private func pyth(_ feeds: String) -> String {
        "\"pyth\": { \"chain\": 26, \"address\": \"0x\(Self.emitter)\", \(feeds) }"
    }

    private func chainlink(_ feeds: String, faults: Int = 1) -> String {
        let signers = (1...4).map { number in
            "\"" + String(repeating: "0\(number)", count: 20) + "\""
        }.joined(separator: ", ")
        let digest = "00" + String(repeating: "07", count: 31)
        return "\"chainlink\": [{ \"digest\": \"\(digest)\", \"signers\": [\(signers)], "
            + "\"faults\": \(faults), \(feeds) }]"
    }

    private func genesis(_ text: String) throws -> Genesis {
        try GenesisDocument.genesis(GenesisFile(path: "genesis.json", bytes: Array(text.utf8)))
    }

    private var whole: String {
        [wormhole(), pyth(feeds(2)), chainlink(feeds(3))].joined(separator: ", ")
    }

    @Test func `what the file says is what the chain takes`() throws {
        let genesis = try genesis(try file(whole))
        #expect(genesis.publishers.map(\.kind) == [.signer, .pyth, .chainlink])
        #expect(genesis.publishers.map(\.weight) == [1, 2, 3])
        let pull = try #require(genesis.safeguards.pull)
        #expect(pull.wormhole?.set.index == 4)
        #expect(pull.wormhole?.set.guardians.count == 1)
        #expect(pull.wormhole?.governance == .governance)
        #expect(pull.pyth?.emitter.chain == 26)
        #expect(pull.pyth?.feeds.first?.publisher == PublisherIdentifier(1))
        #expect(pull.reports.first?.signers.count == 4)
        #expect(pull.reports.first?.faults == 1)
        #expect(pull.reports.first?.feeds.first?.publisher == PublisherIdentifier(2))
    }

    @Test func `what is written of it reads as the same chain`() throws {
        let first = try genesis(try file(whole))
        let second = try genesis(first.json)
        #expect(second.safeguards.pull == first.safeguards.pull)
        #expect(second.chain == first.chain)
    }

    @Test func `another governance is read and written`() throws {
        let text = wormhole().replacing(
            " }", with: ", \"governance\": { \"chain\": 3, \"address\": \"\(Self.emitter)\" } }")
        let first = try genesis(
            try file(text, publishers: "{ \"key\": \"\(Self.feed)\", \"weight\": 1 }"))
        #expect(first.safeguards.pull?.wormhole?.governance.chain == 3)
        #expect(try genesis(first.json).chain == first.chain)
    }

    @Test func `what does not fit is refused in words`() throws {
        let rows: [(pull: String, reason: String)] = [
            (wormhole("0x58"), "40 hexadecimal digits"),
            (wormhole() + ", " + pyth(feeds(2, underlying: "XYZ")), "XYZ"),
            (wormhole() + ", " + pyth(feeds(2, source: "nowhere")), "nowhere"),
            (wormhole() + ", " + pyth(feeds(0)), "publisher"),
            (wormhole() + ", " + pyth(feeds(3)), "pull"),
            (pyth(feeds(2)) + ", " + chainlink(feeds(3)), "pull"),
            (wormhole() + ", " + pyth(feeds(2)), "pull"),
            (whole.replacing(Self.feed, with: "12"), "64 hexadecimal digits"),
            (whole + ", \"other\": 1", "other"),
            (wormhole() + ", " + chainlink(feeds(3), faults: 0), "faults"),
        ]
        for row in rows {
            do {
                _ = try genesis(try file(row.pull))
                Issue.record("taken: \(row.pull)")
            } catch let fault as InputFault {
                #expect("\(fault)".contains(row.reason), "\(fault)")
            }
        }
        for publisher in [
            "{ \"kind\": \"oracle\", \"weight\": 1 }",
            "{ \"kind\": \"pyth\", \"key\": \"\(Self.feed)\", \"weight\": 1 }",
        ] {
            #expect(throws: InputFault.self) {
                try genesis(try file(wormhole(), publishers: publisher))
            }
        }
    }
}
