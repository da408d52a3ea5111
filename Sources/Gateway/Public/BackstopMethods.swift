/// Who stands behind compartments, what they take, and for how long makers stood
/// (docs/backstop.md).

import Accounts
import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Liquidation

enum BackstopMethods {
    static let all: [Method] = [backstops]

    private static let market = Schema.object([
        .required("index_name", .text()),
        .required("notional", MarketShapes.decimal, "The most that it holds, at the index."),
        .required("loss", MarketShapes.decimal, "When it has lost so much, it is closed."),
        .required("stopped", .boolean, "Whether it has."),
    ])

    private static let provider = Schema.object([
        .required("account", .integer()), .required("equity", MarketShapes.decimal),
        .required("markets", .list(market)),
        .required("slice_share", MarketShapes.decimal),
        .required("least_discount", MarketShapes.decimal, "As a share of the remaining equity."),
        .required("margin_left", MarketShapes.decimal),
        .optional("limits_change", .integer(), "When other limits will count."),
        .optional("notice_end", .integer(), "When it may leave."),
    ])

    private static let maker = Schema.object([
        .required("account", .integer()),
        .required("presence", MarketShapes.decimal, "Since the hour began, as a share of it."),
        .required("stress_presence", MarketShapes.decimal, "The same of the time of stress."),
    ])

    private static let compartment = Schema.object([
        .required("compartment", .text()),
        .required("backstop_fees", MarketShapes.decimal, "For providers, since the hour began."),
        .required("maker_fees", MarketShapes.decimal, "For makers."),
        .required("market_loss", MarketShapes.decimal, "What all may lose in a market."),
        .required("notice_seconds", .integer()),
        .required("providers", .list(provider)), .required("makers", .list(maker)),
    ])

    static let backstops = Method(
        "public/get_backstops",
        """
        The providers of every compartment's backstop with the bids that stand for them in \
        auctions of slices, and the presence of its committed makers.
        """,
        result: .list(compartment)
    ) { gateway, call, writer throws(APIError) in
        writer.value(.array(gateway.backstops(call.ledger)))
        return .done
    }
}

extension Gateway {
    fileprivate func backstops(_ ledger: Ledger) -> [JSON.Value] {
        ledger.catalogue.compartments.enumerated().map { place, compartment in
            let identifier = CompartmentIdentifier(UInt16(place))
            let parameters = ledger.backstopParameters(of: identifier)
            let fees = ledger.gatheredFees(of: identifier)
            let seconds = (parameters?.notice.nanoseconds ?? 0) / Duration.seconds(1).nanoseconds
            var fields = Fields()
            fields.add("compartment", compartment.symbol.text)
            fields.add("backstop_fees", fees.backstop.value)
            fields.add("maker_fees", fees.rebates.value)
            fields.add("market_loss", (parameters?.marketLoss ?? .zero).value)
            fields.add("notice_seconds", .integer(Int64(clamping: seconds)))
            fields.add(
                "providers", .array(ledger.backstopProviders(of: identifier).map(provider)))
            fields.add("makers", .array(ledger.makerStandings(of: identifier).map(maker)))
            return fields.value
        }
    }

    private func provider(_ standing: BackstopStanding) -> JSON.Value {
        var fields = Fields()
        fields.add("account", .integer(Int64(standing.account.number)))
        fields.add("equity", standing.equity.value)
        fields.add(
            "markets",
            .array(
                standing.limits.markets.map { market in
                    var fields = Fields()
                    fields.add("index_name", names.indexes[Int(market.underlying.number)])
                    fields.add("notional", market.notional.value)
                    fields.add("loss", market.loss.value)
                    fields.add(
                        "stopped", .boolean(standing.stopped.contains(market.underlying)))
                    return fields.value
                }))
        fields.add("slice_share", standing.limits.sliceShare.value)
        fields.add("least_discount", standing.limits.leastDiscount.value)
        fields.add("margin_left", standing.limits.marginLeft.value)
        if let start = standing.nextStart { fields.add("limits_change", .instant(start)) }
        if let end = standing.noticeEnd { fields.add("notice_end", .instant(end)) }
        return fields.value
    }

    private func maker(_ standing: MakerStanding) -> JSON.Value {
        var fields = Fields()
        fields.add("account", .integer(Int64(standing.account.number)))
        fields.add("presence", share(standing.present, of: standing.measured).value)
        fields.add(
            "stress_presence",
            share(standing.presentStressed, of: standing.measuredStressed).value)
        return fields.value
    }

    private func share(_ part: Duration, of all: Duration) -> Ratio {
        guard all > .zero else { return .zero }
        let exact =
            Int128(part.nanoseconds) * Int128(Ratio.one.units) / Int128(all.nanoseconds)
        return Ratio(units: Int64(clamping: exact))
    }
}
