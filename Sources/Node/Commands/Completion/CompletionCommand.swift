/// `rampart completion`: a script that teaches a shell the commands, flags, files and markets.

/// Writes completion scripts.
enum CompletionCommand {
    static let shape = CommandShape(
        "completion", "Write a script that completes commands in your shell",
        operands: ["bash|zsh|fish"],
        details: """
            Names of markets are asked of the node (--node, RAMPART_NODE or the profile), for a
            second at most; where none answers, nothing is offered for them.

              rampart completion bash > ~/.local/share/bash-completion/completions/rampart
              rampart completion zsh > ~/.zfunc/_rampart     # a folder of $fpath, before compinit
              rampart completion fish > ~/.config/fish/completions/rampart.fish
            """)

    private static let shells = ["bash", "zsh", "fish"]

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let model = CompletionModel(RampartProgram.shapes)
        switch arguments.operands[0] {
        case "bash": context.write(BashCompletion(model).text)
        case "zsh": context.write(ZshCompletion(model).text)
        case "fish": context.write(FishCompletion(model).text)
        case let word:
            throw .usage(
                "there is no script for '\(word)'" + NearestWord.hint(shells, for: word))
        }
        return ExitCode.done
    }
}
