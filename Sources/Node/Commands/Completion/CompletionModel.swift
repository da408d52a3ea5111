/// What can stand where on a command line, read from the shapes of the commands, so that a script
/// for a shell can never know another program than this one.

/// What stands in one place.
enum CompletionKind: Equatable {
    case anything, files, folders, instruments
    case words([String])

    /// By the name that the help gives the value: `FILE`, `INSTRUMENT`, `buy|sell`.
    init(_ placeholder: String) {
        let first = placeholder.split(separator: " ").first.map(String.init) ?? ""
        let bare = first.filter { !"[]…".contains($0) }
        switch bare {
        case "FILE": self = .files
        case "FOLDER": self = .folders
        case "INSTRUMENT": self = .instruments
        default:
            let words = bare.split(separator: "|").map(String.init).filter { word in
                word.utf8.allSatisfy { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
            }
            self = bare.contains("|") && !words.isEmpty ? .words(words) : .anything
        }
    }
}

/// A command as a shell needs it.
struct CompletionCommandShape: Equatable {
    /// One word, or two.
    let name: String
    let summary: String
    let flags: [Flag]
    /// What stands in each place without a flag; the last is for all that follow where it repeats.
    let operands: [CompletionKind]
    let repeatsLast: Bool

    struct Flag: Equatable {
        let name: String
        /// Nil for a switch.
        let value: CompletionKind?
        let meaning: String
    }

    init(_ shape: CommandShape) {
        name = shape.name
        summary = shape.summary
        flags =
            shape.flags.map { flag in
                Flag(
                    name: flag.name, value: flag.value.map { CompletionKind($0) },
                    meaning: flag.meaning.replacing("\n", with: " "))
            }
            + (shape.takesSettings
                ? Setting.allCases.map {
                    Flag(name: "--\($0.rawValue)", value: .anything, meaning: $0.meaning)
                } : [])
        operands =
            shape.operands.map { CompletionKind($0) }
            + (shape.rest.map { [CompletionKind($0)] } ?? [])
        repeatsLast = shape.rest?.hasSuffix("…") == true
    }

    var words: [String] { name.split(separator: " ").map(String.init) }
    var switches: [String] { flags.filter { $0.value == nil }.map(\.name) }
    var valued: [String] { flags.filter { $0.value != nil }.map(\.name) }
}

/// All commands as a shell needs them.
struct CompletionModel {
    let commands: [CompletionCommandShape]

    init(_ shapes: [CommandShape]) { commands = shapes.map { CompletionCommandShape($0) } }

    /// What may stand first.
    var firstWords: [String] {
        var words: [String] = []
        for word in commands.map({ $0.words[0] }) + ["help", "version"] where !words.contains(word)
        {
            words.append(word)
        }
        return words
    }

    /// First words behind which a second names the command.
    var groups: [(word: String, seconds: [String])] {
        firstWords.compactMap { word in
            let seconds = commands.filter { $0.words.count == 2 && $0.words[0] == word }
                .map { $0.words[1] }
            return seconds.isEmpty ? nil : (word, seconds)
        }
    }

    /// Commands of two words and such of one that share their first word cannot both be told by it.
    func command(named name: String) -> CompletionCommandShape? {
        commands.first { $0.name == name }
    }
}

extension CompletionModel {
    /// The cases of a `case` statement of bash or zsh that complete values of flags.
    ///
    /// - Parameter action: what a shell runs for a kind.
    func values(_ action: (CompletionKind) -> String) -> String {
        commands.flatMap { command in
            command.flags.compactMap { flag in
                flag.value.map { "    '\(command.name) \(flag.name)') \(action($0)); return ;;" }
            }
        }.joined(separator: "\n")
    }

    /// The same for operands, by their place.
    func operands(_ action: (CompletionKind) -> String) -> String {
        commands.flatMap { command in
            command.operands.enumerated().compactMap { place, kind -> String? in
                guard kind != .anything else { return nil }
                let isLast = command.repeatsLast && place == command.operands.count - 1
                let pattern =
                    isLast && place == 0
                    ? "'\(command.name) '*" : "'\(command.name) \(place)'"
                return "    \(pattern)) \(action(kind)) ;;"
            }
        }.joined(separator: "\n")
    }
}
