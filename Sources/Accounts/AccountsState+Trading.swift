/// What fills, funding and deleveraging do to accounts. All of it conserves: each trade's two sides
/// are booked with the same notional, and what rounding leaves goes to a named place. Of options
/// and spot the notional moves as cash at the fill; of the others only what is realised does.

public import Canonical
public import FixedPoint

extension AccountsState {
    /// Books one side of a trade: settles funding, changes the position, realises profit.
    ///
    /// - Parameters:
    ///   - lots: signed; if it reverses a position, it is booked as a close and an opening.
    ///   - lotNotional: what one lot costs; the notional is exact.
    ///   - hour: hours since 1970, for the profit hold.
    /// - Returns: the realised profit.
    @discardableResult
    public mutating func trade(
        _ identifier: AccountIdentifier, instrument: InstrumentIdentifier, lots: Quantity,
        lotNotional: Amount, hour: UInt64
    ) -> Amount {
        let held = self[identifier].quantity(of: instrument)
        guard held.sign * lots.sign < 0, lots.magnitude > held.magnitude else {
            return book(
                identifier, instrument: instrument, lots: lots,
                notional: Amount(microunits: lotNotional.units * lots.units), hour: hour)
        }
        let realised = book(
            identifier, instrument: instrument, lots: -held,
            notional: Amount(microunits: -lotNotional.units * held.units), hour: hour)
        let rest = lots + held
        book(
            identifier, instrument: instrument, lots: rest,
            notional: Amount(microunits: lotNotional.units * rest.units), hour: hour)
        return realised
    }

    /// Closes lots of two accounts against each other at one total price, as deleveraging does.
    ///
    /// - Parameters:
    ///   - lots: signed as the seller's reduction of a long position; both positions shrink by it.
    ///   - notional: what all the lots cost; not negative.
    /// - Precondition: the long holds at least `lots`, the short is short by at least `lots`.
    public mutating func closeAgainst(
        long: AccountIdentifier, short: AccountIdentifier, instrument: InstrumentIdentifier,
        lots: Quantity, notional: Amount, hour: UInt64
    ) {
        book(long, instrument: instrument, lots: -lots, notional: -notional, hour: hour)
        book(short, instrument: instrument, lots: lots, notional: notional, hour: hour)
    }

    /// Hands lots of a position to another account at one total price, as an auction of slices
    /// does.
    ///
    /// - Parameters:
    ///   - lots: signed as the position of `source`, and no more than it.
    ///   - notional: what all the lots are worth, signed as `lots`. Where they carry the position
    ///     of `target` through zero, its parts are booked at shares of it that sum to it.
    public mutating func handOver(
        _ lots: Quantity, of instrument: InstrumentIdentifier, from source: AccountIdentifier,
        to target: AccountIdentifier, notional: Amount, hour: UInt64
    ) {
        book(source, instrument: instrument, lots: -lots, notional: -notional, hour: hour)
        takeOver(lots, of: instrument, by: target, notional: notional, hour: hour)
    }

    /// The half of `handOver` that the next holder sees.
    package mutating func takeOver(
        _ lots: Quantity, of instrument: InstrumentIdentifier, by target: AccountIdentifier,
        notional: Amount, hour: UInt64
    ) {
        let held = self[target].quantity(of: instrument)
        guard held.sign * lots.sign < 0, lots.magnitude > held.magnitude else {
            book(target, instrument: instrument, lots: lots, notional: notional, hour: hour)
            return
        }
        let part = proven { () throws(ArithmeticFault) in
            try divide(
                Int128(notional.units) * Int128(held.magnitude.units),
                by: Int128(lots.magnitude.units), rounding: .down)
        }
        let closing = Amount(microunits: part)
        book(target, instrument: instrument, lots: -held, notional: closing, hour: hour)
        book(
            target, instrument: instrument, lots: lots + held, notional: notional - closing,
            hour: hour)
    }

    /// Moves the funding index; longs owe the difference per lot. At the end of its range, which
    /// takes more than ten years at the largest cap, the index stays where it is.
    ///
    /// - Parameter step: in 2⁻²⁴ µ per lot.
    public mutating func accrueFunding(_ step: Int64, of instrument: InstrumentIdentifier) {
        let (moved, overflow) = totals[Int(instrument.number)].fundingIndex
            .addingReportingOverflow(step)
        if !overflow { totals[Int(instrument.number)].fundingIndex = moved }
    }

    /// Pays what a position owes in funding or is owed, rounded up against the holder; the rest of
    /// the micro-unit goes to the compartment's funding remainder.
    public mutating func settleFunding(
        _ identifier: AccountIdentifier, instrument: InstrumentIdentifier
    ) {
        let (slot, found) = accounts[Int(identifier.number)].search(instrument)
        if found { settleFunding(identifier, at: slot) }
    }

    private mutating func settleFunding(_ identifier: AccountIdentifier, at slot: Int) {
        let place = Int(identifier.number)
        let position = accounts[place].positions[slot]
        let index = totals[Int(position.instrument.number)].fundingIndex
        guard position.fundingIndex != index else { return }
        touch(identifier)
        let owed = position.fundingOwed(at: index)
        let paid = Funding.wholeUp(owed)
        addCash(-Amount(microunits: paid), at: place)
        accounts[place].positions[slot].settleFunding(at: index)
        let home = Int(accounts[place].compartment.number)
        funds[home].fundingRemainder += (Int128(paid) << Funding.fractionBits) - owed
    }

    /// Moves the whole micro-units of the funding remainders into the insurance funds.
    public mutating func sweepFundingRemainders() {
        for home in funds.indices {
            let whole = funds[home].fundingRemainder >> Funding.fractionBits
            guard whole != 0 else { continue }
            funds[home].fundingRemainder -= whole << Funding.fractionBits
            funds[home].insurance += Amount(microunits: Int64(whole))
        }
    }

    /// The place of an account's position in an instrument, its funding settled; a position of
    /// nothing is made where there is none.
    mutating func openPosition(
        of identifier: AccountIdentifier, in instrument: InstrumentIdentifier
    ) -> Int {
        let place = Int(identifier.number)
        let (slot, found) = accounts[place].search(instrument)
        if found {
            settleFunding(identifier, at: slot)
        } else {
            accounts[place].positions.makeRoom(for: 1)
            accounts[place].positions.insert(
                Position(
                    instrument: instrument,
                    fundingIndex: totals[Int(instrument.number)].fundingIndex,
                    isPaid: isPaidAtFill(instrument)), at: slot)
        }
        return slot
    }

    /// Books one side: settles funding, changes the position, realises profit.
    ///
    /// - Parameters:
    ///   - lots: signed; a reduction stops at zero.
    ///   - notional: what they cost, signed as `lots`.
    @discardableResult
    package mutating func book(
        _ identifier: AccountIdentifier, instrument: InstrumentIdentifier, lots: Quantity,
        notional: Amount, hour: UInt64
    ) -> Amount {
        touch(identifier)
        let place = Int(identifier.number)
        let slot = openPosition(of: identifier, in: instrument)
        let before = max(accounts[place].positions[slot].quantity, .zero)
        let realised = accounts[place].positions[slot].add(lots: lots, notional: notional)
        let rest = accounts[place].positions[slot].quantity
        totals[Int(instrument.number)].openInterest += max(rest, .zero) - before
        addCash(accounts[place].positions[slot].isPaid ? -notional : realised, at: place)
        accounts[place].heldProfit.add(realised, at: hour)
        if rest == .zero { accounts[place].positions.remove(at: slot) }
        return realised
    }
}
