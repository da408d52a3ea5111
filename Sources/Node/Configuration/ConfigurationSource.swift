/// Where settings come from: the file, then the environment, then the flags; the later wins. Every
/// fault names the place of the value.

/// A value and where it was set.
struct SettingValue: Equatable {
    let text: String
    /// Such as `rampart.conf: line 3`, or `--api.listen`.
    let place: String
}

/// Why a configuration is refused.
package struct ConfigurationFault: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// The settings as texts.
package struct ConfigurationSource {
    private var values: [Setting: SettingValue] = [:]

    package init() {}

    func value(_ setting: Setting) -> SettingValue {
        values[setting] ?? SettingValue(text: setting.standard, place: "the default")
    }

    /// Puts another default in the place of a setting's own.
    package mutating func set(_ setting: Setting, _ value: String) {
        values[setting] = SettingValue(text: value, place: "the default")
    }

    /// Reads a file of lines `name = value`; `#` starts a comment.
    ///
    /// - Throws: `ConfigurationFault` with the line of the first fault.
    package mutating func read(
        file bytes: [UInt8], named path: String
    ) throws(ConfigurationFault) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationFault("\(path): the file is not UTF-8")
        }
        var seen: [Setting: Int] = [:]
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let place = "\(path): line \(index + 1)"
            let body = line.prefix { $0 != "#" }.trimmed
            guard !body.isEmpty else { continue }
            guard let sign = body.firstIndex(of: "=") else {
                throw ConfigurationFault("\(place): '\(body)' is not 'name = value'")
            }
            let name = body[..<sign].trimmed
            guard let setting = Setting(rawValue: String(name)) else {
                throw ConfigurationFault("\(place): " + ConfigurationSource.unknown(name))
            }
            if let earlier = seen[setting] {
                throw ConfigurationFault("\(place): '\(name)' stands on line \(earlier) already")
            }
            seen[setting] = index + 1
            let value = body[body.index(after: sign)...].trimmed
            values[setting] = SettingValue(text: String(value), place: place)
        }
    }

    /// Takes what the environment sets.
    ///
    /// - Throws: `ConfigurationFault` where a variable of ours names no setting.
    package mutating func read(environment: [String: String]) throws(ConfigurationFault) {
        for setting in Setting.allCases {
            guard let text = environment[setting.environmentName] else { continue }
            values[setting] = SettingValue(text: text, place: setting.environmentName)
        }
    }

    /// Takes `--name value` and `--name=value` out of arguments; what is none of ours stays.
    ///
    /// - Throws: `ConfigurationFault` where a value is missing.
    package mutating func read(
        arguments: [String]
    ) throws(ConfigurationFault) -> [String] {
        var rest: [String] = []
        var place = 0
        while place < arguments.count {
            let argument = arguments[place]
            place += 1
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1)
            guard argument.hasPrefix("--"), let name = parts.first,
                let setting = Setting(rawValue: String(name))
            else {
                rest.append(argument)
                continue
            }
            if parts.count == 2 {
                values[setting] = SettingValue(text: String(parts[1]), place: "--\(name)")
            } else {
                guard place < arguments.count else {
                    throw ConfigurationFault("--\(name) needs a value")
                }
                values[setting] = SettingValue(text: arguments[place], place: "--\(name)")
                place += 1
            }
        }
        return rest
    }

    private static func unknown(_ name: Substring) -> String {
        let last = name.split(separator: ".").last ?? name
        let near = Setting.allCases.map(\.rawValue).filter { $0.contains(last) }
        let hint =
            near.isEmpty ? "see 'rampart help'" : "did you mean " + near.joined(separator: ", ")
        return "'\(name)' is no setting; \(hint)"
    }
}

extension Substring {
    /// Without spaces at both ends.
    var trimmed: Substring {
        var text = self
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}
