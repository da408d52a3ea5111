/// Where the passphrase of sealed files comes from: a file, the environment, or the terminal. Never
/// the command line, which every user of the machine can read.

import Custody
import Foundation

/// Reads passphrases.
struct PassphraseReader {
    /// Fewer bytes can be guessed in a night. Ours.
    static let leastBytes = 8
    static let variable = "RAMPART_PASSPHRASE"

    private let context: CommandContext
    /// The file of `--passphrase-file` or the configuration.
    private let file: String?

    init(_ context: CommandContext, file: String?) {
        self.context = context
        self.file = file
    }

    /// Whether one can be had without asking.
    var isSet: Bool { file != nil || context.environment[PassphraseReader.variable] != nil }

    /// The passphrase of files that exist.
    ///
    /// - Throws: `CommandFault` where it is nowhere to be had.
    func existing(for what: String) throws(CommandFault) -> Secret {
        if var bytes = try unasked() { return Secret(taking: &bytes) }
        guard var bytes = context.ask("Passphrase of \(what): ") else { throw nowhere }
        return Secret(taking: &bytes)
    }

    /// A passphrase for files that are being made; a terminal is asked twice.
    ///
    /// - Throws: `CommandFault` where it is nowhere to be had, too short, or not the same twice.
    func new(for what: String) throws(CommandFault) -> Secret {
        if var bytes = try unasked() { return try accepted(&bytes) }
        guard var bytes = context.ask("New passphrase for \(what): "),
            var again = context.ask("The same again: ")
        else { throw nowhere }
        let repeated = Secret(taking: &again)
        let passphrase = try accepted(&bytes)
        guard passphrase.isEqual(to: repeated) else {
            throw CommandFault(
                "the two passphrases differ; nothing was written", exit: ExitCode.badInput)
        }
        return passphrase
    }

    private func accepted(_ bytes: inout [UInt8]) throws(CommandFault) -> Secret {
        let secret = Secret(taking: &bytes)
        guard secret.count >= PassphraseReader.leastBytes else {
            throw CommandFault(
                "the passphrase has fewer than \(PassphraseReader.leastBytes) characters; take "
                    + "several words", exit: ExitCode.badInput)
        }
        return secret
    }

    /// From the file, else from the environment; the line's end is not part of it.
    private func unasked() throws(CommandFault) -> [UInt8]? {
        guard let file else {
            return context.environment[PassphraseReader.variable].map { Array($0.utf8) }
        }
        var bytes = try FileAccess.read(file)
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
            bytes.removeLast()
        }
        guard !bytes.isEmpty else {
            throw CommandFault("\(file): the passphrase is empty", exit: ExitCode.badInput)
        }
        return bytes
    }

    private var nowhere: CommandFault {
        CommandFault(
            "no passphrase: there is no terminal to ask, so set \(PassphraseReader.variable) or "
                + "name a file with --passphrase-file", exit: ExitCode.usage)
    }
}
