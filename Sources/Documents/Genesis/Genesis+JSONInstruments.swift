/// Instruments and listing rules as the JSON that `GenesisDocument` reads.

import Canonical
import Catalogue
import FixedPoint
import Ledger
import Oracle

extension Genesis {
    func instrument(_ place: Int) -> JSONValue {
        let entry = catalogue.instruments[place]
        let common: [(String, JSONValue)] = [
            ("symbol", .text(entry.symbol.text)), ("kind", .text(entry.kind.word)),
            (
                "underlying",
                .text(catalogue.underlyings[Int(entry.underlying.number)].symbol.text)
            ),
        ]
        return .object(common + fields(of: entry.terms) + kindFields(place))
    }

    /// What only the instrument's kind has.
    private func kindFields(_ place: Int) -> [(String, JSONValue)] {
        switch catalogue.instruments[place].kind {
        case .perpetual:
            let earlier = catalogue.instruments[..<place].count { $0.kind == .perpetual }
            let perpetual = perpetuals[earlier]
            return [
                ("premiumClamp", .ratio(perpetual.premiumClamp)),
                ("premiumAveragingSeconds", .seconds(perpetual.premiumAveraging)),
                ("impactNotional", .micro(perpetual.impactNotional.units)),
                ("interest", .ratio(perpetual.interest)),
                ("interestClamp", .ratio(perpetual.interestClamp)),
                ("fundingCap", .ratio(perpetual.fundingCap)),
            ]
        case .future(let expiry):
            return [("expiry", .unsigned(expiry.nanoseconds / TimeText.second))]
        case .option(let series):
            return [
                ("expiry", .unsigned(series.expiry.nanoseconds / TimeText.second)),
                ("strike", .micro(series.strike.units)),
                ("right", .text(series.right == .call ? "call" : "put")),
            ]
        case .spot: return []
        }
    }

    /// A listing rule.
    func listing(_ rule: ListingRule) -> JSONValue {
        let underlying = catalogue.underlyings[Int(rule.underlying.number)]
        var members: [(String, JSONValue)] = [("underlying", .text(underlying.symbol.text))]
        if let futures = rule.futures {
            members.append(
                (
                    "futures",
                    .object(fields(of: futures.calendar) + fields(of: futures.terms))
                ))
        }
        if let options = rule.options {
            members.append(
                (
                    "options",
                    .object(
                        fields(of: options.calendar) + fields(of: options.terms) + [
                            ("strikeStep", .micro(options.strikeStep.units)),
                            ("strikesEachSide", .integer(Int64(options.strikesEachSide))),
                        ])
                ))
        }
        return .object(members)
    }

    private func fields(of calendar: ExpiryCalendar) -> [(String, JSONValue)] {
        [
            ("days", .integer(Int64(calendar.days))), ("weeks", .integer(Int64(calendar.weeks))),
            ("months", .integer(Int64(calendar.months))),
            ("quarters", .integer(Int64(calendar.quarters))),
        ]
    }

    private func fields(of terms: ContractTerms) -> [(String, JSONValue)] {
        let units = { (lots: Quantity) in JSONValue.decimal(lots.units * terms.lotSize, digits: 9) }
        let compartment = catalogue.compartments[Int(terms.compartment.number)]
        return [
            ("compartment", .text(compartment.symbol.text)),
            ("tickSize", .micro(terms.tickSize.units)),
            ("lotSize", .decimal(terms.lotSize, digits: 9)),
            ("maximumPrice", .micro(terms.maximumPrice.units * terms.tickSize.units)),
            ("maximumOrderQuantity", units(terms.maximumOrderQuantity)),
            ("positionLimit", units(terms.positionLimit)),
            ("openInterestLimit", units(terms.openInterestLimit)),
            ("priceBand", .ratio(terms.priceBand)),
        ]
    }
}

extension InstrumentKind {
    /// As the file names it.
    fileprivate var word: String {
        switch self {
        case .perpetual: "perpetual"
        case .future: "future"
        case .option: "option"
        case .spot: "spot"
        }
    }
}
