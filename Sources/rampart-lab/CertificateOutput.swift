/// `replay --certificates`: the certificates of a replay's margin calls as files, with the headers
/// and the genesis that `rampart verify margin-call` checks them with.

import Ledger
import Node

/// Writes the certificates of a replay.
final class CertificateOutput {
    private let path: String
    private var log: CertificateLog
    private var count = 0
    private var fault: CommandFault?

    init(_ path: String) {
        self.path = path
        log = CertificateLog(path)
    }

    /// Takes a block that has been applied.
    func take(_ block: Block, _ outcome: BlockOutcome, _ ledger: Ledger) {
        guard fault == nil else { return }
        do throws(CommandFault) {
            count += try log.add(block, outcome, of: ledger)
        } catch {
            fault = error
        }
    }

    /// What came of it, in a line.
    ///
    /// - Throws: where a file could not be written.
    func finish() throws(LabFault) -> String {
        if let fault { throw LabFault(message: fault.message, exit: fault.exit) }
        return "\(count) certificates of margin calls are in \(path)"
    }
}
