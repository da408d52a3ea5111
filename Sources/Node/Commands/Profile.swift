/// What a user would otherwise write on every command line: the node, the key, the account. A flag
/// goes before the environment, that before the profile, a file of `key = value` lines.

import Canonical

/// Something that a command line may leave out.
enum ProfileKey: String, CaseIterable {
    case node, key, account, agent, authorities
    case passphraseFile = "passphrase-file"

    var flag: String { "--\(rawValue)" }
    /// The variable of the environment.
    var variable: String { "RAMPART_\(rawValue.uppercased().replacing("-", with: "_"))" }
}

/// The defaults of one user.
struct Profile {
    /// A value and where it stands, for messages.
    struct Entry: Equatable {
        let text: String
        let source: String
    }

    private var entries: [ProfileKey: Entry] = [:]

    /// What `rampart help` says of it.
    static let details = """
        --node, --key, --account, --agent, --authorities and --passphrase-file may be left out
        where RAMPART_NODE, RAMPART_KEY, … or the profile say them: ~/.config/rampart/profile,
        lines of 'key = value' such as 'account = 0'; what stands behind # is a comment.
        """

    /// The same for the reference.
    static let markdown = """
        `--node`, `--key`, `--account`, `--agent`, `--authorities` and `--passphrase-file` may be
        left out where `RAMPART_NODE`, `RAMPART_KEY`, … or the profile `~/.config/rampart/profile`
        say them: lines such as `account = 0`. A flag goes before the environment, that before the
        profile. Colours go away with `NO_COLOR`; `COLUMNS` narrows tables in a pipe.
        """

    /// Where the profile lies; nil where the environment names no home.
    static func path(_ environment: [String: String]) -> String? {
        if let folder = environment["XDG_CONFIG_HOME"], !folder.isEmpty {
            return FileAccess.path("rampart/profile", in: folder)
        }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        return FileAccess.path(".config/rampart/profile", in: home)
    }

    /// - Throws: `CommandFault` for a profile that cannot be read.
    init(_ context: CommandContext) throws(CommandFault) {
        if let path = Profile.path(context.environment), FileAccess.exists(path) {
            try read(path)
        }
        for key in ProfileKey.allCases {
            guard let text = context.environment[key.variable] else { continue }
            guard !text.isEmpty else {
                throw .usage("\(key.variable) is empty; give it a value, or unset it")
            }
            entries[key] = Entry(text: text, source: key.variable)
        }
    }

    private mutating func read(_ path: String) throws(CommandFault) {
        let text = String(decoding: try FileAccess.read(path), as: UTF8.self)
        var seen: [ProfileKey] = []
        for (place, line) in text.split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        ).enumerated() {
            let content = Profile.trimmed(line.prefix { $0 != "#" })
            guard !content.isEmpty else { continue }
            let position = "\(path):\(place + 1)"
            let parts = content.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = Profile.trimmed(parts[0])
            let value = parts.count == 2 ? Profile.trimmed(parts[1]) : ""
            guard let key = ProfileKey(rawValue: name) else {
                throw Profile.fault(
                    position,
                    "'\(name)' is nothing that a profile says"
                        + NearestWord.hint(ProfileKey.allCases.map(\.rawValue), for: name))
            }
            guard !value.isEmpty else {
                throw Profile.fault(position, "\(name) has no value; write '\(name) = VALUE'")
            }
            guard !seen.contains(key) else {
                throw Profile.fault(position, "\(name) stands twice; take one line away")
            }
            seen.append(key)
            entries[key] = Entry(text: value, source: position)
        }
    }

    private static func fault(_ place: String, _ message: String) -> CommandFault {
        CommandFault("\(place): \(message)", exit: ExitCode.badConfiguration)
    }

    private static func trimmed<Text: StringProtocol>(_ text: Text) -> String {
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
        let rest = text.drop(while: isBlank)
        return String(
            rest.prefix(
                upTo: rest.lastIndex { !isBlank($0) }.map(rest.index(after:))
                    ?? rest.startIndex))
    }

    /// The flag's value, or what stands in its place.
    func text(_ key: ProfileKey, _ arguments: CommandArguments) -> Entry? {
        arguments[key.flag].map { Entry(text: $0, source: key.flag) } ?? entries[key]
    }

    /// The file with the passphrase; nil where the environment has the passphrase itself, or the
    /// terminal is to be asked.
    func passphraseFile(_ arguments: CommandArguments, _ context: CommandContext) -> String? {
        arguments[ProfileKey.passphraseFile.flag]
            ?? (context.environment[PassphraseReader.variable] == nil
                ? text(.passphraseFile, arguments)?.text : nil)
    }

    /// The account that a command is about.
    ///
    /// - Throws: `CommandFault` where none is named, or by no number.
    func account(_ arguments: CommandArguments) throws(CommandFault) -> AccountIdentifier {
        guard let entry = text(.account, arguments) else {
            throw .usage(
                "--account is missing: the number that 'open-account' has given the account; or "
                    + "set RAMPART_ACCOUNT, or write 'account = N' in the profile")
        }
        return AccountIdentifier(
            UInt32(
                try CommandArguments.number(
                    entry.text, named: entry.source, in: 0...UInt64(UInt32.max))))
    }
}
