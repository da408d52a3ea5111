/// The genesis file: JSON, decimals exact, every field required and none unknown. `rampart-lab
/// genesis` prints one to start from. `openingAuctionSeconds` is how long every market collects
/// orders before it opens at one price, from 0 (at once) to a day.

import Canonical
import Catalogue
import FixedPoint
package import Ledger
import Liquidation
import Oracle
import Risk

/// Reads genesis files.
package struct GenesisDocument {
    let file: String
    let root: JSONFields
    var compartments: [Compartment] = []
    var underlyings: [Underlying] = []
    private var oracles: [OracleParameters] = []
    private var margins: [MarginParameters] = []
    var instruments: [Instrument] = []
    var perpetuals: [PerpetualParameters] = []
    private var rules: [ListingRule] = []
    /// The lines of the entries, for faults that only the whole can show.
    private var lines: [CatalogueFault.List: [Int]] = [:]

    /// The genesis that a file states.
    ///
    /// - Throws: `InputFault` with the line of the first fault.
    package static func genesis(_ source: GenesisFile) throws(InputFault) -> Genesis {
        let root: JSONNode
        do throws(JSONFault) {
            root = try JSONDocument.root(of: source.bytes)
        } catch {
            throw InputFault(file: source.path, line: error.line, reason: error.reason)
        }
        return try genesis(root, file: source.path)
    }

    /// The genesis that a JSON value states, however it was put together.
    ///
    /// - Throws: as above.
    package static func genesis(_ root: JSONNode, file: String) throws(InputFault) -> Genesis {
        var document = try GenesisDocument(root, file: file)
        return try document.read()
    }

    private init(_ node: JSONNode, file: String) throws(InputFault) {
        self.file = file
        root = try JSONFields(
            node, name: "the genesis", file: file,
            known: [
                "name", "time", "pricingStepSeconds", "orderLimit", "openingAuctionSeconds",
                "custodian", "operator", "publishers", "compartments", "feeTiers", "underlyings",
                "instruments", "listings", "liquidation", "safeguards",
            ])
    }

    private mutating func read() throws(InputFault) -> Genesis {
        let publishers = try readPublishers()
        for (place, node) in try root.list("compartments").enumerated() {
            lines[.compartments, default: []].append(node.line)
            compartments.append(try compartment(node, place))
        }
        for (place, node) in try root.list("underlyings").enumerated() {
            lines[.underlyings, default: []].append(node.line)
            try readUnderlying(node, place)
        }
        for (place, node) in try root.list("instruments").enumerated() {
            lines[.instruments, default: []].append(node.line)
            try readInstrument(node, place)
        }
        for (place, node) in try root.list("listings").enumerated() {
            lines[.listingRules, default: []].append(node.line)
            rules.append(try listingRule(node, place))
        }
        let catalogue = try catalogue(feeTiers: try readFeeTiers())
        do {
            return try Genesis(
                name: try root.symbol("name"),
                time: Timestamp(
                    nanoseconds: UInt64(try root.whole("time", in: 0...4_102_444_800))
                        * TimeText.second),
                custodian: try root.key("custodian"), operator: try root.key("operator"),
                publishers: publishers, catalogue: catalogue, oracles: oracles, margins: margins,
                perpetuals: perpetuals, liquidation: try readLiquidation(),
                pricingStep: try root.seconds("pricingStepSeconds"),
                orderLimit: UInt16(try root.whole("orderLimit", in: 0...65_535)),
                openingAuction: try root.seconds("openingAuctionSeconds"),
                safeguards: try readSafeguards())
        } catch let fault as GenesisFault {
            throw located(fault)
        } catch let fault as InputFault {
            throw fault
        } catch {
            throw InputFault(file: file, line: root.node.line, reason: "\(error)")
        }
    }

    private func located(_ fault: GenesisFault) -> InputFault {
        let list: CatalogueFault.List? =
            switch fault.part {
            case .oracles, .margins: .underlyings
            case .instruments: .instruments
            default: nil
            }
        let entries = list.flatMap { lines[$0] } ?? []
        let line = fault.index < entries.count ? entries[fault.index] : root.node.line
        let place = fault.part == .liquidation || fault.part == .chain ? "" : " \(fault.index + 1)"
        return InputFault(
            file: file, line: line,
            reason: "'\(fault.field)' of \(fault.part.rawValue)\(place) is out of range")
    }

    private func catalogue(feeTiers: [FeeTier]) throws(InputFault) -> Catalogue {
        do {
            return try Catalogue(
                compartments: compartments, underlyings: underlyings, instruments: instruments,
                feeTiers: feeTiers, listingRules: rules)
        } catch {
            let entries = lines[error.list] ?? []
            throw InputFault(
                file: file,
                line: error.index < entries.count ? entries[error.index] : root.node.line,
                reason: "'\(error.field.rawValue)' of \(error.list.rawValue) "
                    + "\(error.index + 1): \(error.reason.rawValue)")
        }
    }

    private func readPublishers() throws(InputFault) -> [Publisher] {
        var publishers: [Publisher] = []
        for (place, node) in try root.list("publishers").enumerated() {
            let fields = try JSONFields(
                node, name: "publisher \(place + 1)", file: file, known: ["kind", "key", "weight"])
            let kind = fields.has("kind") ? try publisherKind(fields) : .signer
            let weight = UInt32(try fields.whole("weight", in: 1...1_000_000))
            if kind != .signer, fields.has("key") {
                throw fields.fault("key", "is of a signer only; others attest its prices")
            }
            publishers.append(
                kind == .signer
                    ? Publisher(key: try fields.key("key"), weight: weight)
                    : .pulled(kind, weight: weight))
        }
        return publishers
    }

    private mutating func readFeeTiers() throws(InputFault) -> [FeeTier] {
        var tiers: [FeeTier] = []
        for (place, node) in try root.list("feeTiers").enumerated() {
            lines[.feeTiers, default: []].append(node.line)
            let fields = try JSONFields(
                node, name: "fee tier \(place + 1)", file: file, known: ["maker", "taker"])
            tiers.append(
                FeeTier(maker: try fields.ratio("maker"), taker: try fields.ratio("taker")))
        }
        return tiers
    }

    private func compartment(_ node: JSONNode, _ place: Int) throws(InputFault) -> Compartment {
        let fields = try JSONFields(
            node, name: "compartment \(place + 1)", file: file,
            known: [
                "symbol", "asset", "vaultLimit", "insuranceShare", "insuranceTarget",
                "insuranceDailyShare", "insuranceAccountShare", "debtLimit", "debtShare",
                "debtInterest",
            ])
        return Compartment(
            symbol: try fields.symbol("symbol"), asset: try fields.symbol("asset"),
            vaultLimit: try fields.amount("vaultLimit"),
            insuranceShare: try fields.ratio("insuranceShare"),
            insuranceTarget: try fields.amount("insuranceTarget"),
            insuranceDailyShare: try fields.ratio("insuranceDailyShare"),
            insuranceAccountShare: try fields.ratio("insuranceAccountShare"),
            debt: DebtTerms(
                accountLimit: try fields.amount("debtLimit"),
                vaultShare: try fields.ratio("debtShare"),
                interest: try fields.ratio("debtInterest")))
    }

    private mutating func readUnderlying(_ node: JSONNode, _ place: Int) throws(InputFault) {
        let name = "underlying \(place + 1)"
        let fields = try JSONFields(
            node, name: name, file: file,
            known: [
                "symbol", "quoteCurrency", "fractionBits", "maximumIndexPrice", "listingPrice",
                "oracle", "margin",
            ])
        underlyings.append(
            Underlying(
                symbol: try fields.symbol("symbol"),
                quoteCurrency: try fields.symbol("quoteCurrency"),
                fractionBits: try fields.whole("fractionBits", in: 0...Bounds.fractionBits),
                maximumIndexPrice: try fields.indexPrice("maximumIndexPrice"),
                listingPrice: try fields.indexPrice("listingPrice")))
        let oracle = try JSONFields(
            try fields.value("oracle"), name: "the oracle of \(name)", file: file,
            known: [
                "quorum", "liquidationAgeSeconds", "reduceOnlyAgeSeconds", "haltAgeSeconds",
                "stableHourlyMove", "referenceVolatility", "future", "option", "settlement",
                "aggregation",
            ])
        let reference =
            oracle.has("referenceVolatility")
            ? try oracle.ratio("referenceVolatility")
            : SurfaceParameters.standard.referenceVolatility
        oracles.append(
            OracleParameters(
                quorum: try oracle.ratio("quorum"),
                liquidationAge: try oracle.seconds("liquidationAgeSeconds"),
                reduceOnlyAge: try oracle.seconds("reduceOnlyAgeSeconds"),
                haltAge: try oracle.seconds("haltAgeSeconds"),
                stableHourlyMove: try oracle.ratio("stableHourlyMove"),
                future: try model("future", of: oracle), option: try model("option", of: oracle),
                settlement: try settlement(of: oracle),
                surface: SurfaceParameters(referenceVolatility: reference),
                aggregation: try aggregation(of: oracle)))
        margins.append(
            try GenesisDocument.margin(try fields.value("margin"), of: name, file: file))
    }

    /// The place of the entry that a field names.
    func named(
        _ key: String, of fields: JSONFields, among symbols: [Symbol]
    ) throws(InputFault) -> Int {
        let symbol = try fields.symbol(key)
        guard let place = symbols.firstIndex(of: symbol) else {
            throw fields.fault(key, "names '\(symbol.text)', which the file does not define")
        }
        return place
    }

    private func readLiquidation() throws(InputFault) -> LiquidationParameters {
        let fields = try JSONFields(
            try root.value("liquidation"), name: "the liquidation", file: file,
            known: [
                "exitLevel", "auctionLevel", "firstBand", "lastBand", "bandSeconds", "fee",
                "depthShare", "optionDepthShare", "depthSeconds", "auctionSeconds",
                "firstDiscount", "lastDiscount",
            ])
        return LiquidationParameters(
            exitLevel: try fields.ratio("exitLevel"),
            auctionLevel: try fields.ratio("auctionLevel"),
            firstBand: try fields.ratio("firstBand"), lastBand: try fields.ratio("lastBand"),
            bandTime: try fields.seconds("bandSeconds"), fee: try fields.ratio("fee"),
            depthShare: try fields.ratio("depthShare"),
            optionDepthShare: try fields.ratio("optionDepthShare"),
            depthWindow: try fields.seconds("depthSeconds"),
            auctionTime: try fields.seconds("auctionSeconds"),
            firstDiscount: try fields.ratio("firstDiscount"),
            lastDiscount: try fields.ratio("lastDiscount"))
    }
}

extension JSONFields {
    /// A decimal as a whole number of some unit; positive.
    func count(
        _ key: String, digits: Int, of unit: Int64, named name: String
    ) throws(InputFault) -> Int64 {
        let value = try decimal(key, digits: digits)
        guard unit > 0, value > 0, value % unit == 0 else {
            throw fault(key, "is not a whole, positive number of \(name)")
        }
        return value / unit
    }
}
