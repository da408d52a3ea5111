/// `rampart doctor`: looks at everything that a node needs before it starts, and says what is
/// missing or wrong and what to do. It changes nothing.

import Ledger

/// Checks the configuration, its files and the machine.
enum DoctorCommand {
    static let shape = CommandShape(
        "doctor", "Check the configuration, its files and this machine",
        flags: [NodeCommand.configFlag, KeysCommand.passphraseFlag],
        details: """
            Prints a line for each check: ok, warning or problem, with what to do. Nothing is
            changed. A passphrase is never asked for; without one sealed files are not opened.

            Exit codes: 0 no problem · 1 a problem
            """)

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        var doctor = Doctor(context, passphraseFile: arguments["--passphrase-file"])
        doctor.examine(file: arguments["--config"])
        context.write(doctor.report.text)
        return doctor.report.count(.problem) == 0 ? ExitCode.done : ExitCode.refused
    }
}

/// One examination.
struct Doctor {
    let context: CommandContext
    /// Of `--passphrase-file`.
    let passphraseFile: String?
    var report = DoctorReport()

    init(_ context: CommandContext, passphraseFile: String?) {
        self.context = context
        self.passphraseFile = passphraseFile
    }

    /// Runs every check that can be run.
    mutating func examine(file: String?) {
        let subject = "configuration"
        do throws(CommandFault) {
            let configuration = try NodeCommand.configuration(file: file, context)
            let standard = InitCommand.configurationName
            let path = file ?? (FileAccess.exists(standard) ? standard : nil)
            if let path {
                report.ok(subject, "\(path) is valid")
            } else {
                report.warn(
                    subject, "there is no \(standard) here, so the defaults count",
                    "name one with --config, or make one with 'rampart init FOLDER'")
            }
            let genesis = examineGenesis(configuration)
            examineClock(genesis)
            examineData(configuration)
            examineStore(configuration, genesis)
            examineSecrets(configuration)
            examineCertificate(configuration)
            examineListening(configuration)
            examineOpenFiles(configuration)
        } catch {
            report.blame(
                subject, error.message,
                "'rampart help node' lists all settings; or make one with 'rampart init FOLDER'")
        }
        examineProcessor()
    }
}
