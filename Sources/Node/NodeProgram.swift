/// `rampart node`: a node as a program of its own, from its configuration to its exit code.

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
        let log = Log(least: configuration.logLevel, format: configuration.logFormat)
        do throws(CommandFault) {
            let genesis = try genesis(configuration)
            let credentials = try credentials(configuration)
            let node: Node
            do throws(NodeFault) {
                node = try Node(
                    configuration, genesis: genesis, credentials: credentials, log: log
                ) { progress in
                    log.write(
                        .info, "starting",
                        [
                            "stage": "\(progress.stage)", "done": "\(progress.done)",
                            "of": "\(progress.total)",
                        ])
                }
            } catch {
                throw CommandFault(error.description, exit: ExitCode.unavailable)
            }
            try serve(node, configuration, log)
            return ExitCode.done
        } catch {
            log.write(.error, "stopped", ["reason": error.message])
            return error.exit
        }
    }

    private static func serve(
        _ node: Node, _ configuration: NodeConfiguration, _ log: Log
    ) throws(CommandFault) {
        if !configuration.listen.isLoopback, configuration.certificate == nil {
            log.write(
                .warning, "no TLS",
                [
                    "address": configuration.listen.text,
                    "risk": "passwords and orders cross the network in the clear; "
                        + "set api.tls.certificate, or put a proxy in front",
                ])
        }
        node.start()
        log.write(
            .info, "serving", ["address": "\(configuration.listen.host):\(node.port)"])
        let stopping = Thread {
            StopSignals.wait()
            log.write(.info, "stopping")
            node.stop()
        }
        stopping.start()
        do throws(NodeFault) {
            try node.wait()
        } catch {
            throw CommandFault(error.description, exit: ExitCode.cannotWrite)
        }
        log.write(.info, "stopped")
    }

    private static func genesis(
        _ configuration: NodeConfiguration
    ) throws(CommandFault) -> Genesis {
        let path = configuration.genesis
        let bytes = try FileAccess.read(path)
        do throws(InputFault) {
            return try GenesisDocument.genesis(GenesisFile(path: path, bytes: bytes))
        } catch {
            throw CommandFault(error.description, exit: ExitCode.badConfiguration)
        }
    }

    /// The vault of the configuration; an empty one where it names none, or one that is not made yet.
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

    static func takeOver(_ configuration: NodeConfiguration) -> Int32 { ExitCode.unavailable }
}
