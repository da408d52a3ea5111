/// `rampart publish --config`: reads sources, checks what they say, signs it and sends it, until it
/// is told to stop. What is read and checked, and when, is the room `Publishing`; here are the
/// files, the key, the log and the signals.

import Custody
import Documents
import FixedPoint
import Foundation
import Ledger
import Oracle
import Publishing

/// Runs a publisher of a configuration.
enum PublishDaemon {
    /// Flags whose place the configuration takes.
    private static let others = [
        "--key", "--publisher", "--genesis", "--source", "--every", "--node", "--authorities",
    ]
    /// Bytes of the node's answer, which is short.
    private static let mostAnswer = 65_536
    private static let milliseconds = 5_000

    static func run(
        _ path: String, _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        if let other = others.first(where: arguments.has) ?? arguments.operands.first {
            throw .usage("with --config the file says it all; leave '\(other)' out")
        }
        let (settings, plan, genesis) = try read(path)
        guard let address = RemoteNode.fullAddress(settings.node) else {
            throw CommandFault(
                "\(path): 'node' is '\(settings.node)', no address such as "
                    + RemoteNode.standardAddress, exit: ExitCode.badConfiguration)
        }
        let passphrase = try PassphraseReader(context, file: arguments["--passphrase-file"])
            .existing(for: settings.key)
        let directory = VenueDirectory(
            genesis: genesis, node: try RemoteNode(settings.node, post: context.post))
        let signer = PublisherSigner(
            try PublisherDesk(
                HeldKey.read(from: settings.key, passphrase: passphrase), number: nil, directory))
        let journal = PublishJournal(statusFile: settings.statusFile)
        let isSingle = arguments.has("--once")
        let world = PublishWorld(
            now: context.now, compose: { signer.desk.request($0, at: $1) },
            note: isSingle ? { _ in } : journal.write, status: journal.keep)
        var chance = SystemRandomNumberGenerator()
        let loop: PublishLoop
        do throws(PublishLoopFault) {
            loop = try PublishLoop(
                isSingle ? plan.single : plan,
                node: WebRequest(
                    address, authorities: settings.authorities, milliseconds: milliseconds,
                    mostBytes: mostAnswer), seed: chance.next(), world: world)
        } catch {
            throw fault(error)
        }
        if isSingle { return report(loop, context) }
        journal.started(prices: plan.prices.count, feeds: plan.feeds.count)
        let stopper = loop.stop
        let signals = Thread {
            StopSignals.wait()
            stopper.stop()
        }
        signals.name = "signals"
        signals.start()
        loop.run()
        journal.stopped()
        return ExitCode.done
    }

    /// The configuration and the genesis that it names.
    private static func read(
        _ path: String
    ) throws(CommandFault) -> (PublisherSettings, PublishPlan, Genesis) {
        let bytes = try FileAccess.read(path)
        do throws(InputFault) {
            var document = try PublishDocument(
                GenesisFile(path: path, bytes: bytes), folder: FileAccess.folder(of: path)
            ) { file in
                FileManager.default.contents(atPath: file).map { [UInt8]($0) }
            }
            let settings = document.settings
            let genesis: Genesis
            do throws(CommandFault) {
                genesis = try GenesisReader.read(settings.genesis)
            } catch {
                throw InputFault(file: path, line: nil, reason: error.message)
            }
            return (settings, try document.plan(genesis), genesis)
        } catch {
            throw CommandFault(error.description, exit: ExitCode.badConfiguration)
        }
    }

    private static func fault(_ fault: PublishLoopFault) -> CommandFault {
        switch fault {
        case .noMemory:
            CommandFault("there is not enough memory", exit: ExitCode.unavailable)
        case .pipe(let pipe):
            CommandFault("\(pipe.path): \(pipe.reason)", exit: ExitCode.badInput)
        }
    }

    /// Publishes once and says what came of it.
    private static func report(_ loop: PublishLoop, _ context: CommandContext) -> Int32 {
        let isAllSent = loop.runOnce()
        let machine = loop.machine
        for (place, price) in machine.plan.prices.enumerated() {
            let verdict = machine.verdicts[place]
            if let observation = verdict.observation {
                let text = ExactDecimal.text(
                    observation.price.units, digits: ExactDecimal.priceDigits)
                let feeds = verdict.used.map { machine.plan.feeds[$0].name }
                let word = machine.sent[place] == nil ? "not sent" : "sent"
                context.write(
                    "\(price.symbol) \(text) from \(feeds.joined(separator: ", ")): \(word)\n")
            } else {
                context.write("\(price.symbol): no price\n")
            }
            for (feed, finding) in verdict.findings {
                guard let finding else { continue }
                let name = machine.plan.feeds[feed].name
                let detail = finding.detail.isEmpty ? "" : " (\(finding.detail))"
                context.write("  \(name): \(finding.name)\(detail)\n")
            }
        }
        if let reason = machine.delivery.lastReason { context.note("the node: \(reason)\n") }
        return isAllSent ? ExitCode.done : ExitCode.refused
    }
}

/// Keeps a key where closures can reach it.
private final class PublisherSigner {
    let desk: PublisherDesk

    init(_ desk: consuming PublisherDesk) { self.desk = desk }
}
