/// Market-maker protection: setting it, counting fills, and pulling the quotes.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets

extension LedgerState {
    /// Sets or switches off (limit zero) an account's protection in an underlying.
    mutating func setProtection(
        _ underlying: UnderlyingIdentifier, window: Duration, freeze: Duration, limit: Amount,
        for account: AccountIdentifier
    ) throws(Refusal) {
        guard Int(underlying.number) < catalogue.underlyings.count else {
            throw .unknownUnderlying
        }
        guard !limit.isNegative, limit == .zero || window > .zero else {
            throw .protectionOutOfRange
        }
        let (place, found) = protectionPlace(of: account, in: underlying)
        if found, protections[Int(account.number)][place].isFrozen(at: facts.time) {
            throw .protectionTripped
        }
        // From here it must succeed.
        if found { protections[Int(account.number)].remove(at: place) }
        if limit.isPositive {
            protections[Int(account.number)].insert(
                MakerProtection(
                    underlying: underlying, window: window, freeze: freeze, limit: limit),
                at: place)
        }
        touchedProtections.append(account)
    }

    /// Ends the freeze.
    mutating func resetProtection(
        _ underlying: UnderlyingIdentifier, for account: AccountIdentifier
    ) throws(Refusal) {
        guard Int(underlying.number) < catalogue.underlyings.count else {
            throw .unknownUnderlying
        }
        let (place, found) = protectionPlace(of: account, in: underlying)
        guard found else { throw .noProtection }
        // From here it must succeed.
        protections[Int(account.number)][place].reset()
        touchedProtections.append(account)
    }

    /// That an account may send a protected order.
    mutating func checkProtection(
        of account: AccountIdentifier, in instrument: InstrumentIdentifier
    ) throws(Refusal) {
        let underlying = catalogue.instruments[Int(instrument.number)].underlying
        let (place, found) = protectionPlace(of: account, in: underlying)
        guard found else { throw .noProtection }
        if protections[Int(account.number)][place].isFrozen(at: facts.time) {
            throw .protectionTripped
        }
    }

    /// Whether an account has protection in an instrument's underlying.
    mutating func hasProtection(
        _ account: AccountIdentifier, in instrument: InstrumentIdentifier
    ) -> Bool {
        let underlying = catalogue.instruments[Int(instrument.number)].underlying
        return protectionPlace(of: account, in: underlying).found
    }

    /// The notional of protected fills that would trip an account's protection now; nil where it
    /// has none.
    mutating func protectionRoom(
        of account: AccountIdentifier, in instrument: InstrumentIdentifier
    ) -> Amount? {
        let underlying = catalogue.instruments[Int(instrument.number)].underlying
        let (place, found) = protectionPlace(of: account, in: underlying)
        return found ? protections[Int(account.number)][place].room(at: facts.time) : nil
    }

    /// Counts the fill of a protected order, and pulls all of them if that trips the protection.
    mutating func countProtection(of order: OrderRecord, _ notional: Amount) {
        guard order.flags.isProtected else { return }
        let underlying = catalogue.instruments[Int(order.instrument.number)].underlying
        let (place, found) = protectionPlace(of: order.account, in: underlying)
        guard found else { return }
        touchedProtections.append(order.account)
        guard protections[Int(order.account.number)][place].count(notional, at: facts.time) else {
            return
        }
        emit(.protectionTripped(order.account, underlying))
        if inFlight == order.identifier { inFlightStop = .protection }
        closeOrders(of: order.account, reason: .protection) { open, state in
            open.flags.isProtected
                && state.catalogue.instruments[Int(open.instrument.number)].underlying == underlying
        }
    }

    private mutating func protectionPlace(
        of account: AccountIdentifier, in underlying: UnderlyingIdentifier
    ) -> (place: Int, found: Bool) {
        let number = Int(account.number)
        var place = 0
        let count = protections[number].count
        while place < count, protections[number][place].underlying < underlying { place += 1 }
        return (place, place < count && protections[number][place].underlying == underlying)
    }
}
