/// The script for fish: a line for each command, flag and place.

/// Writes the script.
struct FishCompletion {
    let model: CompletionModel

    init(_ model: CompletionModel) { self.model = model }

    var text: String {
        let lines = firstWords + model.commands.flatMap(lines)
        return """
            # Completion of rampart for fish: rampart completion fish

            function __rampart_markets
                timeout 1 rampart markets --names 2>/dev/null
            end

            # The words before the cursor that are no flags, the program left out.
            function __rampart_words
                set -l all (commandline -opc)
                string match -v -- '-*' $all[2..-1]
            end

            function __rampart_first
                test (count (__rampart_words)) -eq 0
            end

            function __rampart_in
                set -l given (__rampart_words)
                test (count $given) -ge (count $argv); or return 1
                test "$given[1..(count $argv)]" = "$argv"
            end

            complete -c rampart -f
            \(lines.joined(separator: "\n"))

            """
    }

    private var firstWords: [String] {
        model.firstWords.map { word in
            let summary =
                model.groups.first { $0.word == word }?.seconds.joined(separator: ", ")
                ?? model.commands.first { $0.words[0] == word }?.summary ?? ""
            return "complete -c rampart -n __rampart_first -a \(word) -d '\(quoted(summary))'"
        }
            + model.groups.flatMap { group in
                group.seconds.map { second in
                    let condition =
                        "__rampart_in \(group.word); and test (count "
                        + "(__rampart_words)) -eq 1"
                    return "complete -c rampart -n '\(condition)' -a \(second)"
                }
            }
    }

    private func lines(_ command: CompletionCommandShape) -> [String] {
        let condition = "-n '__rampart_in \(command.name)'"
        let flags = command.flags.map { flag in
            let name = String(flag.name.dropFirst(2))
            let start = "complete -c rampart \(condition) -l \(name)"
            let end = " -d '\(quoted(flag.meaning))'"
            guard let value = flag.value else { return start + end }
            return start + value.fishOptions + end
        }
        let operands = command.operands.filter { $0 != .anything }.map { kind in
            "complete -c rampart \(condition)" + kind.fishPlace
        }
        return flags + operands
    }

    private func quoted(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    }
}

extension CompletionKind {
    /// Behind a flag.
    fileprivate var fishOptions: String {
        switch self {
        case .anything: " -x"
        case .files: " -r -F"
        case .folders: " -x -a '(__fish_complete_directories)'"
        case .instruments: " -x -a '(__rampart_markets)'"
        case .words(let words): " -x -a '\(words.joined(separator: " "))'"
        }
    }

    /// In a place of its own.
    fileprivate var fishPlace: String {
        switch self {
        case .files: " -F"
        case .folders: " -a '(__fish_complete_directories)'"
        case .instruments: " -a '(__rampart_markets)'"
        case .words(let words): " -a '\(words.joined(separator: " "))'"
        case .anything: ""
        }
    }
}
