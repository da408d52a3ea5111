/// The part of a genesis file that says whose attested prices count: the guardians of Wormhole, the
/// feeds of Pyth, the configurations of Chainlink. Publishers are named by their place in the list
/// of publishers, counted from 1.

import Canonical
import Catalogue
import Ledger
import Oracle
import PullOracle

extension GenesisDocument {
    /// The kind of a publisher.
    func publisherKind(_ fields: JSONFields) throws(InputFault) -> PublisherKind {
        let text = try fields.text("kind")
        guard let kind = PublisherKind.allCases.first(where: { "\($0)" == text }) else {
            let names = PublisherKind.allCases.map { "\($0)" }.joined(separator: ", ")
            throw fields.fault("kind", "is '\(text)', none of \(names)")
        }
        return kind
    }

    /// What the chain takes from others; every part may be left out.
    func readPull(
        _ safeguards: JSONFields, sources: [PriceSource]
    ) throws(InputFault) -> PullParameters {
        let fields = try JSONFields(
            try safeguards.value("pull"), name: "what is pulled", file: file,
            known: ["wormhole", "pyth", "chainlink"])
        var parameters = PullParameters()
        if fields.has("wormhole") { parameters.wormhole = try readWormhole(fields) }
        if fields.has("pyth") {
            let pyth = try JSONFields(
                try fields.value("pyth"), name: "Pyth", file: file,
                known: ["chain", "address", "feeds"])
            parameters.pyth = PythParameters(
                emitter: try emitter(pyth), feeds: try feeds(pyth, sources))
        }
        guard fields.has("chainlink") else { return parameters }
        for (place, node) in try fields.list("chainlink").enumerated() {
            let entry = try JSONFields(
                node, name: "configuration \(place + 1) of Chainlink", file: file,
                known: ["digest", "signers", "faults", "feeds"])
            parameters.reports.append(
                ReportParameters(
                    digest: try entry.bytes32("digest"), signers: try entry.addresses("signers"),
                    faults: UInt8(try entry.whole("faults", in: 1...10)),
                    feeds: try feeds(entry, sources)))
        }
        return parameters
    }

    private func readWormhole(_ fields: JSONFields) throws(InputFault) -> WormholeParameters {
        let wormhole = try JSONFields(
            try fields.value("wormhole"), name: "Wormhole", file: file,
            known: ["set", "guardians", "governance"])
        let set = GuardianSet(
            index: UInt32(try wormhole.whole("set", in: 0...Int64(UInt32.max))),
            guardians: try wormhole.addresses("guardians"))
        guard wormhole.has("governance") else { return WormholeParameters(set: set) }
        let governance = try JSONFields(
            try wormhole.value("governance"), name: "the governance of Wormhole", file: file,
            known: ["chain", "address"])
        return WormholeParameters(set: set, governance: try emitter(governance))
    }

    private func emitter(_ fields: JSONFields) throws(InputFault) -> WormholeEmitter {
        WormholeEmitter(
            chain: UInt16(try fields.whole("chain", in: 0...65_535)),
            address: try fields.bytes32("address"))
    }

    private func feeds(
        _ fields: JSONFields, _ sources: [PriceSource]
    ) throws(InputFault) -> [PullFeed] {
        var feeds: [PullFeed] = []
        for (place, node) in try fields.list("feeds").enumerated() {
            let entry = try JSONFields(
                node, name: "feed \(place + 1)", file: file,
                known: ["feed", "underlying", "source", "publisher"])
            let underlying = try named(
                "underlying", of: entry, among: underlyings.map(\.symbol))
            let source = try named("source", of: entry, among: sources.map(\.name))
            let publisher = try entry.whole(
                "publisher", in: 1...Int64(Genesis.publisherLimit))
            feeds.append(
                PullFeed(
                    feed: try entry.bytes32("feed"),
                    underlying: UnderlyingIdentifier(UInt16(underlying)),
                    source: SourceIdentifier(UInt16(source)),
                    publisher: PublisherIdentifier(UInt16(publisher - 1))))
        }
        return feeds
    }
}

extension Genesis {
    /// What is pulled as `readPull` reads it.
    func json(of pull: PullParameters) -> JSONValue {
        var members: [(String, JSONValue)] = []
        if let wormhole = pull.wormhole {
            members.append(
                (
                    "wormhole",
                    .object([
                        ("set", .integer(Int64(wormhole.set.index))),
                        ("guardians", .list(wormhole.set.guardians.map(address))),
                        ("governance", .object(emitter(wormhole.governance))),
                    ])
                ))
        }
        if let pyth = pull.pyth {
            members.append(
                (
                    "pyth",
                    .object(emitter(pyth.emitter) + [("feeds", .list(pyth.feeds.map(feed)))])
                ))
        }
        if !pull.reports.isEmpty {
            members.append(
                (
                    "chainlink",
                    .list(
                        pull.reports.map { entry in
                            .object([
                                ("digest", .text(entry.digest.hexadecimal)),
                                ("signers", .list(entry.signers.map(address))),
                                ("faults", .integer(Int64(entry.faults))),
                                ("feeds", .list(entry.feeds.map(feed))),
                            ])
                        })
                ))
        }
        return .object(members)
    }

    private func address(_ address: EthereumAddress) -> JSONValue {
        // Forty digits are the last of sixty-four.
        let padded = Bytes32([UInt8](repeating: 0, count: 12) + address.bytes)
        return .text("0x" + padded.hexadecimal.dropFirst(24))
    }

    private func emitter(_ emitter: WormholeEmitter) -> [(String, JSONValue)] {
        [
            ("chain", .integer(Int64(emitter.chain))),
            ("address", .text(emitter.address.hexadecimal)),
        ]
    }

    private func feed(_ feed: PullFeed) -> JSONValue {
        .object([
            ("feed", .text(feed.feed.hexadecimal)),
            ("underlying", .text(catalogue.underlyings[Int(feed.underlying.number)].symbol.text)),
            ("source", .text(safeguards.sources[Int(feed.source.number)].name.text)),
            ("publisher", .integer(Int64(feed.publisher.number) + 1)),
        ])
    }
}
