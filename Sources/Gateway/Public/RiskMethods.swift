/// Where risk stands on the venue: what is open, what stands behind it, and who is nearest to
/// liquidation. All of it is state that anyone can read leaf by leaf.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Oracle
import Risk

enum RiskMethods {
    static let all: [Method] = [risk]

    private static let market = Schema.object([
        .required("instrument_name", .text()), .required("index_name", .text()),
        .required("compartment", .text()),
        .required("mark_price", MarketShapes.decimal),
        .required("open_interest", MarketShapes.decimal, "All longs, in units of the underlying."),
        .required(
            "open_interest_notional", MarketShapes.decimal,
            "The same at the index, in the quote asset."),
        .required(
            "open_interest_cap", MarketShapes.price,
            """
            In the quote asset, for all derivatives of the underlying in the compartment; null \
            where the venue states no economics.
            """),
        .required("accounts", .integer(), "How many hold it, long or short."),
    ])

    private static let compartment = Schema.object([
        .required("compartment", .text()), .required("name", .text(), "The same."),
        .required("quote", .text(), "The collateral asset."),
        .required("insurance_fund", MarketShapes.decimal),
        .required("insurance_paid_today", MarketShapes.decimal, "Since midnight UTC."),
        .required("open_interest_notional", MarketShapes.decimal),
        .required("equity", MarketShapes.decimal, "Of all accounts, everything at the mark."),
        .required("accounts", .integer()), .required("accounts_in_liquidation", .integer()),
    ])

    private static let account = Schema.object([
        .required("account", .integer()), .required("compartment", .text()),
        .required("equity", MarketShapes.decimal),
        .required("initial_margin", MarketShapes.decimal, "Open orders included."),
        .required("maintenance_margin", MarketShapes.decimal),
        .required(
            "margin_ratio", MarketShapes.price,
            "Maintenance over equity, rounded up; null where there is no equity."),
        .required("notional", MarketShapes.decimal, "Longs and shorts added, at the mark."),
        .required("in_liquidation", .boolean),
    ])

    static let risk = Method(
        "public/get_risk",
        """
        Open interest by market, what stands behind each compartment, and the 25 accounts nearest \
        to liquidation, as they stood after the block of `height`: counted when asked for, once a \
        second at most, and less often where there are more than 20,000 accounts.
        """,
        result: .object([
            .required("timestamp", .integer()), .required("height", .integer()),
            .required("markets", .list(market), "Of options those that somebody holds."),
            .required("compartments", .list(compartment)),
            .required("accounts", .list(account), "The worst first."),
        ])
    ) { gateway, call, writer throws(APIError) in
        gateway.writeSurvey(call, &writer) { writer in
            let survey = RiskSurvey(call.ledger)
            var fields = Fields()
            fields.add("timestamp", .instant(survey.time))
            fields.add("height", .integer(Int64(clamping: survey.height)))
            fields.add("markets", .array(gateway.markets(of: survey, call.ledger)))
            fields.add("compartments", .array(gateway.compartments(of: survey, call.ledger)))
            fields.add("accounts", .array(survey.worst.map { gateway.account($0, call.ledger) }))
            writer.value(fields.value)
        }
        return .done
    }
}

extension Gateway {
    fileprivate func markets(of survey: RiskSurvey, _ ledger: Ledger) -> [JSON.Value] {
        let caps = ledger.catalogue.underlyings.indices.map {
            ledger.marketCaps(of: UnderlyingIdentifier(UInt16($0)))
        }
        return survey.markets.map { standing in
            let instrument = ledger.catalogue.instruments[Int(standing.instrument.number)]
            let underlying = Int(instrument.underlying.number)
            let cap = caps[underlying].first { $0.compartment == instrument.compartment }
            var fields = Fields()
            fields.add("instrument_name", names[standing.instrument])
            fields.add("index_name", names.indexes[underlying])
            fields.add("compartment", symbol(of: instrument.compartment, ledger))
            fields.add(
                "mark_price", ledger.prices[Int(standing.instrument.number)].mark.value)
            fields.add("open_interest", instrument.value(standing.openInterest))
            fields.add("open_interest_notional", standing.notional.value)
            fields.add("open_interest_cap", cap?.cap.value ?? .null)
            fields.add("accounts", .integer(Int64(standing.accounts)))
            return fields.value
        }
    }

    fileprivate func compartments(of survey: RiskSurvey, _ ledger: Ledger) -> [JSON.Value] {
        let day = ledger.time.count(of: .day)
        return survey.compartments.enumerated().map { place, standing in
            let funds = ledger.accounts.funds[place]
            let name = symbol(of: CompartmentIdentifier(UInt16(place)), ledger)
            let paid = funds.insuranceDay == day ? funds.insurancePaidToday : .zero
            var fields = Fields()
            fields.add("compartment", name)
            fields.add("name", name)
            fields.add("quote", names.assets[place])
            fields.add("insurance_fund", funds.insurance.value)
            fields.add("insurance_paid_today", paid.value)
            fields.add("open_interest_notional", standing.notional.value)
            fields.add("equity", standing.equity.value)
            fields.add("accounts", .integer(Int64(standing.accounts)))
            fields.add("accounts_in_liquidation", .integer(Int64(standing.inLiquidation)))
            return fields.value
        }
    }

    /// Beside the two figures by which it was ranked, those that are asked of few accounts only.
    fileprivate func account(_ exposure: AccountExposure, _ ledger: Ledger) -> JSON.Value {
        let account = exposure.account
        var fields = Fields()
        fields.add("account", .integer(Int64(account.number)))
        fields.add(
            "compartment", symbol(of: ledger.accounts.compartment(of: account), ledger))
        fields.add("equity", exposure.equity.value)
        fields.add("initial_margin", ledger.initialMargin(of: account).requirement.value)
        fields.add("maintenance_margin", exposure.maintenance.value)
        fields.add("margin_ratio", exposure.ratio?.value ?? .null)
        fields.add("notional", ledger.grossNotional(of: account).value)
        fields.add(
            "in_liquidation", .boolean(ledger.accounts.liquidationStart(of: account) != nil))
        return fields.value
    }

    func symbol(of compartment: CompartmentIdentifier, _ ledger: Ledger) -> String {
        ledger.catalogue.compartments[Int(compartment.number)].symbol.text
    }
}
