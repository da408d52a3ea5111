/// `rampart query`: one call of the API, its answer printed.

import JSON

/// Calls a method with `name=value` parameters.
enum QueryCommand {
    static let shape = CommandShape(
        "query", "Call a method of the API and print its answer", operands: ["METHOD"],
        rest: "[NAME=VALUE]…",
        flags: RemoteFlags.all,
        details: """
            A value that reads as JSON is sent so (numbers, true, false, lists, objects); anything
            else as a text. Quote a number to send it as a text: 'label="7"'.

              rampart query public/get_instruments currency=USDC kind=option
              rampart query public/ticker instrument_name=BTC_USDC-PERPETUAL
              RAMPART_TOKEN=… rampart query private/get_positions currency=USDC

            Exit codes: 0 answered · 1 the method answered with an error · 69 no node there
            """)

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let node = try RemoteFlags.node(arguments, context)
        let method = arguments.operands[0]
        var parameters: [JSON.Member] = []
        for word in arguments.operands.dropFirst() {
            let parameter = try QueryCommand.parameter(word)
            guard !parameters.contains(where: { $0.name == parameter.name }) else {
                throw .usage("'\(parameter.name)' is given twice")
            }
            parameters.append(parameter)
        }
        switch try node.call(method, parameters) {
        case .result(let value):
            context.write(value.indentedText + "\n")
            return ExitCode.done
        case .error(let code, let message, let data):
            throw CommandFault(
                RemoteNode.text(method, code: code, message: message, data: data),
                exit: ExitCode.refused)
        }
    }

    /// One `name=value`.
    static func parameter(_ word: String) throws(CommandFault) -> JSON.Member {
        guard let sign = word.firstIndex(of: "="), sign > word.startIndex else {
            throw .usage("'\(word)' is not NAME=VALUE")
        }
        let text = String(word[word.index(after: sign)...])
        return JSON.Member(String(word[..<sign]), value(text))
    }

    private static func value(_ text: String) -> JSON.Value {
        do throws(JSONFault) {
            return try JSONParser().parse(Array(text.utf8))
        } catch {
            return .string(text)
        }
    }
}

/// The flags of commands that talk to a node.
enum RemoteFlags {
    static let all = [
        CommandFlag(
            "--node", "URL",
            "the node, else RAMPART_NODE, else the profile, else\n"
                + RemoteNode.standardAddress),
        CommandFlag(
            "--authorities", "FILE", "PEM file of who may sign the node's certificate, for https"),
    ]

    /// The variable with an access token of `public/auth`, for private methods: not a flag, since
    /// every user of the machine can read command lines.
    static let tokenVariable = "RAMPART_TOKEN"

    /// The node that the flags name.
    static func node(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> RemoteNode {
        let profile = try Profile(context)
        return try RemoteNode(
            profile.text(.node, arguments)?.text ?? RemoteNode.standardAddress,
            authorities: profile.text(.authorities, arguments)?.text,
            token: context.environment[tokenVariable], post: context.post)
    }
}
