/// Turns what blocks did into the figures and series of the report. It reads events and state; it
/// changes nothing.

import Documents
import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle
import Risk

/// Collects the result of a replay.
struct ReplayRecorder {
    private(set) var summary = ReplaySummary()
    private(set) var series = ReplaySeries()
    var options = OptionRecorder()
    private var indices: IndexRecorder
    private var cuts: PriceCutRecorder
    private var breakers: BreakerRecorder
    private var refusals: [(refusal: Refusal, count: Int)] = []
    private var liquidationOrders: [OrderIdentifier] = []
    private var deposits: [Amount]
    private let histories: [PriceHistory]
    /// By instrument: its place in the series and its last price. Options have no series.
    private var markets: [(series: Int?, last: Price?)] = []
    private var contracts = ContractTally()

    init(_ plan: ReplayPlan, population: Population, seed: UInt64) {
        summary.chain = plan.genesis.name.text
        summary.seed = seed
        summary.traders = population.traders.count
        histories = plan.histories
        indices = IndexRecorder(plan.histories)
        cuts = PriceCutRecorder(
            underlyings: plan.histories.map(\.name),
            sources: plan.genesis.safeguards.sources.map(\.name.text),
            publishers: plan.genesis.publishers.count)
        breakers = BreakerRecorder(
            underlyings: plan.histories.map(\.name), catalogue: plan.genesis.catalogue)
        deposits = population.traders.map(\.funds)
        for instrument in plan.genesis.catalogue.instruments { list(instrument) }
    }

    private mutating func list(_ instrument: Instrument) {
        contracts.list(instrument, on: histories[Int(instrument.underlying.number)].base)
        guard instrument.kind.series == nil else {
            markets.append((series: nil, last: nil))
            return
        }
        markets.append((series: series.markets.count, last: nil))
        summary.markets.append(instrument.symbol.text)
        let history = histories[Int(instrument.underlying.number)]
        series.markets.append(
            MarketSeries(
                name: instrument.symbol.text,
                unit: (history.unitMultiplier == 1 ? "" : "\(history.unitMultiplier) ")
                    + history.base, quote: history.quote))
    }

    // MARK: Blocks

    mutating func add(_ block: Block, _ outcome: BlockOutcome, orders: Int, ledger: Ledger) {
        if summary.blocks == 0 { summary.start = block.time.nanoseconds }
        summary.end = block.time.nanoseconds
        summary.blocks += 1
        summary.orders += orders
        summary.observations += block.observations.reduce(0) { $0 + $1.observations.count }
        for receipt in outcome.receipts {
            guard let refusal = receipt.refusal else { continue }
            count(refusal)
        }
        liquidationOrders.removeAll(keepingCapacity: true)
        cuts.hear(block.observations)
        for event in outcome.events { add(event, at: block.time.nanoseconds, ledger: ledger) }
        options.add(outcome.events, ledger: ledger)
        indices.add(ledger)
    }

    private mutating func count(_ refusal: Refusal) {
        if let place = refusals.firstIndex(where: { $0.refusal == refusal }) {
            refusals[place].count += 1
        } else {
            refusals.append((refusal, 1))
        }
    }

    private mutating func add(_ event: Event, at time: UInt64, ledger: Ledger) {
        switch event {
        case .observationRefused(_, let refusal), .curveVoteDropped(_, _, _, let refusal),
            .attestationRefused(_, let refusal), .attestedPriceRefused(_, _, let refusal):
            count(refusal)
        case .priceJudged(let publisher, let underlying, let refusal):
            if let refusal { count(refusal) }
            cuts.judge(publisher, on: underlying, refusal, at: time)
        case .indexConditionChanged(let underlying, let condition):
            cuts.judge(underlying, condition, at: time)
        case .breakerChanged(let certificate):
            breakers.add(certificate, at: time, ledger.catalogue)
        case .orderAccepted(let order) where order.origin == .liquidation:
            liquidationOrders.append(order.order)
        case .traded(let trade): add(trade, at: time, ledger: ledger)
        case .liquidationStarted: summary.liquidations += 1
        case .deleveraged(let deleverage):
            summary.deleveraged += 1
            summary.deleveragedNotional += deleverage.notional.units
            let place = Int(deleverage.instrument.number)
            guard let market = markets[place].series else { return }
            series.liquidations.append(
                LiquidationEvent(
                    time: time, market: market, route: .deleveraged,
                    price: ledger.prices[place].mark.units,
                    notional: deleverage.notional.units))
        case .instrumentListed(_, let instrument): list(instrument)
        case .instrumentSettled(let identifier, let price, _):
            contracts.settle(identifier, at: price)
        case .positionSettled(let settlement): contracts.settle(settlement)
        default: break
        }
    }

    private mutating func add(_ trade: Trade, at time: UInt64, ledger: Ledger) {
        let place = Int(trade.instrument.number)
        let instrument = ledger.catalogue.instruments[place]
        summary.trades += 1
        summary.fees += trade.makerFee.units + trade.takerFee.units
        markets[place].last = trade.price
        contracts.add(trade)
        let isLiquidation = liquidationOrders.contains(trade.takerOrder)
        guard let market = markets[place].series else {
            summary.premium += trade.notional.units
            return
        }
        summary.volume += trade.notional.units
        guard isLiquidation else { return }
        summary.liquidatedNotional += trade.notional.units
        series.liquidations.append(
            LiquidationEvent(
                time: time, market: market, route: .book,
                price: trade.price.units * instrument.tickSize.units,
                notional: trade.notional.units))
    }

    // MARK: Samples

    mutating func sample(_ ledger: Ledger) {
        let time = ledger.time.nanoseconds
        let catalogue = ledger.catalogue
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            guard let market = markets[place].series else { continue }
            let instrument = catalogue.instruments[place]
            let feed = ledger.feeds[Int(instrument.underlying.number)]
            let prices = ledger.prices[place]
            let value = ledger.risk.instruments[place]
            let lots = ledger.accounts.totals[place].openInterest.units
            let notional = Int64(
                clamping: (Int128(value.markValue) * Int128(lots)) >> Int128(value.fractionBits))
            series.markets[market].samples.append(
                MarketSample(
                    time: time,
                    last: markets[place].last.map { $0.units * instrument.tickSize.units },
                    index: feed.isPriced ? feed.index.units : nil,
                    mark: prices.mark.isPositive ? prices.mark.units : nil,
                    stable: feed.isPriced ? feed.stable.units : nil, openInterest: notional,
                    funding: prices.fundingRate.units))
        }
        sampleAccounts(ledger, time: time)
    }

    private mutating func sampleAccounts(_ ledger: Ledger, time: UInt64) {
        var equity = Amount.zero
        var initial = Amount.zero
        var maintenance = Amount.zero
        for place in ledger.accounts.accounts.indices {
            let identifier = AccountIdentifier(UInt32(place))
            let margin = ledger.maintenanceMargin(of: identifier)
            equity += margin.equity
            maintenance += margin.requirement
            initial += ledger.initialMargin(of: identifier).requirement
            if margin.equity.isPositive {
                let gross = Int128(ledger.grossNotional(of: identifier).units)
                let leverage = Int64(clamping: gross * 1_000_000 / Int128(margin.equity.units))
                summary.peakLeverage = max(summary.peakLeverage, leverage)
            }
        }
        series.ledger.append(
            LedgerSample(
                time: time, equity: equity.units, initialMargin: initial.units,
                maintenanceMargin: maintenance.units, insuranceFund: insurance(ledger),
                fees: summary.fees))
    }

    private func insurance(_ ledger: Ledger) -> Int64 {
        ledger.accounts.funds.reduce(0) { $0 + $1.insurance.units }
    }

    // MARK: The end

    /// The finished result.
    mutating func finish(
        _ ledger: Ledger, population: Population, isConserved: Bool, wallNanoseconds: UInt64
    ) -> ReplayResult {
        summary.expiries = contracts.expiries(ledger)
        summary.stateRoot = ledger.root.storage.hexadecimal
        summary.conserved = isConserved
        summary.wallNanoseconds = wallNanoseconds
        summary.insuranceFund = insurance(ledger)
        summary.indices = indices.finished()
        summary.cuts = cuts.finished(at: summary.end)
        summary.breakers = breakers.finished(at: summary.end)
        series.underlyings = indices.series
        summary.chains = options.chains(at: ledger)
        summary.settlements = options.settlements
        summary.refusals = refusals.map { RefusalCount(name: "\($0.refusal)", count: $0.count) }
        for (place, trader) in population.traders.enumerated() {
            let equity = ledger.maintenanceMargin(of: trader.account).equity
            if ledger.accounts[trader.account].positions.isEmpty, equity.isNegative {
                summary.badDebt -= equity.units
            }
            guard equity.units < summary.worstAccount?.equity ?? .max else { continue }
            summary.worstAccount = WorstAccount(
                account: String(trader.account.number), kind: trader.kind.rawValue,
                equity: equity.units, profit: (equity - deposits[place]).units)
        }
        return ReplayResult(summary: summary, series: series)
    }
}
