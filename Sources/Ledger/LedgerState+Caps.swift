/// The caps as orders and fills meet them. They bind growth alone: whoever is above a cap that fell
/// keeps what he has, and reduces as he likes (`facts/risk.md`, attack 12).
///
/// An owner's share is checked when an order is admitted, over all his accounts, with every open
/// order filled on the worse side. The market's cap is checked twice: an order that may take is
/// refused if what it opens exceeds the room; and no fill opens more than the room, as with the
/// open-interest limit of the catalogue. Orders that only make are admitted in a full market: they
/// are whom those trade with who must close (attack 6).

import Accounts
import Canonical
import Catalogue
import Economics
import FixedPoint
import Markets
import Oracle
import Risk

extension LedgerState {
    /// Makes the rooms of all markets from this block's caps, index and open interest.
    mutating func followCapRooms() {
        guard isMargined, !economics.isEmpty else { return }
        let markets = economics.reduce(0) { $0 + $1.caps.count }
        if !caps.fits(instruments: catalogue.instruments.count, markets: markets) {
            caps = CapTable()
            for entry in economics { caps.append(entry.caps.map { $0.compartment }) }
            for instrument in catalogue.instruments { caps.append(instrument) }
        }
        var market = 0
        for place in economics.indices {
            let index = feeds[place].index
            let parameters = economics[place].parameters
            for cap in economics[place].caps {
                caps.set(
                    market, cap: LedgerState.units(worth: cap.amount, at: index),
                    owner: LedgerState.units(worth: cap.ownerLimit(parameters), at: index))
                market += 1
            }
        }
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            caps.grow(by: accounts.totals[place].openInterest, of: place)
        }
    }

    /// What an amount buys at an index price, in 10⁻⁹ units, rounded down; nothing before the first
    /// price.
    static func units(worth amount: Amount, at index: IndexPrice) -> Int128 {
        guard index.isPositive else { return 0 }
        return Int128(amount.units) * Int128(Instrument.lotScale) / Int128(index.units)
    }

    /// What units are worth at an index price, rounded up.
    static func worth(of units: Int128, at index: IndexPrice) -> Amount {
        let scale = Int128(Instrument.lotScale)
        let (exact, overflow) = units.multipliedReportingOverflow(by: Int128(index.units))
        return overflow ? .max : Amount(microunits: Int64(clamping: (exact + scale - 1) / scale))
    }

    /// That an order which adds keeps its owner inside his share, and the market inside its cap.
    ///
    /// - Parameter exposure: what the account has without it.
    mutating func checkCaps(
        of account: AccountIdentifier, _ exposure: Exposure, side: Side, adding lots: Quantity,
        mayTake: Bool
    ) throws(Refusal) {
        guard lots.isPositive, let place = caps.place(of: Int(exposure.instrument.number)) else {
            return
        }
        let room = caps.rooms[Int(place.market)]
        let grown = exposure.grossReach(adding: lots, side)
        if grown > exposure.grossReach, genesis.safeguards.isOn(.ownerShare) {
            let underlying = catalogue.instruments[Int(exposure.instrument.number)].underlying
            let more = Int128((grown - exposure.grossReach).units) * Int128(place.lotSize)
            guard ownerReach(of: account, in: underlying) + more <= room.owner else {
                throw .ownerShare
            }
        }
        guard mayTake, genesis.safeguards.isOn(.interestCap) else { return }
        let closing = max(.zero, Quantity(lots: -side.sign * exposure.position.units))
        let opening = Int128((lots - closing).units) * Int128(place.lotSize)
        guard opening <= room.room else { throw .interestCap }
    }

    /// How many lots of an instrument may still be opened, by its own limit and the market's cap.
    func interestRoom(of place: Int) -> Quantity {
        let own =
            catalogue.instruments[place].openInterestLimit - accounts.totals[place].openInterest
        guard genesis.safeguards.isOn(.interestCap) else { return own }
        return min(own, caps.lots(of: place))
    }

    // Owners.

    /// What all accounts of an owner could come to in the derivatives of an underlying, in 10⁻⁹
    /// units, longs and shorts added: one account may win what another cannot pay.
    func ownerReach(
        of account: AccountIdentifier, in underlying: UnderlyingIdentifier
    ) -> Int128 {
        var sum = risk.reach(of: account, in: underlying)
        var next = sibling(after: account)
        while next != account {
            sum += risk.reach(of: next, in: underlying)
            next = sibling(after: next)
        }
        return sum
    }

    /// The next account of the same owner, in a ring.
    func sibling(after account: AccountIdentifier) -> AccountIdentifier {
        nextSibling[Int(account.number)]
    }

    /// Puts the newest account into the ring of its owner.
    mutating func linkSibling(_ identifier: AccountIdentifier) {
        guard !economics.isEmpty else { return }
        nextSibling.makeRoom(for: 1)
        nextSibling.append(identifier)
        let owned = accounts.accounts(ofOwner: accounts.owner(of: identifier))
        guard let first = owned.first, first != identifier else { return }
        nextSibling[Int(identifier.number)] = nextSibling[Int(first.number)]
        nextSibling[Int(first.number)] = identifier
    }

    /// Makes the rings of all owners.
    mutating func linkSiblings() {
        guard !economics.isEmpty else { return }
        nextSibling.removeAll()
        for place in accounts.accounts.indices {
            nextSibling.append(AccountIdentifier(UInt32(place)))
        }
        for place in accounts.accounts.indices {
            let identifier = AccountIdentifier(UInt32(place))
            let owned = accounts.accounts(ofOwner: accounts.owner(of: identifier))
            guard let place = owned.firstIndex(of: identifier) else { continue }
            nextSibling[Int(identifier.number)] = owned[(place + 1) % owned.count]
        }
    }

    /// The first thing about caps and owners that is not as it should be, in words.
    func capsFailure() -> String? {
        guard isMargined, !economics.isEmpty else { return nil }
        for place in accounts.accounts.indices {
            let identifier = AccountIdentifier(UInt32(place))
            var ring = [identifier]
            while let last = ring.last, sibling(after: last) != identifier,
                ring.count <= Ledger.accountLimit
            {
                ring.append(sibling(after: last))
            }
            let owned = accounts.accounts(ofOwner: accounts.owner(of: identifier))
            guard ring.sorted() == owned else { return "the siblings of account \(place)" }
        }
        for (place, entry) in economics.enumerated() {
            let underlying = UnderlyingIdentifier(UInt16(place))
            for cap in entry.caps {
                guard let market = caps.market(of: underlying, in: cap.compartment) else {
                    continue
                }
                // What deleveraging and settlement closed in this block is counted in the next.
                guard caps.rooms[market].interest >= openUnits(of: underlying, in: cap.compartment)
                else { return "the open interest of underlying \(place)" }
            }
        }
        return nil
    }
}
