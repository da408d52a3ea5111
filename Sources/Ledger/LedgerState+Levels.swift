/// What a level does to a market: its book collects orders, takes only those that reduce, or takes
/// none; and the way back through an auction at one price. Cancels are not asked here, nor is money
/// that comes in: both work at every level.
///
///     continuous ─auctionOnly/reduceOnly─▶ auction ─clearAuctions─▶ auction … ─normal─▶ continuous
///          └────────────halted──▶ halted ──lower──▶ auction of reopening ─────────┘

import Accounts
import Breakers
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle
import Risk

extension LedgerState {
    /// The level of a market.
    func level(of instrument: InstrumentIdentifier) -> MarketLevel {
        breakers.levels[Int(instrument.number)]
    }

    /// Brings the phases of all books in line with their levels.
    mutating func holdBooks() {
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            let level = breakers.levels[place]
            guard level > .normal || breakers.markets[place].holdsBook, !phases[place].isOver
            else { continue }
            holdBook(identifier, at: isTradedInAuctions(level) ? level : .normal)
        }
    }

    /// Without banded auctions a market in reduce-only goes on trading as orders come.
    private func isTradedInAuctions(_ level: MarketLevel) -> Bool {
        level != .reduceOnly || genesis.safeguards.isOn(.bandedAuction)
    }

    private mutating func holdBook(_ identifier: InstrumentIdentifier, at level: MarketLevel) {
        let place = Int(identifier.number)
        let parameters = breakerParameters(of: identifier)
        let isOurs = breakers.markets[place].holdsBook
        switch (level, phases[place]) {
        case (.normal, .halted) where isOurs:
            beginAuction(identifier, length: parameters.reopening)
            setHolding(false, identifier)
        case (.normal, _): setHolding(false, identifier)
        case (.auctionOnly, .continuous), (.reduceOnly, .continuous):
            beginAuction(identifier, length: parameters.auctionLength)
            setHolding(true, identifier)
        case (.auctionOnly, .halted) where isOurs, (.reduceOnly, .halted) where isOurs:
            beginAuction(identifier, length: parameters.reopening)
        case (.halted, .continuous), (.halted, .auction):
            phases[place] = .halted
            touchInstrument(identifier)
            emit(.instrumentHalted(identifier))
            setHolding(true, identifier)
        default: break
        }
    }

    private mutating func setHolding(_ holds: Bool, _ identifier: InstrumentIdentifier) {
        let place = Int(identifier.number)
        guard breakers.markets[place].holdsBook != holds else { return }
        breakers.markets[place].holdsBook = holds
        breakers.touch(.instrument(identifier))
    }

    /// Collects orders from now on.
    mutating func beginAuction(_ identifier: InstrumentIdentifier, length: Duration) {
        let end = facts.time.advanced(by: length)
        phases[Int(identifier.number)] = .auction(end: end)
        touchInstrument(identifier)
        emit(.auctionStarted(identifier, end: end))
    }

    /// The operator halts a market that a breaker has halted: it stays so when the breaker ends.
    ///
    /// - Returns: whether there was one.
    mutating func takeOverHalt(of identifier: InstrumentIdentifier) -> Bool {
        guard phases[Int(identifier.number)] == .halted,
            breakers.markets[Int(identifier.number)].holdsBook
        else { return false }
        setHolding(false, identifier)
        return true
    }

    // Auctions.

    /// Whether a market goes on with auctions after the one that is over.
    func isHeldInAuctions(_ identifier: InstrumentIdentifier) -> Bool {
        let level = level(of: identifier)
        return level > .normal && isTradedInAuctions(level)
    }

    /// Whether prices are good enough for the auction of a market: to reduce, where no more is
    /// taken; else to trade.
    func mayClear(_ identifier: InstrumentIdentifier) -> Bool {
        let bounds = marketBounds[Int(identifier.number)]
        return level(of: identifier) == .reduceOnly ? bounds.mayReduce : bounds.mayTrade
    }

    /// The prices at which the auction of a market that is held may clear: near the mark, so that
    /// who must reduce is not at the mercy of who is alone on the other side.
    func auctionBand(of identifier: InstrumentIdentifier) -> (lowest: Price, highest: Price) {
        let place = Int(identifier.number)
        let instrument = catalogue.instruments[place]
        let share = breakerParameters(of: identifier).auctionBand
        let mark = prices[place].mark
        return proven { () throws(ArithmeticFault) in
            let reach = try mark.multiplied(by: share, rounding: .down)
            let lowest = try instrument.ticks(at: mark - reach, rounding: .up)
            let highest = try instrument.ticks(at: mark + reach, rounding: .down)
            let one = Price(ticks: 1)
            let least = lowest.clamped(one, instrument.maximumPrice)
            return (least, max(least, highest.clamped(one, instrument.maximumPrice)))
        }
    }

    // Orders.

    /// That a market at its level takes an order: one that reduces unless it is halted, any other
    /// while it does not only reduce, or of a committed maker.
    func checkLevel(
        of instrument: InstrumentIdentifier, _ account: AccountIdentifier, reduceOnly: Bool
    ) throws(Refusal) {
        let level = level(of: instrument)
        guard level > .auctionOnly else { return }
        guard level < .halted else { throw .marketHalted }
        guard reduceOnly || isMakerHere(account) else { throw .reduceOnlyMarket }
    }

    /// Whether an account may open in a market that only reduces.
    private func isMakerHere(_ account: AccountIdentifier) -> Bool {
        genesis.safeguards.isOn(.bandedAuction) && breakers.standings[account].isMaker
    }

    /// Whether an account that opens in a market that only reduces has twice its initial margin,
    /// the order included; true in every other market.
    func isDoublyBacked(_ account: AccountIdentifier, in instrument: InstrumentIdentifier) -> Bool {
        guard level(of: instrument) == .reduceOnly else { return true }
        let margin = initialMargin(of: account)
        return margin.health >= margin.requirement
    }

    // Who decides.

    mutating func setMaker(_ isMaker: Bool, _ account: AccountIdentifier) throws(Refusal) {
        guard accounts.account(account) != nil else { throw .unknownAccount }
        // From here it must succeed.
        breakers.standings[account].isMaker = isMaker
        backstop.setMaker(isMaker, account)
        emit(.makerCommitted(account, isMaker))
    }

    /// The guardian holds a scope back for a time; he never lets go.
    mutating func raiseLevel(
        of scope: BreakerScope, to level: MarketLevel, for length: Duration
    ) throws(Refusal) {
        switch scope {
        case .instrument(let identifier):
            guard catalogue.instrument(identifier) != nil else { throw .unknownInstrument }
            if phases[Int(identifier.number)].isOver { throw .instrumentExpired }
        case .underlying(let identifier):
            guard Int(identifier.number) < feeds.count else { throw .unknownUnderlying }
        case .compartment(let identifier):
            guard catalogue.compartment(identifier) != nil else { throw .unknownCompartment }
        }
        guard level > .normal, length >= GuardianTerms.shortest, length <= GuardianTerms.longest
        else { throw .levelOutOfRange }
        let before = breakers.breaker(of: scope)
        let until = facts.time.advanced(by: length)
        if let hold = before.hold(of: .guardian), hold.level >= level, hold.until >= until {
            throw .levelNotRaised
        }
        // From here it must succeed.
        _ = breakers.change(scope) { $0.raise(to: level, until: until) }
        let end = breakers.breaker(of: scope).hold(of: .guardian)?.until ?? until
        note(
            .raised, of: .guardian, scope, from: before.level, measured: nil, threshold: 0,
            until: end)
        holdBooks()
    }
}
