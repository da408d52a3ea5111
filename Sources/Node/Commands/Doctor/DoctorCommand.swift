/// `rampart doctor`: looks at everything that a node needs, before it starts and while it runs, and
/// says what is missing or wrong, why that matters and what to do. It changes nothing.

import Ledger

/// Checks the configuration, its files, the machine and the node that runs on it.
enum DoctorCommand {
    static let shape = CommandShape(
        "doctor", "Check the configuration, its files, this machine and its node",
        flags: [
            NodeCommand.configFlag,
            CommandFlag("--json", nil, "the findings for programs"),
            CommandFlag(
                "--explain", "NAME",
                "say what a check asks, why, and what to do; all for\nall of them"),
            KeysCommand.passphraseFlag,
        ],
        details: """
            Prints a line for each check: ok, warning or problem, with what to do and why it
            matters. Nothing is changed, but for a file of a few pages that is written to the data
            folder to measure the disk, and taken away. A passphrase is never asked for; without one
            sealed files are not opened. A node that runs here is asked for its figures.

            Exit codes: 0 no problem · 1 a problem
            """)

    /// The word that stands for every check.
    private static let everyCheck = "all"

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        if let name = arguments["--explain"] {
            context.write(try explanation(of: name))
            return ExitCode.done
        }
        var doctor = Doctor(context, passphraseFile: arguments["--passphrase-file"])
        doctor.examine(file: arguments["--config"])
        let report = doctor.report
        context.write(arguments.has("--json") ? report.json.indentedText + "\n" : report.text)
        return report.count(.problem) == 0 ? ExitCode.done : ExitCode.refused
    }

    private static func explanation(of name: String) throws(CommandFault) -> String {
        if name == everyCheck {
            return DoctorCheck.allCases.map(\.explanation).joined(separator: "\n")
        }
        // "tls-key" is easier to type than a word with a space.
        if let check = DoctorCheck.allCases.first(where: {
            $0.rawValue == name || $0.rawValue.replacing(" ", with: "-") == name
        }) {
            return check.explanation
        }
        let names = DoctorCheck.allCases.map(\.rawValue) + [everyCheck]
        throw .usage("doctor has no check '\(name)'" + NearestWord.hint(names, for: name))
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
        do throws(CommandFault) {
            let configuration = try NodeCommand.configuration(file: file, context)
            let standard = InitCommand.configurationName
            let path = file ?? (FileAccess.exists(standard) ? standard : nil)
            if let path {
                report.ok(.configuration, "\(path) is valid")
            } else {
                report.warn(
                    .configuration, "there is no \(standard) here, so the defaults count",
                    "name one with --config, or make one with 'rampart init FOLDER'")
            }
            let genesis = examineGenesis(configuration)
            examineClock(genesis)
            examineTime()
            examineData(configuration)
            examineDisk(configuration)
            examineStore(configuration, genesis)
            examineHistory(configuration)
            examineBackups(configuration, genesis)
            examineSecrets(configuration)
            examineCertificate(configuration)
            examineListening(configuration)
            examineOpenFiles(configuration)
            examineFiles(configuration)
        } catch {
            report.blame(
                .configuration, error.message,
                "'rampart help node' lists all settings; or make one with 'rampart init FOLDER'")
        }
        examineSwap()
        examineProcessor()
    }
}
