/// `rampart proof` and `rampart verify proof`: a leaf of the state with its Merkle proof, fetched,
/// checked, kept in a file and checked again elsewhere, without any node.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import JSON
import Ledger
import Markets

/// Fetches and checks proofs.
enum ProofCommand {
    static let shape = CommandShape(
        "proof", "Fetch a leaf of the state and check its proof",
        operands: ["account|keys|order|instrument|underlying|compartment|price|chain"],
        rest: "[NUMBER]",
        flags: [
            CommandFlag("--save", "FILE", "keep it, for 'rampart verify proof FILE'")
        ] + TrustedRoot.flags + [ShowFlags.json] + RemoteFlags.all,
        details: """
            The proof is checked here: it says what the state holds under the root that the node
            states. That the root is the chain's is for you to compare: with --root, with --headers
            (the headers of a block as the node writes them beside certificates), or with what
            another node says of the same block.

              rampart proof account 0
              rampart proof order 17 --save order.json

            Exit codes: 0 proven · 1 it does not convince, or there is no such leaf · 69 no node
            """)

    static let verify = CommandShape(
        "verify proof", "Check a proof that was saved, without a node", operands: ["FILE"],
        flags: TrustedRoot.flags + [ShowFlags.json],
        details: """
            FILE is what 'rampart proof … --save FILE' wrote. Without --root or --headers only the
            way from the leaf to the root that the file itself states is checked.

            Exit codes: 0 proven · 1 it does not convince · 65 a file is malformed
            """)

    private static let method = "public/get_leaf"
    private static let kinds = [
        "account", "keys", "order", "instrument", "underlying", "compartment", "price", "chain",
    ]

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let node = try RemoteFlags.node(arguments, context)
        let key = try key(arguments.operands, node)
        let trusted = try TrustedRoot.read(arguments)
        let text = HexText.text(key.canonicalBytes)
        let answer: JSON.Value
        switch try node.call(method, [JSON.Member("key", .string(text))]) {
        case .result(let value): answer = value
        case .error("13020", _, _):
            throw CommandFault(
                "the state has no leaf of \(key.words); an order that is filled or cancelled has "
                    + "none any more, and absence has no proof here", exit: ExitCode.refused)
        case .error(let code, let message, let data):
            throw CommandFault(
                RemoteNode.text(method, code: code, message: message, data: data),
                exit: ExitCode.refused)
        }
        let leaf = try LeafProof(answer, from: "the node's answer")
        guard leaf.key == key else {
            throw CommandFault(
                "asked for \(key.words), the node answers with \(leaf.key.words); ask another node",
                exit: ExitCode.refused)
        }
        let report = try check(leaf, answer, "the node's answer", trusted)
        if let path = arguments["--save"] {
            try FileAccess.write(Array((answer.indentedText + "\n").utf8), to: path)
            context.note("saved in \(path)\n")
        }
        write(report, arguments, context)
        return ExitCode.done
    }

    static func runVerify(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let path = arguments.operands[0]
        let trusted = try TrustedRoot.read(arguments)
        let bytes = try FileAccess.read(path)
        let json: JSON.Value
        do throws(JSONFault) {
            json = try JSONParser(JSONParser.Limits(bytes: 1 << 24)).parse(bytes)
        } catch {
            throw CommandFault(
                "\(path): is no JSON (\(error)); take the file that 'rampart proof … --save FILE' "
                    + "writes", exit: ExitCode.badInput)
        }
        let leaf = try LeafProof(json, from: path)
        write(try check(leaf, json, path, trusted), arguments, context)
        return ExitCode.done
    }

    /// The name of the leaf that words mean.
    private static func key(
        _ words: [String], _ node: RemoteNode
    ) throws(CommandFault) -> LeafKey {
        let kind = words[0]
        guard kinds.contains(kind) else {
            throw .usage("unknown leaf '\(kind)'" + NearestWord.hint(kinds, for: kind))
        }
        guard words.count <= (kind == "chain" ? 1 : 2) else {
            throw .usage("'\(words[words.count - 1])' is one word too many: \(shape.synopsis)")
        }
        if kind == "chain" { return .chain }
        guard words.count == 2 else {
            throw .usage("proof \(kind) needs NUMBER, such as 'rampart proof \(kind) 0'")
        }
        if kind == "instrument", words[1].utf8.contains(where: { $0 > UInt8(ascii: "9") }) {
            let found = try VenueDirectory(genesis: nil, node: node).instrument(words[1])
            return .instrument(found.identifier)
        }
        func number(_ most: UInt64) throws(CommandFault) -> UInt64 {
            try CommandArguments.number(words[1], named: "NUMBER", in: 0...most)
        }
        switch kind {
        case "account": return .account(AccountIdentifier(UInt32(try number(UInt64(UInt32.max)))))
        case "keys": return .keys(AccountIdentifier(UInt32(try number(UInt64(UInt32.max)))))
        case "order": return .order(OrderIdentifier(try number(UInt64.max)))
        case "instrument":
            return .instrument(InstrumentIdentifier(UInt16(try number(UInt64(UInt16.max)))))
        case "underlying":
            return .underlying(UnderlyingIdentifier(UInt16(try number(UInt64(UInt16.max)))))
        case "compartment":
            return .compartment(CompartmentIdentifier(UInt16(try number(UInt64(UInt16.max)))))
        default: return .price(UnderlyingIdentifier(UInt16(try number(UInt64(UInt16.max)))))
        }
    }

    /// What a proof that convinces says.
    private struct Report {
        let leaf: LeafProof
        let height: UInt64
        let root: Digest
        let isAnchored: Bool
        let content: [(name: String, value: String)]
    }

    private static func check(
        _ leaf: LeafProof, _ json: JSON.Value, _ source: String, _ trusted: TrustedRoot?
    ) throws(CommandFault) -> Report {
        let (height, root) = try LeafProof.statement(json, from: source)
        try leaf.verify(root: root)
        try trusted?.check(root, height: height)
        return Report(
            leaf: leaf, height: height, root: root, isAnchored: trusted != nil,
            content: try content(leaf))
    }

    /// What is in leaves that people ask for.
    private static func content(
        _ leaf: LeafProof
    ) throws(CommandFault) -> [(name: String, value: String)] {
        switch leaf.key {
        case .account:
            let account: Account = try leaf.decoded()
            var lines = [
                ("owner", account.owner.text),
                ("cash", FigureText.exact(Int128(account.cash.units), digits: 6)),
            ]
            lines += account.positions.map {
                ("position", "instrument \($0.instrument.number), \($0.quantity.lots) lots")
            }
            return lines
        case .keys:
            let keys: AccountKeys = try leaf.decoded()
            return [("master", keys.master.text)]
                + keys.agents.compactMap { slot in
                    slot.grant.map { ("agent \(slot.number)", "\($0.key.text) \($0.scope)") }
                }
        case .order:
            let order: Order = try leaf.decoded()
            return [
                ("account", "\(order.account.number)"),
                ("instrument", "\(order.instrument.number)"),
                ("side", order.side == .buy ? "buy" : "sell"),
                ("remaining", "\(order.remaining.lots) lots"),
                ("limit", "\(order.price.ticks) ticks"),
            ]
        default: return []
        }
    }

    private static func write(
        _ report: Report, _ arguments: CommandArguments, _ context: CommandContext
    ) {
        let root = HexText.text(report.root.storage.bytes)
        if arguments.has("--json") {
            let members = [
                JSON.Member("proven", .boolean(true)),
                JSON.Member("leaf", .string(report.leaf.key.words)),
                JSON.Member("key", .string(HexText.text(report.leaf.key.canonicalBytes))),
                JSON.Member("value", .string(HexText.text(report.leaf.value))),
                JSON.Member("height", .number(JSON.Number(Int128(report.height), decimals: 0))),
                JSON.Member("root", .string(root)),
                JSON.Member("root_is_trusted", .boolean(report.isAnchored)),
                JSON.Member("steps", .number(JSON.Number(Int64(report.leaf.path.count)))),
            ]
            context.write(JSON.Value.object(members).indentedText + "\n")
            return
        }
        let screen = context.screen()
        var lines = [
            ("block", "\(report.height)"), ("root", root),
            ("leaf", "\(report.leaf.value.count) bytes, \(report.leaf.path.count) steps below"),
        ]
        lines += report.content
        let width = lines.map(\.0.count).max() ?? 0
        var text = "\(report.leaf.key.words): " + screen.painted("proven", .good) + "\n"
        for (name, value) in lines { text += "  \(name.padded(to: width + 2))\(value)\n" }
        context.write(text)
        context.note(
            report.isAnchored
                ? "the root is the one that you trust\n"
                : "the root is stated with the proof; compare it with --root or --headers\n")
    }
}
