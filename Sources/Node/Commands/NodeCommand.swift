/// `rampart node` and `rampart takeover`: read the configuration from its file, the environment and
/// the flags, and hand over to the node.

/// What the commands start. The program fills it in; tests put their own in its place.
package struct NodeEntry: Sendable {
    /// Runs a node until it is told to stop; returns the exit code.
    package let run: @Sendable (NodeConfiguration) -> Int32
    /// Makes a follower's store the one that leads; returns the exit code.
    package let takeOver: @Sendable (NodeConfiguration) -> Int32

    package init(
        run: @escaping @Sendable (NodeConfiguration) -> Int32,
        takeOver: @escaping @Sendable (NodeConfiguration) -> Int32
    ) {
        self.run = run
        self.takeOver = takeOver
    }
}

/// Reads what a node runs with.
enum NodeCommand {
    static let configFlag = CommandFlag(
        "--config", "FILE", "the configuration; rampart.conf if it is there")

    static let node = CommandShape(
        "node", "Run a node",
        flags: [
            configFlag,
            CommandFlag(
                "--follow", "URL",
                "follow the node there as a hot standby, such as\n"
                    + "ws://10.0.0.1:8645"),
        ], takesSettings: true,
        details: """
            Flags go before the environment (RAMPART_API_LISTEN), and that before the file. Stop it
            with SIGTERM or Ctrl-C: it finishes its block and writes what is in memory.
            """)

    static let takeover = CommandShape(
        "takeover", "Make a follower the leader, with nothing lost that it has stored",
        flags: [configFlag], takesSettings: true,
        details: """
            For when the leader is gone. The follower must not be running. From here on the old
            leader is fenced: it stops when it meets this chain, and must follow it.
            """)

    static func run(
        _ words: [String], _ context: CommandContext, _ entry: NodeEntry
    ) throws(CommandFault) -> Int32 {
        entry.run(try read(words, shape: node, context).configuration)
    }

    static func runTakeover(
        _ words: [String], _ context: CommandContext, _ entry: NodeEntry
    ) throws(CommandFault) -> Int32 {
        entry.takeOver(try read(words, shape: takeover, context).configuration)
    }

    /// The arguments of a command that takes settings too, and the configuration that they, the
    /// environment and the file give.
    ///
    /// - Throws: `CommandFault`.
    static func read(
        _ words: [String], shape: CommandShape, _ context: CommandContext
    ) throws(CommandFault) -> (arguments: CommandArguments, configuration: NodeConfiguration) {
        // The flags say where the file is, and go before it all the same.
        var probe = ConfigurationSource()
        let rest: [String]
        do throws(ConfigurationFault) {
            rest = try probe.read(arguments: words)
        } catch {
            throw .usage(error.description)
        }
        let arguments = try CommandArguments(rest, shape: shape)
        let leader = arguments["--follow"].map { ["--\(Setting.leader.rawValue)=\($0)"] } ?? []
        let configuration = try configuration(
            file: arguments["--config"], flags: words + leader, context)
        return (arguments, configuration)
    }

    /// The configuration of a file, the environment and flags; the file of this folder if none is
    /// named, and the defaults if there is none.
    ///
    /// - Throws: `CommandFault`.
    static func configuration(
        file: String?, flags: [String] = [], _ context: CommandContext
    ) throws(CommandFault) -> NodeConfiguration {
        let standard = InitCommand.configurationName
        let path = file ?? (FileAccess.exists(standard) ? standard : nil)
        let bytes = try path.map { path throws(CommandFault) in try FileAccess.read(path) }
        do throws(ConfigurationFault) {
            var source = ConfigurationSource()
            if let path, let bytes { try source.read(file: bytes, named: path) }
            try source.read(environment: context.environment)
            _ = try source.read(arguments: flags)
            return try NodeConfiguration(source)
        } catch {
            throw CommandFault(error.description, exit: ExitCode.badConfiguration)
        }
    }
}
