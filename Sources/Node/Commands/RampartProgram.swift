/// The `rampart` program: finds the command that is asked for, reads its arguments by its shape and
/// runs it. Faults go to standard error with what to do next, and decide the exit code.

/// Runs one command line.
package enum RampartProgram {
    /// Raised with every release.
    package static let version = "0.5"

    /// A command and what runs it.
    struct Entry {
        let shape: CommandShape
        let run: (CommandArguments, CommandContext) throws(CommandFault) -> Int32
    }

    /// Runs the arguments after the program's name; returns the exit code.
    ///
    /// - Parameter node: what `rampart node` and `rampart takeover` start.
    package static func run(
        arguments: [String], environment: [String: String], node: NodeEntry
    ) -> Int32 {
        var context = CommandContext()
        context.environment = environment
        context.screen = { Screen.current(environment) }
        // What runs until it is told to stop takes the signals itself.
        if !isLasting(arguments) { StopSignals.release() }
        return run(arguments, context, node)
    }

    private static func isLasting(_ arguments: [String]) -> Bool {
        let lasting = [
            NodeCommand.node, NodeCommand.takeover, PublishCommand.shape, BookCommand.shape,
        ]
        return shape(of: arguments).map(lasting.contains) ?? false
    }

    static func run(
        _ arguments: [String], _ context: CommandContext, _ node: NodeEntry
    ) -> Int32 {
        do throws(CommandFault) {
            return try command(arguments, context, node)
        } catch {
            var text = "rampart: \(error.message)\n"
            if error.exit == ExitCode.usage {
                let name = shape(of: arguments)?.name
                text += "See: rampart help\(name.map { " " + $0 } ?? "")\n"
            }
            context.note(text)
            return error.exit
        }
    }

    private static func command(
        _ arguments: [String], _ context: CommandContext, _ node: NodeEntry
    ) throws(CommandFault) -> Int32 {
        guard let first = arguments.first else {
            throw .usage("no command given; the first is usually 'rampart init FOLDER'")
        }
        if ["help", "--help", "-h"].contains(first) {
            context.write(try help(Array(arguments.dropFirst())))
            return ExitCode.done
        }
        if ["version", "--version"].contains(first) {
            context.write("rampart \(version)\n")
            return ExitCode.done
        }
        guard let shape = shape(of: arguments) else { throw unknown(arguments) }
        let words = Array(arguments.dropFirst(shape.name.split(separator: " ").count))
        if words.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
            context.write(shape.help)
            return ExitCode.done
        }
        switch shape {
        case NodeCommand.node: return try NodeCommand.run(words, context, node)
        case NodeCommand.takeover: return try NodeCommand.runTakeover(words, context, node)
        case ExportCommand.shape: return try ExportCommand.run(words, context)
        case ImportCommand.shape: return try ImportCommand.run(words, context)
        case VerifyCommand.shape: return try VerifyCommand.run(words, context)
        case CertificateCommand.shape: return try CertificateCommand.run(words, context)
        default: break
        }
        guard let entry = entries.first(where: { $0.shape == shape }) else {
            throw unknown(arguments)
        }
        return try entry.run(try CommandArguments(words, shape: shape), context)
    }

    /// The command that arguments begin with; names of two words go before those of one.
    static func shape(of arguments: [String]) -> CommandShape? {
        let two = arguments.prefix(2).joined(separator: " ")
        return shapes.first { $0.name == two } ?? shapes.first { $0.name == arguments.first }
    }

    private static func unknown(_ arguments: [String]) -> CommandFault {
        let first = arguments.first ?? ""
        // Of a group, such as 'keys', the second word is what is wrong.
        let group = shapes.map(\.name).filter { $0.hasPrefix(first + " ") }
        if !group.isEmpty {
            let known = group.map { String($0.dropFirst(first.count + 1)) }
            guard arguments.count > 1, let word = arguments.dropFirst().first else {
                return .usage("'\(first)' needs one of " + known.joined(separator: ", "))
            }
            return .usage(
                "unknown command '\(first) \(word)'" + NearestWord.hint(known, for: word))
        }
        let words = shapes.map { String($0.name.prefix { $0 != " " }) } + ["help", "version"]
        return .usage("unknown command '\(first)'" + NearestWord.hint(unique(words), for: first))
    }

    private static func unique(_ words: [String]) -> [String] {
        words.enumerated().filter { !words[..<$0.offset].contains($0.element) }.map(\.element)
    }

    private static func help(_ words: [String]) throws(CommandFault) -> String {
        guard !words.isEmpty else { return overview }
        if words == ["--markdown"] { return CommandReference.text(shapes) }
        if let shape = shape(of: words) { return shape.help }
        let group = shapes.filter { $0.name.hasPrefix(words[0] + " ") }
        guard group.isEmpty else { return group.map(\.help).joined(separator: "\n") }
        throw unknown(words)
    }

    private static var overview: String {
        let width = (shapes.map(\.name.count).max() ?? 0) + 2
        let lines = shapes.map { "  \($0.name.padded(to: width))\($0.summary)\n" }.joined()
        return """
            Rampart clears derivatives: matching, margin, liquidation and custody in one engine.

            Usage: rampart COMMAND …

            \(lines)  \("help".padded(to: width))This text; 'rampart help COMMAND' explains one
              \("version".padded(to: width))The version of this program

            To run a venue: rampart init harbour, then what it says.

            \(Profile.details)

            Exit codes: 0 done · 1 the answer is no · 2 wrong usage · 65 a file is malformed ·
            66 a file cannot be read · 69 no node there · 74 a file cannot be written ·
            76 no Rampart node · 77 no permission, or a wrong passphrase · 78 the configuration
            is refused

            """
    }

    /// Every command, in the order of the help.
    static let shapes: [CommandShape] =
        [
            InitCommand.shape, DoctorCommand.shape, NodeCommand.node, NodeCommand.takeover,
            KeysCommand.new, KeysCommand.show, CredentialsCommand.new, CredentialsCommand.list,
            CredentialsCommand.revoke, MarketsCommand.shape, BookCommand.shape,
            OrderCommand.shape, CancelCommand.shape, WithdrawCommand.shape, AccountCommand.shape,
            PositionsCommand.shape, OrdersCommand.shape, TradesCommand.shape, SendCommand.shape,
            PublishCommand.shape, QueryCommand.shape, ExportCommand.shape, ImportCommand.shape,
            ProofCommand.shape, VerifyCommand.shape, ProofCommand.verify,
            VerifyMarginCallCommand.shape, CertificateCommand.shape, CompletionCommand.shape,
        ]

    /// Those whose arguments hold no settings.
    private static var entries: [Entry] {
        [
            Entry(shape: InitCommand.shape, run: InitCommand.run),
            Entry(shape: DoctorCommand.shape, run: DoctorCommand.run),
            Entry(shape: KeysCommand.new, run: KeysCommand.runNew),
            Entry(shape: KeysCommand.show, run: KeysCommand.runShow),
            Entry(shape: CredentialsCommand.new, run: CredentialsCommand.runNew),
            Entry(shape: CredentialsCommand.list, run: CredentialsCommand.runList),
            Entry(shape: CredentialsCommand.revoke, run: CredentialsCommand.runRevoke),
            Entry(shape: SendCommand.shape, run: SendCommand.run),
            Entry(shape: PublishCommand.shape, run: PublishCommand.run),
            Entry(shape: QueryCommand.shape, run: QueryCommand.run),
            Entry(shape: VerifyMarginCallCommand.shape, run: VerifyMarginCallCommand.run),
            Entry(shape: MarketsCommand.shape, run: MarketsCommand.run),
            Entry(shape: BookCommand.shape, run: BookCommand.run),
            Entry(shape: OrderCommand.shape, run: OrderCommand.run),
            Entry(shape: CancelCommand.shape, run: CancelCommand.run),
            Entry(shape: WithdrawCommand.shape, run: WithdrawCommand.run),
            Entry(shape: AccountCommand.shape, run: AccountCommand.run),
            Entry(shape: PositionsCommand.shape, run: PositionsCommand.run),
            Entry(shape: OrdersCommand.shape, run: OrdersCommand.run),
            Entry(shape: TradesCommand.shape, run: TradesCommand.run),
            Entry(shape: ProofCommand.shape, run: ProofCommand.run),
            Entry(shape: ProofCommand.verify, run: ProofCommand.runVerify),
            Entry(shape: CompletionCommand.shape, run: CompletionCommand.run),
        ]
    }
}
