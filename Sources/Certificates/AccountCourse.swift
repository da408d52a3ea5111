/// One account on its way through a block, with nothing of the venue but what a certificate holds:
/// its leaf as the block before left it, the prices that margin was told, and the rules of genesis.
/// Margin is made by `Risk` and money is booked by `Accounts`, as the ledger does; only the
/// matching loop, the other accounts and the funds are missing. Events move it
/// (`AccountCourse+Steps`).

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Liquidation
import Markets
import Oracle
import Risk

/// An order that the engine placed for the account.
struct PlacedOrder {
    /// Of a hedge before liquidation not known until it trades.
    var order: OrderIdentifier?
    let instrument: InstrumentIdentifier
    let side: Side
    let limit: Price
    var left: Quantity
    /// Whether it may only close.
    let isReducing: Bool
    /// Whether liquidation placed it, which charges a fee.
    let isLiquidation: Bool
}

struct AccountCourse: ~Copyable {
    let genesis: Genesis
    let state: CertifiedState
    /// Of the block.
    let time: Timestamp
    /// Of the block before.
    let lastTime: Timestamp
    /// The account as the venue numbers it.
    let identifier: AccountIdentifier
    /// The instruments it has to do with, under numbers of their own.
    let numbering: InstrumentNumbering
    var accounts: AccountsState
    var risk: RiskState
    /// When its liquidation began, if it is in one.
    var liquidationStart: Timestamp?
    var orders: [PlacedOrder] = []
    /// What the block has closed of it.
    var closed = Amount.zero
    /// What it has traded on the book since the last fee.
    var charged = Amount.zero
    /// The positions before liquidation closed any on the book in the block.
    var stepPositions: [Position]?
    /// What it may have closed against the other side, once it was found due for that.
    var forced: ForcedPlan?
    /// The same, decided when another one's closing first reached it.
    var prepared: ForcedPlan?
    /// By what it was ranked on the other side.
    var standings: [ToldStanding] = []
    /// What is on offer of it.
    var offer: OfferedSlices?
    /// What it is still asked to pay.
    var demanded = Amount.zero

    /// The account's number here.
    static let own = AccountIdentifier(0)

    /// The account where the block begins.
    ///
    /// - Throws: `leafMissing` where the instrument of a position is not there, `beyondBounds`
    ///   where leaves hold what no venue of this genesis can.
    static func start(
        _ account: Account, as identifier: AccountIdentifier, events: [Event],
        state: CertifiedState, genesis: Genesis, time: Timestamp, lastTime: Timestamp
    ) throws(CertificateFault) -> AccountCourse {
        let numbering = try InstrumentNumbering(
            of: CertificateNeeds.instruments(account, events), state, genesis)
        guard account.isWithinBounds(numbering), state.isWithinBounds(of: genesis) else {
            throw .beyondBounds
        }
        var course = AccountCourse(
            account, as: identifier, numbering, state: state, genesis: genesis, time: time,
            lastTime: lastTime)
        do throws(ArithmeticFault) {
            try course.price()
        } catch {
            throw .beyondBounds
        }
        course.restore(account)
        return course
    }

    private init(
        _ account: Account, as identifier: AccountIdentifier, _ numbering: InstrumentNumbering,
        state: CertifiedState, genesis: Genesis, time: Timestamp, lastTime: Timestamp
    ) {
        self.genesis = genesis
        self.state = state
        self.time = time
        self.lastTime = lastTime
        self.identifier = identifier
        self.numbering = numbering
        accounts = AccountsState(catalogue: numbering.catalogue)
        risk = RiskState(catalogue: numbering.catalogue, parameters: genesis.judgedMargins)
        liquidationStart = account.liquidationStart
    }

    private mutating func restore(_ account: Account) {
        accounts.restore(account.renumbered { numbering.own($0) })
        risk.openAccount()
        for position in accounts[AccountCourse.own].positions {
            risk.changePosition(
                of: AccountCourse.own, in: position.instrument, by: position.quantity)
        }
        // What equity was as the day began is not in a certificate: its profit is at least what
        // it is since the last one began.
        if isNewDay { accounts.turnDay(of: AccountCourse.own, equity: AccountCourse.anyEquity) }
    }

    /// Whether the block is the first of its day.
    var isNewDay: Bool { time.count(of: .day) != lastTime.count(of: .day) }

    /// More than any account has, and far from the end of the range. Ours.
    private static let anyEquity = Amount(microunits: 1 << 60)

    /// Values every instrument as the ledger did.
    private mutating func price() throws(ArithmeticFault) {
        for place in genesis.margins.indices {
            let underlying = UnderlyingIdentifier(UInt16(place))
            guard let stated = state.statement(of: underlying), stated.index.isPositive else {
                continue
            }
            risk.openMarket(
                underlying,
                MarketView(
                    index: stated.index, stable: stated.stable, peg: stated.peg,
                    moves: stated.moves, time: stated.time),
                strikes: stated.strikes)
        }
        for entry in numbering.entries {
            guard let stated = state.statement(of: entry.instrument.underlying) else { continue }
            if let standing = stated.quotes.first(where: { $0.instrument == entry.identifier }) {
                accounts.setFundingIndex(standing.fundingIndex, of: entry.own)
                try risk.reprice(entry.own, quote(standing, entry.instrument))
            } else if let leaf = state.instrument(entry.identifier) {
                accounts.setFundingIndex(leaf.totals.fundingIndex, of: entry.own)
                if case .settled = leaf.phase { continue }
                guard leaf.prices.isPriced else { continue }
                try risk.reprice(entry.own, quote(leaf, stated))
            }
        }
    }

    private func quote(_ standing: StandingQuote, _ instrument: Instrument) -> InstrumentQuote {
        instrument.kind == .spot
            ? .spot(mark: standing.mark, holding: standing.holding)
            : .perpetual(mark: standing.mark, fundingRate: standing.fundingRate)
    }

    /// A dated instrument as margin saw it: the forward and the volatility by its curve, before the
    /// first curve the index and the volatility of reference.
    private func quote(_ leaf: InstrumentLeaf, _ stated: PriceStatement) -> InstrumentQuote {
        let instrument = leaf.instrument
        let place = Int(instrument.underlying.number)
        let expiry = instrument.expiry ?? .epoch
        let surface = state.surface(of: instrument.underlying)
        let slice = surface.flatMap { surface in
            surface.curve(expiry).map {
                surface.slice(of: $0, index: stated.index, at: stated.time)
            }
        }
        var view = ExpiryView(
            forward: (slice?.forward ?? stated.index)
                .clamped(IndexPrice(units: 1), instrument.highestPrice),
            timeLeft: expiry.elapsed(since: stated.time),
            age: surface?.age(of: expiry, at: stated.time) ?? .day,
            window: genesis.settlement(of: instrument.underlying).window)
        if let known = stated.averages.first(where: { $0.expiry == expiry }) {
            view.fixedShare = known.share
            view.fixedAverage = known.average
        }
        guard let series = instrument.kind.series else {
            return .future(mark: leaf.prices.mark, view)
        }
        let reference = Real(genesis.oracles[place].surface.referenceVolatility)
        let volatility = slice.map {
            $0.volatility(logMoneyness: $0.logMoneyness(strike: series.strike))
        }
        return .option(mark: leaf.prices.mark, volatility: volatility ?? reference, view)
    }

    /// The rule of liquidation.
    var rule: LiquidationParameters { genesis.judgedLiquidation }

    /// Margin under the maintenance rule.
    var margin: MarginBreakdown {
        risk.maintenanceMargin(of: AccountCourse.own, in: accounts)
    }

    /// Settled collateral.
    var cash: Amount { accounts.cash(of: AccountCourse.own) }

    /// Whether everything is closed.
    var isClosed: Bool { accounts[AccountCourse.own].positions.isEmpty }

    /// The margin as a certificate states it.
    var claim: MarginClaim {
        let margin = margin
        let losses = risk.scenarioProfiles(of: AccountCourse.own, under: .maintenance).map {
            UnderlyingLoss(
                underlying: $0.underlying, scenario: $0.worst.map { UInt16($0) }, loss: $0.loss)
        }
        return MarginClaim(equity: margin.equity, losses: losses, charges: margin.charges)
    }
}
