/// Who trades in a replay: kinds with simple, seeded habits, four in every linear market and six
/// more where futures and options are listed. They see only what a real client sees: books, marks,
/// curves, and their own account.

package import Canonical
import Catalogue
import Estimation
import FixedPoint
import Ledger
import Markets
import Oracle
import Risk

/// What kind of trader runs an account.
package enum TraderKind: String, CaseIterable, Sendable {
    /// Quotes both sides in several levels, moves them with the price, leans against its inventory.
    case maker
    /// Buys and sells at random moments.
    case taker
    /// Buys with leverage and waits.
    case long
    /// Sells with leverage and waits.
    case short
    /// Quotes both sides of every future round its forward.
    case futureMaker
    /// Quotes both sides of the options near the money, and holds its delta down with perpetuals.
    case optionMaker
    /// Buys single options out of the money.
    case buyer
    /// Sells strangles, or calls against perpetuals.
    case writer
    /// Trades verticals, calendars, and futures against perpetuals.
    case spreader
    /// Holds straddles and trades their delta away with perpetuals.
    case hedger

    /// Whether it trades what expires.
    var tradesContracts: Bool {
        switch self {
        case .maker, .taker, .long, .short: false
        case .futureMaker, .optionMaker, .buyer, .writer, .spreader, .hedger: true
        }
    }
}

/// One simulated trader with one account in one market.
package struct Trader: Sendable {
    package let kind: TraderKind
    /// The account's number; also the place of its key.
    package let account: AccountIdentifier
    /// Where it trades; of those who trade contracts, the perpetual of their underlying.
    let instrument: InstrumentIdentifier
    /// What it starts with.
    let funds: Amount
    /// Notional over equity that a leveraged trader aims at.
    let leverage: Int64
    /// It opens in one of so many blocks, on average.
    let patience: Int64
    var random: SimulationGenerator
    var nonce: UInt64 = 0
    /// The index when it last quoted; zero before.
    var reference = IndexPrice.zero
    /// Where an option maker's round over the contracts stands.
    var cursor = 0
}

/// The state that traders see, and what they do.
struct TraderView {
    let ledger: Ledger
    let instrument: Instrument
    let place: Int
    let index: IndexPrice
    let mark: IndexPrice
    /// Micro-dollars of one lot at the mark.
    let lotWorth: Int64

    init?(ledger: Ledger, instrument identifier: InstrumentIdentifier) {
        place = Int(identifier.number)
        instrument = ledger.catalogue.instruments[place]
        mark = ledger.prices[place].mark
        guard mark.isPositive else { return nil }
        index = ledger.feeds[Int(instrument.underlying.number)].index
        self.ledger = ledger
        lotWorth = max(
            1, Int64(clamping: Int128(mark.units) * Int128(instrument.lotSize) / 1_000_000_000))
    }

    /// Nine tenths of the leverage that initial margin admits on one linear position, in 10⁻⁶.
    var highestLeverage: Int64 {
        let rule = ledger.genesis.margins[Int(instrument.underlying.number)]
        let move = ledger.marginMoves(of: instrument.underlying)?.initial ?? rule.move
        let one = Int128(Ratio.one.units)
        let margin =
            Int128(move.units) * Int128(rule.initial.factor.units) / one
            + Int128(rule.initial.grossFloor.units + rule.initial.charges.exitFee.units)
            + Int128(instrument.priceBand.units)
        return Int64(clamping: one * 900_000 / margin)
    }

    /// Lots worth so many micro-dollars, at least one and at most one order's.
    func lots(worth: Int64) -> Quantity {
        Quantity(lots: max(1, worth / lotWorth)).clamped(
            Quantity(lots: 1), instrument.maximumOrderQuantity)
    }

    /// A price in 10⁻⁶ quote on the grid.
    func price(_ micros: Int64) -> Price {
        Price(ticks: max(1, micros / instrument.tickSize.units)).clamped(
            Price(ticks: 1), instrument.maximumPrice)
    }
}
