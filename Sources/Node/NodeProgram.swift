/// `rampart node`: a node as a program of its own, from its configuration to its exit code.

import Canonical
import Custody
import Documents
import Foundation
import Gateway
import Ledger
import Replication

/// Runs a node until it is told to stop.
package enum NodeProgram {
    /// What `rampart node` and `rampart takeover` start.
    package static let entry = NodeEntry(run: run, takeOver: takeOver)

    /// - Returns: the exit code.
    static func run(_ configuration: NodeConfiguration) -> Int32 {
        let log: Log
        do throws(CommandFault) {
            log = try Log(configuration)
        } catch {
            Log(least: configuration.logLevel, format: configuration.logFormat)
                .write(.error, "stopped", ["reason": error.message])
            return error.exit
        }
        do throws(CommandFault) {
            try run(configuration, log)
            log.write(.info, "stopped")
            return ExitCode.done
        } catch {
            log.write(.error, "stopped", ["reason": error.message])
            return error.exit
        }
    }

    private static func run(
        _ configuration: NodeConfiguration, _ log: Log
    ) throws(CommandFault) {
        let genesis = try genesis(configuration)
        let credentials = try credentials(configuration)
        let secret = try configuration.followToken.map { file throws(CommandFault) in
            try LinkSecret(file: file)
        }
        warn(configuration, log)
        let running = RunningNode(log: log)
        running.listen()
        do throws(NodeFault) {
            var configuration = configuration
            var state = try NodeState.open(configuration, genesis) { progress in
                Supervisor.process.starting("\(progress.stage) \(progress.done)")
                log.write(
                    .info, "starting",
                    [
                        "stage": "\(progress.stage)", "done": "\(progress.done)",
                        "of": "\(progress.total)",
                    ])
            }
            let door = OperatorDoor.open(state.store, log)
            defer { door?.close() }
            if let leader = configuration.leaderEndpoint, let secret {
                let follower = try FollowerNode(
                    configuration, leader: leader, secret: secret, state: state, log: log)
                running.set(.follower(follower))
                Supervisor.process.ready("standing by")
                log.write(
                    .info, "standing by",
                    [
                        "address": "\(configuration.listen.host):\(follower.port)",
                        "leader": configuration.leader ?? "",
                    ])
                guard case .takenOver(let taken, let port) = try follower.run() else { return }
                state = taken
                configuration.listen.port = port
                log.write(.info, "leading", ["term": "\(try state.term)"])
            }
            let node = try Node(
                configuration, state: state, secret: secret, credentials: credentials, log: log)
            node.start()
            running.set(.leader(node))
            Supervisor.process.ready("serving on port \(node.port)")
            log.write(
                .info, "serving", ["address": "\(configuration.listen.host):\(node.port)"])
            try node.wait()
        } catch {
            throw CommandFault(error.description, exit: error.exit)
        }
    }

    private static func warn(_ configuration: NodeConfiguration, _ log: Log) {
        guard !configuration.listen.isLoopback, configuration.certificate == nil else { return }
        log.write(
            .warning, "no TLS",
            [
                "address": configuration.listen.text,
                "risk": "passwords and orders cross the network in the clear; "
                    + "set api.tls.certificate, or put a proxy in front",
            ])
    }

    private static func genesis(
        _ configuration: NodeConfiguration
    ) throws(CommandFault) -> Genesis {
        let path = configuration.genesis
        let bytes = try FileAccess.read(path)
        let genesis: Genesis
        do throws(InputFault) {
            genesis = try GenesisDocument.genesis(GenesisFile(path: path, bytes: bytes))
        } catch {
            throw CommandFault(error.description, exit: ExitCode.badConfiguration)
        }
        if let fault = laboratoryFault(genesis) {
            throw CommandFault("\(path): \(fault)", exit: ExitCode.badConfiguration)
        }
        return genesis
    }

    /// Why a genesis is for laboratories only; nil where a venue may run on it.
    static func laboratoryFault(_ genesis: Genesis) -> String? {
        let off = genesis.safeguards.off.members
        guard !off.isEmpty else { return nil }
        let names = off.map { "\($0)" }.joined(separator: ", ")
        return "'defencesOff' switches off \(names), which only 'rampart-lab' may run without; "
            + "take the field out of a new chain's genesis"
    }

    /// The vault of the configuration; an empty one where it names none, or one that is not made
    /// yet.
    private static func credentials(
        _ configuration: NodeConfiguration
    ) throws(CommandFault) -> CredentialVault {
        guard let path = configuration.credentials, FileAccess.exists(path) else {
            return CredentialVault()
        }
        var context = CommandContext()
        context.environment = ProcessInfo.processInfo.environment
        let reader = PassphraseReader(context, file: configuration.passphraseFile)
        return try CredentialsFile.open(path, try reader.existing(for: path))
    }

    /// Raises the term of a store that no node has open, so that who starts on it leads and nothing
    /// of an older term is taken by it any more.
    ///
    /// - Returns: the exit code.
    static func takeOver(_ configuration: NodeConfiguration) -> Int32 {
        let log = Log(least: configuration.logLevel, format: configuration.logFormat)
        do throws(CommandFault) {
            let chain = try ChainStore(configuration, CommandContext())
            let (term, height) = try ChainStore.guarded { () throws(StorageFault) in
                let store = try chain.open()
                let term = try store.term + 1
                try store.raiseTerm(to: term)
                let height = store.chainTip.height
                try store.close()
                return (term, height)
            }
            log.write(
                .info, "taken over",
                [
                    "term": "\(term)", "height": "\(height)",
                    "next": configuration.leader == nil
                        ? "start it with 'rampart node'"
                        : "take follow.leader out of its configuration and start it with "
                            + "'rampart node'",
                ])
            return ExitCode.done
        } catch {
            log.write(.error, "not taken over", ["reason": error.message])
            return error.exit
        }
    }
}
