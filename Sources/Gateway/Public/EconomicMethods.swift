/// What it would cost to move an index, what that could win, and what the markets on it can lose
/// (docs/economics.md).

import Canonical
import Catalogue
import Economics
import FixedPoint
import JSON
import Ledger

enum EconomicMethods {
    static let all: [Method] = [manipulationCost]

    /// Ten times the usual: the bound on losses looks at every account with a position.
    private static let lossBoundCost: UInt64 = 5_000

    private static let move = Schema.object([
        .required("move", MarketShapes.decimal, "As a share of the index."),
        .required("cost", MarketShapes.decimal, "Of moving it so far and holding it."),
        .required(
            "owner_profit", MarketShapes.decimal,
            "What an owner at the largest limit would win, trading costs taken off."),
    ])

    private static let market = Schema.object([
        .required("compartment", .text()),
        .required("open_interest", MarketShapes.decimal, "Longs at the index."),
        .required("cap", MarketShapes.decimal), .required("cap_target", MarketShapes.decimal),
        .required(
            "limited_by",
            .oneOf(CapCause.allCases.map(\.text)), "What makes the target what it is."),
        .required("owner_limit", MarketShapes.decimal),
        .required("loss_bound", MarketShapes.decimal, "The most that the market can lose."),
        .required("losers_margin", MarketShapes.decimal),
        .required("backstop", MarketShapes.decimal),
        .required("fund", MarketShapes.decimal, "What the insurance fund may pay today."),
    ])

    private static let book = Schema.object([
        .required("instrument_name", .text()),
        .required("bid_depth", MarketShapes.decimal, "Within 2 % of the mark, for 30 s or more."),
        .required("ask_depth", MarketShapes.decimal),
    ])

    static let manipulationCost = Method(
        "public/get_manipulation_cost", cost: lossBoundCost,
        """
        What it would cost to move an index for as long as an average takes, what an owner could \
        win by it, the caps on open interest that follow, and the most that each market can lose. \
        All amounts are in the quote asset. Empty lists where the venue states no economics.
        """,
        [MarketParameters.index],
        result: .object([
            .required("index_name", .text()), .required("timestamp", .integer()),
            .required("block_height", .integer()),
            .required(
                "depth", MarketShapes.decimal,
                "For a move of 2 %, 5th percentile of 30 days of the cheapest majority of sources."
            ),
            .required("window_seconds", .integer(), "How long the price must be held."),
            .required("safety", MarketShapes.decimal, "Cost over profit at the owner's limit."),
            .required("moves", .list(move)), .required("markets", .list(market)),
            .required("books", .list(book)),
        ])
    ) { gateway, call, writer throws(APIError) in
        let underlying = try call.underlying(gateway)
        writer.value(gateway.manipulationCost(of: underlying, call.ledger))
        return .done
    }
}

extension CapCause {
    /// As the API writes it.
    var text: String {
        switch self {
        case .manipulation: "manipulation"
        case .fund: "fund"
        case .volume: "volume"
        case .float: "float"
        case .hardLimit: "hard_limit"
        case .leastCap: "least_cap"
        }
    }
}

extension Gateway {
    func manipulationCost(of underlying: UnderlyingIdentifier, _ ledger: Ledger) -> JSON.Value {
        var fields = Fields()
        fields.add("index_name", names.indexes[Int(underlying.number)])
        fields.add("timestamp", .instant(ledger.time))
        fields.add("block_height", .integer(Int64(clamping: ledger.height)))
        let state = ledger.economics(of: underlying)
        let seconds = (state?.parameters.window.nanoseconds ?? 0) / 1_000_000_000
        fields.add("depth", (state?.depth.percentile ?? .zero).value)
        fields.add("window_seconds", .integer(Int64(clamping: seconds)))
        fields.add("safety", (state?.parameters.safety ?? .zero).value)
        let caps = ledger.marketCaps(of: underlying)
        let largest = caps.map(\.ownerLimit).max() ?? .zero
        let moves = state.map { state in
            ManipulationCost.publishedMoves.map { move($0, state.cost, owner: largest) }
        }
        fields.add("moves", .array(moves ?? []))
        fields.add("markets", .array(caps.map { market($0, of: underlying, ledger) }))
        fields.add("books", .array((state?.books ?? []).map { book($0) }))
        return fields.value
    }

    private func move(_ move: Ratio, _ cost: ManipulationCost, owner: Amount) -> JSON.Value {
        var fields = Fields()
        fields.add("move", move.value)
        fields.add("cost", cost.cost(of: move).value)
        fields.add("owner_profit", cost.profit(of: owner, by: move).value)
        return fields.value
    }

    private func market(
        _ cap: MarketCap, of underlying: UnderlyingIdentifier, _ ledger: Ledger
    ) -> JSON.Value {
        let compartment = ledger.catalogue.compartments[Int(cap.compartment.number)]
        let bound = ledger.lossBound(of: underlying, in: cap.compartment)
        var fields = Fields()
        fields.add("compartment", compartment.symbol.text)
        fields.add("open_interest", cap.openInterest.value)
        fields.add("cap", cap.cap.value)
        fields.add("cap_target", cap.target.amount.value)
        fields.add("limited_by", cap.target.cause.text)
        fields.add("owner_limit", cap.ownerLimit.value)
        fields.add("loss_bound", bound.total.value)
        fields.add("losers_margin", bound.losersMargin.value)
        fields.add("backstop", bound.backstop.value)
        fields.add("fund", bound.fund.value)
        return fields.value
    }

    private func book(_ book: StandingDepth) -> JSON.Value {
        var fields = Fields()
        fields.add("instrument_name", names[book.instrument])
        fields.add("bid_depth", book.standing.bidDepth.value)
        fields.add("ask_depth", book.standing.askDepth.value)
        return fields.value
    }
}
