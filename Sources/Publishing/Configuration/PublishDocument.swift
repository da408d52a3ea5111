/// The configuration of a publisher: JSON with comments, decimals exact, no field unknown. The
/// fields and their defaults are in `docs/publish.md`.

import Canonical
import Catalogue
package import Documents
import FixedPoint
package import Ledger
import Oracle

/// What the file says about the publisher itself. Paths are as they stand in the file.
package struct PublisherSettings: Equatable, Sendable {
    /// The node's address, such as `http://127.0.0.1:8645`.
    package var node: String
    /// The PEM file of those that may sign the node's certificate; nil is the system's.
    package var authorities: String?
    package var genesis: String
    /// The sealed key.
    package var key: String
    package var statusFile: String?
}

/// Reads configurations.
package struct PublishDocument {
    /// What can be read without the genesis that it names.
    package let settings: PublisherSettings
    let file: String
    /// The folder that relative paths begin in.
    let folder: String
    private let root: JSONFields
    /// Reads a file that the configuration names; nil where it cannot be read.
    let read: (String) -> [UInt8]?
    var feeds: [FeedPlan] = []

    /// - Parameter read: reads a file by its path.
    /// - Throws: `InputFault` with the line of the first fault.
    package init(
        _ source: GenesisFile, folder: String, read: @escaping (String) -> [UInt8]?
    ) throws(InputFault) {
        file = source.path
        self.folder = folder
        self.read = read
        let node: JSONNode
        do throws(JSONFault) {
            node = try JSONDocument.root(of: source.bytes)
        } catch {
            throw InputFault(file: source.path, line: error.line, reason: error.reason)
        }
        let fields = try JSONFields(
            node, name: "the configuration", file: source.path,
            known: [
                "node", "authorities", "genesis", "key", "statusFile", "periodSeconds",
                "patienceSeconds", "moveBasisPoints", "prices",
            ])
        root = fields
        func path(_ name: String) throws(InputFault) -> String? {
            fields.has(name) ? PublishDocument.path(try fields.text(name), in: folder) : nil
        }
        settings = PublisherSettings(
            node: try fields.text("node"), authorities: try path("authorities"),
            genesis: PublishDocument.path(try fields.text("genesis"), in: folder),
            key: PublishDocument.path(try fields.text("key"), in: folder),
            statusFile: try path("statusFile"))
    }

    /// A path of the file, from where the program runs.
    static func path(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") || folder == "." ? path : "\(folder)/\(path)"
    }

    /// A span in nanoseconds, of at most a day.
    static func span(
        _ fields: JSONFields, _ key: String, least: Int64 = 0
    ) throws(InputFault) -> UInt64 {
        let nanoseconds = try fields.decimal(key, digits: secondDigits)
        guard (least...day).contains(nanoseconds) else {
            throw fields.fault(key, "is not between \(least > 0 ? "0.05" : "0") and 86400 seconds")
        }
        return UInt64(nanoseconds)
    }

    private static let secondDigits = 9
    private static let day: Int64 = 86_400_000_000_000
    /// A period shorter than that floods venues and the node.
    static let leastPeriod: Int64 = 50_000_000

    /// The plan for a chain.
    ///
    /// - Throws: `InputFault` with the line of the first fault.
    package mutating func plan(_ genesis: Genesis) throws(InputFault) -> PublishPlan {
        feeds = []
        let period = try PublishDocument.span(
            root, "periodSeconds", least: PublishDocument.leastPeriod)
        let patience =
            root.has("patienceSeconds")
            ? try PublishDocument.span(root, "patienceSeconds") : period / 2
        guard patience <= period else {
            throw root.fault("patienceSeconds", "is longer than the period")
        }
        let move = try root.whole("moveBasisPoints", in: 1...10_000)
        var prices: [PricePlan] = []
        for (place, node) in try root.list("prices").enumerated() {
            let price = try price(node, place, genesis, period: period)
            guard !prices.contains(where: { $0.underlying == price.underlying }) else {
                throw InputFault(
                    file: file, line: node.line,
                    reason: "'\(price.symbol)' stands twice: a publisher speaks for one source of "
                        + "each underlying")
            }
            prices.append(price)
        }
        guard !prices.isEmpty else { throw root.fault("prices", "is empty") }
        return PublishPlan(
            period: period, patience: patience, moveBasisPoints: move,
            prices: prices.sorted { $0.underlying < $1.underlying }, feeds: feeds)
    }

    private mutating func price(
        _ node: JSONNode, _ place: Int, _ genesis: Genesis, period: UInt64
    ) throws(InputFault) -> PricePlan {
        let fields = try JSONFields(
            node, name: "price \(place + 1)", file: file,
            known: [
                "underlying", "source", "choice", "leastFeeds", "mostJump", "jumpHoldSeconds",
                "mostApart", "feeds", "witnesses",
            ])
        let symbol = try fields.symbol("underlying")
        guard
            let underlying = genesis.catalogue.underlyings.firstIndex(where: {
                $0.symbol == symbol
            })
        else { throw fields.fault("underlying", "is '\(symbol.text)', which the genesis lacks") }
        let source = try fields.symbol("source")
        let sources = genesis.safeguards.sources
        guard let named = sources.firstIndex(where: { $0.name == source }) else {
            let names = sources.map(\.name.text).joined(separator: ", ")
            throw fields.fault("source", "is '\(source.text)'; the genesis has \(names)")
        }
        var price = PricePlan(
            symbol: symbol.text, underlying: UnderlyingIdentifier(UInt16(underlying)),
            source: SourceIdentifier(UInt16(named)),
            mostPrice: genesis.catalogue.underlyings[underlying].maximumIndexPrice,
            limits: try limits(fields),
            feeds: try feeds(fields, "feeds", of: symbol.text, period: period))
        guard !price.feeds.isEmpty else { throw fields.fault("feeds", "is empty") }
        if fields.has("witnesses") {
            price.witnesses = try feeds(fields, "witnesses", of: symbol.text, period: period)
        }
        if fields.has("choice") {
            let text = try fields.text("choice")
            guard let choice = PriceChoice(rawValue: text) else {
                throw fields.fault("choice", "is '\(text)', not first or median")
            }
            price.choice = choice
        }
        if fields.has("leastFeeds") {
            guard price.choice == .median else {
                throw fields.fault("leastFeeds", "belongs to the choice 'median'")
            }
            price.leastFeeds = Int(
                try fields.whole("leastFeeds", in: 1...Int64(price.feeds.count)))
        }
        return price
    }

    private func limits(_ fields: JSONFields) throws(InputFault) -> PriceLimits {
        var limits = PriceLimits()
        if fields.has("mostJump") { limits.mostJump = try share(fields, "mostJump") }
        if fields.has("mostApart") { limits.mostApart = try share(fields, "mostApart") }
        if fields.has("jumpHoldSeconds") {
            limits.jumpHold = try PublishDocument.span(fields, "jumpHoldSeconds")
        }
        return limits
    }

    /// A share in `0.0001 ... 1`, in 10⁻⁹.
    private func share(_ fields: JSONFields, _ key: String) throws(InputFault) -> Int64 {
        let share = try fields.decimal(key, digits: 9)
        guard (100_000...1_000_000_000).contains(share) else {
            throw fields.fault(key, "is not between 0.0001 and 1")
        }
        return share
    }
}
