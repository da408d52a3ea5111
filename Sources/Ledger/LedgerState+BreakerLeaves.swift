/// The leaves of circuit breakers and standings: written where there is anything, deleted where
/// there is nothing left, and read again.

import Accounts
import Breakers
import Canonical
import Catalogue
import FixedPoint
import Oracle

extension LedgerState {
    /// What is kept of the standing of the account that was opened last.
    mutating func openStanding() {
        let identifier = AccountIdentifier(UInt32(breakers.standings.count))
        breakers.standings.append()
        breakers.flowHolders.append(flowHolder(of: identifier))
    }

    /// The first account of the owner of an account.
    private func flowHolder(of identifier: AccountIdentifier) -> AccountIdentifier {
        guard breakers.rates != nil else { return identifier }
        return accounts.accounts(ofOwner: accounts.owner(of: identifier)).first ?? identifier
    }

    /// Writes the leaf of a scope; nothing where there is none.
    func encodeBreaker(_ scope: BreakerScope, into encoder: inout CanonicalEncoder) {
        switch scope {
        case .underlying(let identifier):
            let place = Int(identifier.number)
            guard place < breakers.underlyings.count, !breakers.underlyings[place].isIdle else {
                return
            }
            encoder.append(breakers.underlyings[place].breaker)
            encoder.append(!breakers.underlyings[place].window.isEmpty)
            if !breakers.underlyings[place].window.isEmpty {
                encoder.append(breakers.underlyings[place].window)
            }
        case .instrument(let identifier):
            let place = Int(identifier.number)
            guard place < breakers.markets.count, !breakers.markets[place].isIdle else { return }
            encoder.append(breakers.markets[place].breaker)
            encoder.append(breakers.markets[place].flow)
            breakers.markets[place].liquidated.encodeState(into: &encoder)
            let diverged = breakers.markets[place].divergedSince
            encoder.append(diverged != nil)
            if let diverged { encoder.append(diverged) }
            encoder.append(breakers.markets[place].holdsBook)
        case .compartment(let identifier):
            let place = Int(identifier.number)
            guard place < breakers.compartments.count, !breakers.compartments[place].isIdle else {
                return
            }
            encoder.append(breakers.compartments[place].breaker)
            breakers.compartments[place].liquidated.encodeState(into: &encoder)
            breakers.compartments[place].paid.encodeState(into: &encoder)
        }
    }

    /// Reads the leaf of a scope to its place.
    mutating func restoreBreaker(
        _ scope: BreakerScope, from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        guard breakers.isWatching else { throw DecodingFault(.outOfRange, at: 0) }
        switch scope {
        case .underlying(let identifier):
            let place = Int(identifier.number)
            guard place < breakers.underlyings.count else {
                throw DecodingFault(.outOfRange, at: 0)
            }
            breakers.underlyings[place].breaker = try decoder.value()
            if try decoder.boolean() { breakers.underlyings[place].window = try decoder.value() }
        case .instrument(let identifier):
            let place = Int(identifier.number)
            guard place < breakers.markets.count else { throw DecodingFault(.outOfRange, at: 0) }
            breakers.markets[place].breaker = try decoder.value()
            let flow: MarketFlow = try decoder.value()
            guard flow.fits(bucket: breakerParameters(of: identifier).toxicityBucket) else {
                throw DecodingFault(.outOfRange, at: 0)
            }
            breakers.markets[place].flow = flow
            try breakers.markets[place].liquidated.decodeState(from: &decoder)
            breakers.markets[place].divergedSince =
                try decoder.boolean() ? try decoder.timestamp() : nil
            breakers.markets[place].holdsBook = try decoder.boolean()
        case .compartment(let identifier):
            let place = Int(identifier.number)
            guard place < breakers.compartments.count else {
                throw DecodingFault(.outOfRange, at: 0)
            }
            breakers.compartments[place].breaker = try decoder.value()
            try breakers.compartments[place].liquidated.decodeState(from: &decoder)
            try breakers.compartments[place].paid.decodeState(from: &decoder)
        }
    }

    /// Puts the standings of accounts in their places, and makes again what follows from them and
    /// from the breakers.
    mutating func restoreStandings(
        _ standings: [(account: AccountIdentifier, value: AccountStanding)]
    ) throws(RestoreFault) {
        for place in accounts.accounts.indices {
            breakers.flowHolders[place] = flowHolder(of: AccountIdentifier(UInt32(place)))
        }
        for (identifier, value) in standings {
            guard Int(identifier.number) < breakers.standings.count,
                breakers.standings.isIdle(identifier),
                value.flow == nil || breakers.flowHolders[Int(identifier.number)] == identifier
            else { throw .unexpected(.standing(identifier)) }
            breakers.standings[identifier] = value
            if value.queued != nil { breakers.setQueued(true, identifier) }
        }
        breakers.standings.clearTouched()
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            breakers.followLevel(of: place, catalogue.instruments[place])
        }
    }

    /// The keys of leaves that the block has changed, and forgets them.
    mutating func takeTouchedBreakers() -> [LeafKey] {
        var keys: [LeafKey] = []
        for place in breakers.touchedUnderlyings.list {
            keys.append(.breaker(.underlying(UnderlyingIdentifier(UInt16(place)))))
        }
        for place in breakers.touchedMarkets.list {
            keys.append(.breaker(.instrument(InstrumentIdentifier(UInt16(place)))))
        }
        for place in breakers.touchedCompartments.list {
            keys.append(.breaker(.compartment(CompartmentIdentifier(UInt16(place)))))
        }
        for place in breakers.touchedVaults.list {
            keys.append(.vault(CompartmentIdentifier(UInt16(place))))
        }
        for identifier in breakers.standings.touched { keys.append(.standing(identifier)) }
        breakers.touchedUnderlyings.clear()
        breakers.touchedMarkets.clear()
        breakers.touchedCompartments.clear()
        breakers.touchedVaults.clear()
        breakers.standings.clearTouched()
        return keys
    }

    /// The keys of all scopes and vaults, whether or not they have a leaf.
    var breakerKeys: [LeafKey] {
        var keys: [LeafKey] = []
        for place in breakers.underlyings.indices {
            keys.append(.breaker(.underlying(UnderlyingIdentifier(UInt16(place)))))
        }
        for place in breakers.markets.indices {
            keys.append(.breaker(.instrument(InstrumentIdentifier(UInt16(place)))))
        }
        for place in breakers.compartments.indices {
            keys.append(.breaker(.compartment(CompartmentIdentifier(UInt16(place)))))
            keys.append(.vault(CompartmentIdentifier(UInt16(place))))
        }
        return keys
    }

    /// How many of these leaves there are, standings included.
    var breakerLeafCount: Int {
        breakers.underlyings.count { !$0.isIdle } + breakers.markets.count { !$0.isIdle }
            + breakers.compartments.count { !$0.isIdle } + breakers.vaults.count { !$0.isIdle }
            + accounts.accounts.indices.count {
                !breakers.standings.isIdle(AccountIdentifier(UInt32($0)))
            }
    }

    /// What is wrong with what follows from breakers and standings; nil if nothing is.
    func breakersFailure() -> String? {
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            let level = breakers.level(of: place, catalogue.instruments[place])
            guard level == breakers.levels[place] else {
                return "the level of market \(place) is that of its breakers"
            }
        }
        for place in accounts.accounts.indices {
            let identifier = AccountIdentifier(UInt32(place))
            let isQueued = breakers.queued.contains(identifier)
            guard isQueued == (breakers.standings[identifier].queued != nil) else {
                return "account \(place) is listed if its withdrawal waits"
            }
            guard breakers.flowHolders[place] == flowHolder(of: identifier) else {
                return "the flow of account \(place) is kept with its owner's first"
            }
        }
        return nil
    }
}
