/// Order-by-order replay of real files: what they say, as commands in encoded blocks, through
/// `apply`.
///
/// A block runs cancels before orders (`LedgerState+Execute`), so one that reproduces a file
/// exactly holds only the few messages that do not depend on each other (`OrderFlowBlock`). The
/// venue therefore has many markets that all replay the file, each on its own book and with its own
/// accounts: a block holds the same step of each market, hundreds of commands, and each market
/// comes to the book of the file. `orders.l3.alone` is the same with one market. Each market's
/// books and accounts are cold when its turn comes, so more markets than long blocks need only
/// measure the memory. Reading files, making blocks and signatures are not counted, nor is the
/// root. That every block does what the recording did, refusals and trades, is checked after its
/// time.

import Documents
import Canonical
import Catalogue
import Cryptography
import FixedPoint
import Foundation
import Ledger
import Oracle
import Simulation
import Yardstick

enum FlowRows {
    /// Messages of a file that are replayed: the first.
    private static let messages = 20_000
    /// Commands that a block shall hold, and the most markets for that: each has an underlying.
    private static let blockCommands = 250
    private static let mostMarkets = Bounds.underlyings
    /// Commands after which a file is left.
    private static let mostCommands = 400_000
    private static let rounds = 2

    static func all() -> [Result] {
        let shared = ProcessInfo.processInfo.environment["RAMPART_SHARED"] ?? "../shared"
        let folder = shared + "/data/orderflow"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let files = names.sorted().filter {
            $0.hasSuffix(".gz") && !$0.contains("_orderbook_") && !$0.contains("_trades")
        }
        guard !files.isEmpty else {
            return [
                .skipped(
                    SkippedRow(name: "orders.l3", reason: "there are no files in \(folder)"))
            ]
        }
        var results: [Result] = []
        var total = FlowSpeed()
        var alone = FlowSpeed()
        for file in files {
            let name = "orders.l3." + label(file)
            do {
                let flow = try flow(folder + "/" + file)
                let recording = try OrderFlowRecording(flow)
                alone += try speed(of: recording, markets: 1)
                let commands = recording.blocks.reduce(0) { $0 + $1.commands }
                let markets = blockCommands * recording.blocks.count / max(commands, 1)
                let one = try speed(of: recording, markets: min(max(markets, 1), mostMarkets))
                total += one
                results.append(.measured(one.row(name, note: flow.format.rawValue)))
            } catch {
                results.append(.skipped(SkippedRow(name: name, reason: "\(error)")))
            }
        }
        let rows = [
            total.row(
                "orders.l3", note: "real files order by order, all of them",
                target: .atLeast(8e6)),
            alone.row("orders.l3.alone", note: "the same, one market a venue"),
        ]
        return results + rows.map { .measured($0) }
    }

    /// The beginning of a file. A row gives a message or many, so few rows are tried first.
    private static func flow(_ path: String) throws(OrderFlowFault) -> OrderFlow {
        var flow = try OrderFlowFile.read(path, most: messages / 20)
        if flow.messages.count < messages {
            flow = try OrderFlowFile.read(path, most: messages)
        }
        flow.messages = Array(flow.messages.prefix(messages))
        return flow
    }

    /// The venue and the symbol, without the date.
    private static func label(_ file: String) -> String {
        file.split(separator: "_").prefix { !$0.hasPrefix("20") }.joined(separator: "_")
    }

    private static func speed(
        of recording: OrderFlowRecording, markets: Int
    ) throws(InputFault) -> FlowSpeed {
        var commands = 0
        let blocks = recording.blocks.prefix { block in
            commands += block.commands * markets
            return commands <= mostCommands
        }
        var times: [Double] = []
        let stamps = Stamps(room: 16)
        for _ in 0..<rounds {
            var venue = FlowVenue(
                recording, markets: markets, genesis: try recording.genesis(markets: markets))
            times = Measurement.fastest(times, venue.run(blocks, stamps))
        }
        var speed = FlowSpeed()
        speed.nanoseconds = times.reduce(0, +)
        speed.messages = blocks.reduce(0) { $0 + $1.messages } * markets
        speed.commands = blocks.reduce(0) { $0 + $1.commands } * markets
        speed.blocks = blocks.count
        speed.markets = markets
        return speed
    }
}

/// How fast files went.
private struct FlowSpeed {
    var nanoseconds = 0.0
    var messages = 0
    var commands = 0
    var blocks = 0
    var markets = 0

    static func += (left: inout FlowSpeed, right: FlowSpeed) {
        left.nanoseconds += right.nanoseconds
        left.messages += right.messages
        left.commands += right.commands
        left.blocks += right.blocks
    }

    func row(_ name: String, note: String, target: Target? = nil) -> Row {
        let rate = Double(messages) / max(nanoseconds, 1) * 1e9
        var text = note + ": \(commands / max(blocks, 1)) commands a block"
        if markets > 0 { text += ", \(markets) markets" }
        return Row(name: name, value: rate, unit: "1/s", target: target, note: text)
    }
}

/// A venue that replays one recording on many markets.
private struct FlowVenue {
    /// Blocks that are made before any of them runs.
    private static let chunk = 16
    /// Nanoseconds from one block to the next.
    private static let interval: UInt64 = 1_000_000
    private static let signature = Signature(r: Bytes32(), s: Bytes32())
    private let recording: OrderFlowRecording
    private let markets: Int
    private let ledger: Ledger
    private var nonces: [UInt64]
    private var time: UInt64

    init(_ recording: OrderFlowRecording, markets: Int, genesis: Genesis) {
        self.recording = recording
        self.markets = markets
        ledger = Ledger(genesis: genesis)
        nonces = [UInt64](repeating: 0, count: recording.accounts * markets)
        time = ledger.time.nanoseconds
        open()
    }

    /// Opens the accounts, pays their money in and publishes the price.
    private mutating func open() {
        let share = ledger.catalogue.compartments[0].vaultLimit.units / Int64(nonces.count + 1)
        var nonce: UInt64 = 0
        for opening in [true, false] {
            var transactions: [[UInt8]] = []
            for first in stride(from: 0, to: nonces.count, by: Transaction.commandLimit) {
                nonce += 1
                let end = min(first + Transaction.commandLimit, nonces.count)
                let commands = (first..<end).map { account in
                    var word = Bytes32()
                    word.word0 = UInt64(account) + 1
                    return opening
                        ? Command.openAccount(
                            owner: .ed25519(PublicKey(word)),
                            compartment: CompartmentIdentifier(0))
                        : Command.deposit(
                            Amount(microunits: share), to: AccountIdentifier(UInt32(account)),
                            reference: word)
                }
                transactions.append(encoded(.custodian, nonce: nonce, commands))
            }
            let outcome = apply(block(transactions, height: 0, publishing: recording.price))
            precondition(
                outcome.refusals == 0, "Invariant: accounts open, not \(outcome.refusals) refused")
        }
    }

    /// Runs recorded blocks; a chunk is made before it runs.
    ///
    /// - Returns: by block, the nanoseconds of everything but the root.
    mutating func run(
        _ blocks: ArraySlice<OrderFlowRecording.Block>, _ stamps: Stamps
    ) -> [Double] {
        var times: [Double] = []
        for first in stride(from: blocks.startIndex, to: blocks.endIndex, by: FlowVenue.chunk) {
            let chunk = (first..<min(first + FlowVenue.chunk, blocks.endIndex)).map { place in
                block(transactions(of: blocks[place]), height: UInt64(place - first))
            }
            for (place, block) in chunk.enumerated() {
                stamps.clear()
                ledger.onStage = { _ in stamps.take() }
                stamps.take()
                let outcome = apply(block)
                stamps.take()
                times.append(stamps.stageTimes.work)
                check(outcome, against: blocks[first + place])
            }
            ledger.onStage = nil
        }
        return times
    }

    /// Every market refuses and trades what the recording did.
    private func check(_ outcome: BlockOutcome, against block: OrderFlowRecording.Block) {
        precondition(
            outcome.refusals == block.refusals * markets,
            "Invariant: \(block.refusals) refusals in each of \(markets) markets, "
                + "not \(outcome.refusals) in all")
        precondition(
            outcome.trades == block.trades * markets,
            "Invariant: \(block.trades) trades in each of \(markets) markets, "
                + "not \(outcome.trades) in all")
    }

    private mutating func transactions(of block: OrderFlowRecording.Block) -> [[UInt8]] {
        var result: [[UInt8]] = []
        for market in 0..<markets {
            for batch in block.batches {
                let account = market * recording.accounts + batch.account
                nonces[account] += 1
                let commands = batch.commands.map {
                    recording.command($0, market: market, of: markets)
                }
                result.append(
                    encoded(
                        .account(AccountIdentifier(UInt32(account))), nonce: nonces[account],
                        commands))
            }
        }
        return result
    }

    private func encoded(_ signer: Signer, nonce: UInt64, _ commands: [Command]) -> [UInt8] {
        Transaction(
            chain: ledger.chain, signer: signer, nonce: nonce,
            expiry: Timestamp(nanoseconds: .max), commands: commands,
            signature: .ed25519(FlowVenue.signature)
        ).canonicalBytes
    }

    /// - Parameter height: above the next one.
    private mutating func block(
        _ transactions: [[UInt8]], height: UInt64, publishing price: Int64? = nil
    ) -> Block {
        time += FlowVenue.interval
        let now = Timestamp(nanoseconds: time)
        let bundle = price.map { price in
            ObservationBundle(
                publisher: PublisherIdentifier(0), time: now,
                observations: (0..<markets).map { market in
                    Observation(
                        underlying: UnderlyingIdentifier(UInt16(market)),
                        price: IndexPrice(micros: price))
                }, signature: FlowVenue.signature)
        }
        return Block(
            height: ledger.height + 1 + height, time: now, observations: bundle.map { [$0] } ?? [],
            transactions: transactions)
    }

    private func apply(_ block: Block) -> BlockOutcome {
        do throws(BlockFault) {
            let outcome = try ledger.apply(block, verifier: VerifiedAtAdmission())
            return outcome
        } catch {
            preconditionFailure("Invariant: the benchmark makes canonical blocks, not \(error)")
        }
    }
}
