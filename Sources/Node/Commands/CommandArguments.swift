/// Arguments read by the shape of their command: nothing unknown, nothing twice, nothing missing.

/// The arguments of one command.
struct CommandArguments: Equatable {
    /// By the shape's operands, then the rest.
    private(set) var operands: [String] = []
    private var values: [(name: String, value: String)] = []

    static func == (left: CommandArguments, right: CommandArguments) -> Bool {
        left.operands == right.operands
            && left.values.elementsEqual(right.values) { $0 == $1 }
    }

    /// The value of a flag; nil where it is not given.
    subscript(name: String) -> String? { values.first { $0.name == name }?.value }

    /// Whether a flag is given.
    func has(_ name: String) -> Bool { self[name] != nil }

    /// Reads what stands after the command's name. `--` ends the flags.
    ///
    /// - Throws: `CommandFault` for a flag that is unknown, given twice or without its value, and
    ///   for a word too few or too many.
    init(_ arguments: [String], shape: CommandShape) throws(CommandFault) {
        var rest = arguments[...]
        var areFlagsOver = false
        while let argument = rest.popFirst() {
            if argument == "--", !areFlagsOver {
                areFlagsOver = true
            } else if argument.hasPrefix("--"), !areFlagsOver {
                try take(flag: argument, &rest, shape)
            } else {
                operands.append(argument)
            }
        }
        guard operands.count >= shape.operands.count else {
            throw .usage(
                "\(shape.name) needs \(shape.operands[operands.count]): \(shape.synopsis)")
        }
        if shape.rest == nil, operands.count > shape.operands.count {
            throw .usage(
                "'\(operands[shape.operands.count])' is one word too many: \(shape.synopsis)")
        }
    }

    private mutating func take(
        flag argument: String, _ rest: inout ArraySlice<String>, _ shape: CommandShape
    ) throws(CommandFault) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        guard let flag = shape.flags.first(where: { $0.name == name }) else {
            let known =
                shape.flags.map(\.name)
                + (shape.takesSettings ? Setting.allCases.map { "--\($0.rawValue)" } : [])
            // All settings would be a page; the help has them.
            let near = NearestWord.among(known, to: name).map { [$0] }
            throw .usage(
                "\(shape.name) has no flag '\(name)'"
                    + NearestWord.hint(near ?? shape.flags.map(\.name), for: name))
        }
        guard !has(name) else { throw .usage("\(name) is given twice; it may be given once") }
        guard let wanted = flag.value else {
            guard parts.count == 1 else { throw .usage("\(name) takes no value") }
            values.append((name, ""))
            return
        }
        let value: String
        if parts.count == 2 {
            value = String(parts[1])
        } else {
            guard let next = rest.first, !next.hasPrefix("--") else {
                throw .usage("\(name) needs a value: \(wanted)")
            }
            value = next
            rest.removeFirst()
        }
        guard !value.isEmpty else { throw .usage("\(name) needs a value: \(wanted)") }
        values.append((name, value))
    }

    /// The value of a flag as a whole number.
    ///
    /// - Throws: `CommandFault` where it is none, or out of range.
    func number(
        _ name: String, in range: ClosedRange<UInt64>
    ) throws(CommandFault) -> UInt64? {
        guard let text = self[name] else { return nil }
        return try CommandArguments.number(text, named: name, in: range)
    }

    /// A text as a whole number; `UInt64(_:)` alone would also take "+1".
    ///
    /// - Throws: `CommandFault` where it is none, or out of range.
    static func number(
        _ text: String, named name: String, in range: ClosedRange<UInt64>
    ) throws(CommandFault) -> UInt64 {
        let isNumber = text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        guard isNumber, let number = UInt64(text), range.contains(number) else {
            throw .usage(
                "\(name) is '\(text)', not a whole number from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return number
    }
}
