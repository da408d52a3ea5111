/// `rampart publish`: signs prices as one of the genesis' publishers and sends them, once, again
/// and again, or as they come in on standard input; with a configuration it is a daemon that reads
/// and checks sources itself (`PublishDaemon`).

import Canonical
import Cryptography
import Custody
import Documents
import FixedPoint
import Foundation
import JSON
import Ledger
import Oracle

/// Signs and sends observations.
enum PublishCommand {
    static let shape = CommandShape(
        "publish", "Sign prices as a publisher and send them", rest: "[UNDERLYING=PRICE]…",
        flags: [
            CommandFlag(
                "--config", "FILE",
                "read prices from the sources of this file, check them and\n"
                    + "send them until stopped; see docs/publish.md"),
            CommandFlag("--once", nil, "with --config: ask and send once, and say what came of it"),
            CommandFlag("--key", "FILE", "the publisher's sealed key"),
            CommandFlag(
                "--publisher", "N",
                "its place in the genesis, from 1; with --genesis found by\nits key"),
            CommandFlag(
                "--genesis", "FILE",
                "the chain's genesis; without it underlyings are numbers,\n"
                    + "from 0 in the order of the genesis"),
            CommandFlag(
                "--source", "NAME",
                "where they were seen: a source of the genesis; that of the\n"
                    + "publisher's own number, or the first, if not given"
            ),
            CommandFlag(
                "--every", "SECONDS", "send the same prices again and again, until stopped"),
            KeysCommand.passphraseFlag,
        ] + RemoteFlags.all,
        details: """
            Without prices, lines of them are read from standard input, one observation a line, so
            that any program can be the source:

              rampart publish --key publisher-1.key --genesis genesis.json BTC=97000 ETH=3400
              feed | rampart publish --key publisher-1.key --genesis genesis.json

            An index needs the genesis' quorum of publishers, each fresh within seconds.

            With --config it is a daemon; SIGTERM or Ctrl-C stops it. With --once it prints a line
            for each underlying and for each feed that is not sound.

            Exit codes of --once: 0 every price sent · 1 one is missing, or the node refused
            """)

    private static let longestWait: UInt64 = 86_400
    private static let nanoseconds: UInt64 = 1_000_000_000

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        if let configuration = arguments["--config"] {
            return try PublishDaemon.run(configuration, arguments, context)
        }
        guard !arguments.has("--once") else { throw .usage("--once belongs to --config") }
        let file = try SendCommand.keyFile(arguments, try Profile(context))
        let number = try arguments.number("--publisher", in: 1...UInt64(Genesis.publisherLimit))
        let every = try arguments.number("--every", in: 1...longestWait)
        let genesis = try arguments["--genesis"].map { path throws(CommandFault) in
            try GenesisReader.read(path)
        }
        let node = try RemoteFlags.node(arguments, context)
        let directory = VenueDirectory(genesis: genesis, node: node)
        let observations = try PublishCommand.observations(arguments.operands, directory)
        guard !observations.isEmpty || every == nil else {
            throw .usage("--every needs prices, such as BTC=97000")
        }
        let passphrase = try PassphraseReader(context, file: arguments["--passphrase-file"])
            .existing(for: file)
        let publisher = try PublisherDesk(
            HeldKey.read(from: file, passphrase: passphrase), number: number, directory)
        let source = try source(arguments["--source"], genesis, publisher.publisher)
        func send(_ observations: [Observation]) throws(CommandFault) {
            try publisher.send(observations.map { $0.seen(at: source) }, at: context.now())
        }
        guard observations.isEmpty else {
            try send(observations)
            if every != nil { stopWhenAsked() }
            while let every {
                Thread.sleep(forTimeInterval: TimeInterval(every))
                try send(observations)
            }
            context.note("sent\n")
            return ExitCode.done
        }
        stopWhenAsked()
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            guard !words.isEmpty else { continue }
            try send(try PublishCommand.observations(words, directory))
        }
        return ExitCode.done
    }

    /// The source that a publisher speaks for: the one that is named, else that of its own number,
    /// which `rampart init` makes, else the first.
    private static func source(
        _ name: String?, _ genesis: Genesis?, _ publisher: PublisherIdentifier
    ) throws(CommandFault) -> SourceIdentifier {
        guard let genesis else {
            guard name == nil else { throw .usage("--source needs --genesis, which names sources") }
            return SourceIdentifier(0)
        }
        let names = genesis.safeguards.sources.map(\.name.text)
        guard let name else {
            return SourceIdentifier(
                names.indices.contains(Int(publisher.number)) ? publisher.number : 0)
        }
        guard let place = names.firstIndex(of: name) else {
            throw .usage(
                "the genesis has no source '\(name)'" + NearestWord.hint(names, for: name))
        }
        return SourceIdentifier(UInt16(place))
    }

    /// Ends the process at a signal, which the program holds back (`StopSignals`).
    private static func stopWhenAsked() {
        Thread {
            StopSignals.wait()
            exit(ExitCode.done)
        }.start()
    }

    /// The observations of words such as `BTC=97000`, ascending by underlying.
    ///
    /// - Throws: `CommandFault`.
    static func observations(
        _ words: [String], _ directory: VenueDirectory
    ) throws(CommandFault) -> [Observation] {
        var observations: [Observation] = []
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw .usage("'\(word)' is not UNDERLYING=PRICE, such as BTC=97000")
            }
            let underlying = try directory.underlying(parts[0])
            guard !observations.contains(where: { $0.underlying == underlying }) else {
                throw .usage("'\(parts[0])' is given twice")
            }
            let price = try ExactDecimal.units(
                parts[1], named: "the price of \(parts[0])", digits: ExactDecimal.priceDigits)
            observations.append(
                Observation(underlying: underlying, price: IndexPrice(micros: price)))
        }
        return observations.sorted { $0.underlying < $1.underlying }
    }
}

extension Observation {
    /// The same, seen there.
    fileprivate func seen(at source: SourceIdentifier) -> Observation {
        Observation(underlying: underlying, price: price, source: source)
    }
}

/// A publisher with its key.
struct PublisherDesk: ~Copyable {
    private let key: SigningKey
    let publisher: PublisherIdentifier
    private let chain: Digest
    private let node: RemoteNode

    /// - Parameter number: from 1; nil finds the key in the genesis.
    /// - Throws: `CommandFault` where the key publishes nothing.
    init(
        _ key: consuming HeldKey, number: UInt64?, _ directory: VenueDirectory
    ) throws(CommandFault) {
        guard let key = key.signingKey() else {
            throw .usage("an Ethereum key publishes no prices; publishers have Ed25519 keys")
        }
        let place = try PublisherDesk.place(of: key.publicKey, number: number, directory)
        let chain = try directory.chain()
        publisher = PublisherIdentifier(place)
        self.chain = chain
        node = directory.node
        self.key = key
    }

    /// The place of a publisher's key, from 0.
    private static func place(
        of key: PublicKey, number: UInt64?, _ directory: VenueDirectory
    ) throws(CommandFault) -> UInt16 {
        guard let publishers = directory.genesis?.publishers else {
            guard let number else {
                throw .usage("which publisher is it? Give --publisher N, or --genesis FILE")
            }
            return UInt16(number - 1)
        }
        guard let place = publishers.firstIndex(where: { $0.key == key }) else {
            throw .usage("the genesis names no publisher with this key")
        }
        if let number, Int(number) != place + 1 {
            throw .usage("this key is publisher \(place + 1) of the genesis, not \(number)")
        }
        return UInt16(place)
    }

    /// The method that takes bundles.
    private static let method = "public/submit_observation"

    /// Signs observations of a moment and sends them.
    ///
    /// - Throws: `CommandFault` where the node does not take them.
    borrowing func send(_ observations: [Observation], at now: UInt64) throws(CommandFault) {
        _ = try node.result(PublisherDesk.method, parameters(observations, at: now))
    }

    /// Signs observations of a moment: the request that sends them.
    borrowing func request(_ observations: [Observation], at now: UInt64) -> [UInt8] {
        RemoteNode.request(PublisherDesk.method, parameters(observations, at: now))
    }

    private borrowing func parameters(
        _ observations: [Observation], at now: UInt64
    ) -> [JSON.Member] {
        let bundle = bundle(observations, at: now)
        return [JSON.Member("observation", .string(HexText.text(bundle.canonicalBytes)))]
    }

    /// The signed observations.
    borrowing func bundle(_ observations: [Observation], at now: UInt64) -> ObservationBundle {
        var bundle = ObservationBundle(
            publisher: publisher, time: Timestamp(nanoseconds: now), observations: observations,
            signature: Signature(r: Bytes32(), s: Bytes32()))
        bundle.signature = key.sign(
            HashLabel.observation.header + bundle.signedBytes(chain: chain))
        return bundle
    }
}
