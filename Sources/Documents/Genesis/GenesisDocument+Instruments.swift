/// Reads the instruments of a genesis file. Which fields an instrument has follows from its `kind`:
/// `perpetual`, `future` (with `expiry`, in seconds since 1970), `option` (with `expiry`, `strike`
/// and `right`, which is `call` or `put`; calls and puts stand in pairs) or `spot`.

import Canonical
import Catalogue
import FixedPoint
import Oracle

extension GenesisDocument {
    /// The fields of every instrument.
    private static let common = [
        "symbol", "kind", "underlying", "compartment", "tickSize", "lotSize", "maximumPrice",
        "maximumOrderQuantity", "positionLimit", "openInterestLimit", "priceBand",
    ]
    private static let funding = [
        "premiumClamp", "premiumAveragingSeconds", "impactNotional", "interest", "interestClamp",
        "fundingCap",
    ]

    /// The last second that a file may name: 2100-01-01.
    private static let lastSecond: Int64 = 4_102_444_800

    mutating func readInstrument(_ node: JSONNode, _ place: Int) throws(InputFault) {
        let name = "instrument \(place + 1)"
        let known =
            GenesisDocument.common + GenesisDocument.funding + ["expiry", "strike", "right"]
        let any = try JSONFields(node, name: name, file: file, known: known)
        let word = try any.text("kind")
        let own: [String]
        switch word {
        case "perpetual": own = GenesisDocument.funding
        case "future": own = ["expiry"]
        case "option": own = ["expiry", "strike", "right"]
        case "spot": own = []
        default: throw any.fault("kind", "is not 'perpetual', 'future', 'option' or 'spot'")
        }
        let fields = try JSONFields(
            node, name: name, file: file, known: GenesisDocument.common + own)
        instruments.append(try instrument(fields, kind: try kind(word, of: fields)))
        if word == "perpetual" { perpetuals.append(try perpetual(fields)) }
    }

    private func kind(
        _ word: String, of fields: JSONFields
    ) throws(InputFault) -> InstrumentKind {
        switch word {
        case "future": return .future(expiry: try expiry(fields))
        case "option":
            let right: OptionRight
            switch try fields.text("right") {
            case "call": right = .call
            case "put": right = .put
            default: throw fields.fault("right", "is not 'call' or 'put'")
            }
            return .option(
                OptionSeries(
                    expiry: try expiry(fields), strike: try fields.indexPrice("strike"),
                    right: right))
        case "spot": return .spot
        default: return .perpetual
        }
    }

    private func expiry(_ fields: JSONFields) throws(InputFault) -> Timestamp {
        let seconds = try fields.whole("expiry", in: 0...GenesisDocument.lastSecond)
        return Timestamp(nanoseconds: UInt64(seconds) * TimeText.second)
    }

    private func instrument(
        _ fields: JSONFields, kind: InstrumentKind
    ) throws(InputFault) -> Instrument {
        let underlying = try named("underlying", of: fields, among: underlyings.map(\.symbol))
        let terms = try terms(fields)
        return Instrument(
            symbol: try fields.symbol("symbol"),
            underlying: UnderlyingIdentifier(UInt16(underlying)), compartment: terms.compartment,
            tickSize: terms.tickSize, lotSize: terms.lotSize, maximumPrice: terms.maximumPrice,
            maximumOrderQuantity: terms.maximumOrderQuantity, positionLimit: terms.positionLimit,
            openInterestLimit: terms.openInterestLimit, priceBand: terms.priceBand, kind: kind)
    }

    private func perpetual(_ fields: JSONFields) throws(InputFault) -> PerpetualParameters {
        PerpetualParameters(
            premiumClamp: try fields.ratio("premiumClamp"),
            premiumAveraging: try fields.seconds("premiumAveragingSeconds"),
            impactNotional: try fields.amount("impactNotional"),
            interest: try fields.ratio("interest"),
            interestClamp: try fields.ratio("interestClamp"),
            fundingCap: try fields.ratio("fundingCap"))
    }

    /// How marks with a model price follow their books.
    func model(_ key: String, of oracle: JSONFields) throws(InputFault) -> ModelParameters {
        let fields = try JSONFields(
            try oracle.value(key), name: "'\(key)' of an oracle", file: file,
            known: ["premiumClamp", "premiumAveragingSeconds", "impactNotional"])
        return ModelParameters(
            premiumClamp: try fields.ratio("premiumClamp"),
            premiumAveraging: try fields.seconds("premiumAveragingSeconds"),
            impactNotional: try fields.amount("impactNotional"))
    }
}
