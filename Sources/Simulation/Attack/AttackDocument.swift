/// Reads a scenario file (docs/scenarios.md): JSON with comments, decimals exact, nothing unknown.
/// Every refusal names the file, the line and the field.

import Canonical
package import Documents
import FixedPoint

extension AttackScenario {
    /// What a file states.
    ///
    /// - Throws: `InputFault` with the line of the first fault.
    package static func read(_ source: GenesisFile) throws(InputFault) -> AttackScenario {
        let node: JSONNode
        do throws(JSONFault) {
            node = try JSONDocument.root(of: source.bytes)
        } catch {
            throw InputFault(file: source.path, line: error.line, reason: error.reason)
        }
        var document = try AttackDocument(node, file: source.path)
        return try document.scenario()
    }
}

/// A scenario file on its way into an `AttackScenario`.
struct AttackDocument {
    /// Two days, and the longest step between blocks, in seconds.
    static let longest: Int64 = 172_800
    private static let longestStep: Int64 = 600
    private static let mostFacts = 2_000
    private static let known = [
        "title", "facts", "start", "seconds", "blockSeconds", "compartments", "markets", "sources",
        "prices", "accounts", "makers", "orders", "cancels", "deposits", "withdrawals",
        "transfers", "faults", "without", "genesis", "genesisWithout", "expect",
    ]

    let file: String
    let root: JSONFields
    let length: Int64
    var compartments: [AttackCompartment] = []
    var underlyings: [String] = []
    var markets: [AttackMarket] = []
    var sources: [AttackSource] = []
    var paths: [AttackPath] = []
    var accounts: [AttackAccount] = []
    var owners: [String] = []
    var actions: [AttackAction] = []

    init(_ node: JSONNode, file: String) throws(InputFault) {
        self.file = file
        root = try JSONFields(
            node, name: "the scenario", file: file, known: AttackDocument.known)
        length = try root.whole("seconds", in: 1...AttackDocument.longest)
    }

    mutating func scenario() throws(InputFault) -> AttackScenario {
        try readCompartments()
        try readMarkets()
        try readSources()
        try readPrices()
        try readAccounts()
        let makers = try readMakers()
        try readActions()
        let without = try readDefences()
        let expectations = try readExpectations()
        return AttackScenario(
            file: file, name: AttackLibrary.name(ofFile: file),
            title: try line("title"), facts: try root.text("facts"), start: try start(),
            length: length,
            blockStep: try root.whole("blockSeconds", in: 1...AttackDocument.longestStep),
            markets: markets, underlyings: underlyings, compartments: compartments,
            sources: sources, paths: paths, accounts: accounts, makers: makers, actions: actions,
            faults: try readFaults(), without: without, expectations: expectations,
            genesis: try overrides("genesis"), genesisWithout: try overrides("genesisWithout"),
            marketsLine: try root.value("markets").line)
    }

    // MARK: Small things

    /// A text of one line.
    private func line(_ key: String) throws(InputFault) -> String {
        let text = try root.text(key)
        guard !text.isEmpty, !text.contains(where: \.isNewline) else {
            throw root.fault(key, "is empty or more than one line")
        }
        return text
    }

    private func start() throws(InputFault) -> UInt64 {
        let text = try root.text("start")
        let bytes = Array(text.utf8)
        guard let time = TimeText.nanoseconds(bytes, bytes.indices), time % TimeText.second == 0
        else {
            throw root.fault(
                "start", "is '\(text)', not a whole second such as 2022-10-11T22:00:00Z")
        }
        return time
    }

    private func overrides(_ key: String) throws(InputFault) -> JSONNode? {
        guard root.has(key) else { return nil }
        let node = try root.value(key)
        guard case .object = node.content else {
            throw root.fault(key, "is \(node.kind), not an object")
        }
        return node
    }

    private func readDefences() throws(InputFault) -> DefenceSet {
        var defences = DefenceSet()
        for node in try root.list("without") {
            guard case .text(let name) = node.content,
                let defence = AttackLibrary.defence(named: name)
            else {
                throw root.fault(
                    "without", at: node,
                    "names a defence that is none of " + AttackLibrary.defenceNames)
            }
            guard !defences.contains(defence) else {
                throw root.fault("without", at: node, "names '\(name)' twice")
            }
            defences.insert(defence)
        }
        return defences
    }

    // MARK: What all parts share

    /// The entries of a list that may be left out.
    func entries(_ key: String) throws(InputFault) -> [JSONNode] {
        root.has(key) ? try root.list(key) : []
    }

    /// The place of a name that a field gives, among those that the file defines.
    func place(
        _ key: String, of fields: JSONFields, among names: [String]
    ) throws(InputFault) -> Int {
        let name = try fields.text(key)
        guard let place = names.firstIndex(of: name) else {
            throw fields.fault(
                key, "is '\(name)', not one of \(names.joined(separator: ", "))")
        }
        return place
    }

    /// A value of a kind, by its name.
    func choice<Kind: CaseIterable & RawRepresentable>(
        _ key: String, of fields: JSONFields, otherwise: Kind
    ) throws(InputFault) -> Kind where Kind.RawValue == String {
        guard fields.has(key) else { return otherwise }
        let name = try fields.text(key)
        guard let kind = Kind(rawValue: name) else {
            throw fields.fault(
                key,
                "is '\(name)', not one of "
                    + Kind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return kind
    }

    /// A decimal above zero.
    func positive(
        _ key: String, of fields: JSONFields, digits: Int
    ) throws(InputFault) -> Int64 {
        let value = try fields.decimal(key, digits: digits)
        guard value > 0 else { throw fields.fault(key, "is not positive") }
        return value
    }

    /// An amount that is not negative; zero where it is left out.
    func amount(_ key: String, of fields: JSONFields) throws(InputFault) -> Amount {
        guard fields.has(key) else { return .zero }
        let amount = try fields.amount(key)
        guard !amount.isNegative else { throw fields.fault(key, "is negative") }
        return amount
    }

    /// Seconds from the start, up to the end.
    func second(
        _ key: String, of fields: JSONFields, otherwise: Int64? = nil
    ) throws(InputFault) -> Int64 {
        if let otherwise, !fields.has(key) { return otherwise }
        return try fields.whole(key, in: 0...length)
    }

    /// From when to when something lasts; all the time where that is left out.
    func span(of fields: JSONFields) throws(InputFault) -> (from: Int64, to: Int64) {
        let from = try second("from", of: fields, otherwise: 0)
        let to = try second("to", of: fields, otherwise: length + 1)
        guard to > from else { throw fields.fault("to", "is not later than 'from'") }
        return (from, to)
    }

    func flag(_ key: String, of fields: JSONFields) throws(InputFault) -> Bool {
        guard fields.has(key) else { return false }
        guard case .boolean(let flag) = try fields.value(key).content else {
            throw fields.fault(key, "is not true or false")
        }
        return flag
    }

    /// That a name is a symbol and new.
    func newName(
        _ key: String, of fields: JSONFields, among earlier: [String]
    ) throws(InputFault) -> String {
        let name = try fields.symbol(key).text
        guard !earlier.contains(name) else { throw fields.fault(key, "is '\(name)' a second time") }
        return name
    }
}
