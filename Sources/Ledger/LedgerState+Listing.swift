/// Listing dated contracts: by the operator's command, and by rule while the index is good enough
/// to trade on. The definition of an instrument is primary state, in its leaf; its book, its prices
/// and its valuation are made with it and freed when it is settled.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle
import Risk

/// For what the contracts of a rule were last sought, and all listed that could be. Until it
/// changes or an instrument is retired, seeking again would list nothing: a calendar turns at
/// 08:00, strikes are wanted by the nearest to the index, and what was refused stays refused while
/// only more is listed. So a machine that was restored, and remembers nothing, lists the same.
struct ListingMemo: Equatable {
    let day: UInt64
    let center: Int64
}

extension LedgerState {
    /// Lists a contract at the operator's command.
    mutating func list(
        _ contract: DatedContract, on underlying: UnderlyingIdentifier, _ terms: ContractTerms
    ) throws(Refusal) {
        guard Int(underlying.number) < catalogue.underlyings.count else {
            throw .unknownUnderlying
        }
        guard catalogue.compartment(terms.compartment) != nil else { throw .unknownCompartment }
        let horizon = facts.time.advanced(by: Bounds.shortestLife)
        guard contract.expiry >= horizon else { throw .expiryTooNear }
        guard contract.expiry <= facts.time.advanced(by: Bounds.farthestExpiry) else {
            throw .expiryTooFar
        }
        if let strike = contract.strike {
            let highest = catalogue.underlyings[Int(underlying.number)].maximumIndexPrice
            guard strike.isPositive, strike <= highest else { throw .strikeOutOfRange }
        }
        try enlist(contract, on: underlying, terms)
    }

    /// Lists a contract if the catalogue takes it; its instruments have no price yet.
    private mutating func enlist(
        _ contract: DatedContract, on underlying: UnderlyingIdentifier, _ terms: ContractTerms
    ) throws(Refusal) {
        guard !catalogue.lists(contract, on: underlying, in: terms.compartment) else {
            throw .alreadyListed
        }
        // A surface holds so many expiries.
        let expiries = catalogue.expiries[Int(underlying.number)]
        guard expiries.count < SurfaceFeed.expiryLimit || expiries.contains(contract.expiry) else {
            throw .tooManyInstruments
        }
        let name = catalogue.underlyings[Int(underlying.number)].symbol
        guard let instruments = terms.instruments(of: contract, on: underlying, named: name) else {
            throw .nameTooLong
        }
        do throws(CatalogueFault) {
            try catalogue.list(instruments)
        } catch {
            throw Refusal(error)
        }
        // From here it must succeed.
        for instrument in instruments {
            let identifier = InstrumentIdentifier(UInt16(prices.count))
            makeRoom(for: instrument)
            touchInstrument(identifier)
            emit(.instrumentListed(identifier, instrument))
        }
    }

    /// Everything that is kept by instrument, for one more.
    mutating func makeRoom(for instrument: Instrument) {
        accounts.list(instrument)
        risk.list(instrument)
        books.addBook(highest: instrument.maximumPrice)
        phases.append(.continuous)
        marketBounds.append(MarketBounds())
        prices.append(genesis.modelPrices(of: instrument))
        breakers.list(instrument)
        closings.makeRoom()
        isTouchedInstrument.append(false)
        openCurve(of: instrument)
        openCap(of: instrument)
    }

    /// Lists what the rules want and is not live, no more than `Bounds.listingsPerBlock` contracts.
    ///
    /// - Parameter moved: gains the underlyings of which something was listed, so that it is marked
    ///   in this block.
    mutating func listByRule(moved: inout UnderlyingSet) {
        var left = Bounds.listingsPerBlock
        for place in listingMemos.indices where left > 0 {
            let rule = catalogue.listingRules[place]
            let underlying = Int(rule.underlying.number)
            guard feeds[underlying].isValid(for: .trade, at: facts.time) else { continue }
            let index = feeds[underlying].index
            let first = facts.time.advanced(by: Bounds.shortestLife)
            // Days that begin at 08:00.
            let day = Timestamp(
                nanoseconds: first.nanoseconds + Duration.day.nanoseconds
                    - Bounds.expiryTime.nanoseconds
            ).count(of: .day)
            let memo = ListingMemo(day: day, center: rule.center(at: index))
            guard listingMemos[place] != memo else { continue }
            let before = left
            let isComplete = list(rule, after: first, index: index, left: &left)
            if left < before { moved.insert(rule.underlying) }
            listingMemos[place] = isComplete ? memo : nil
        }
    }

    /// Lists what one rule wants.
    ///
    /// - Returns: whether nothing is left to do.
    private mutating func list(
        _ rule: ListingRule, after instant: Timestamp, index: IndexPrice, left: inout Int
    ) -> Bool {
        let highest = catalogue.underlyings[Int(rule.underlying.number)].maximumIndexPrice
        let wanted = rule.contracts(after: instant, index: index, highest: highest)
        for contract in catalogue.missing(wanted, on: rule.underlying) {
            guard let terms = rule.terms(of: contract) else { continue }
            guard left > 0 else { return false }
            do throws(Refusal) {
                try enlist(contract, on: rule.underlying, terms)
                left -= 1
            } catch {
                // It is there, or there is no room for it: the others are judged by themselves.
                continue
            }
        }
        return true
    }
}

extension Refusal {
    /// Why the catalogue does not take an instrument.
    init(_ fault: CatalogueFault) {
        switch (fault.field, fault.reason) {
        case (.count, .exhausted): self = .identifiersExhausted
        case (.count, _): self = .tooManyInstruments
        case (.symbol, _), (.kind, _): self = .alreadyListed
        case (.underlying, _): self = .unknownUnderlying
        case (.compartment, _): self = .unknownCompartment
        case (.expiry, _): self = .expiryOffTime
        case (.strike, _): self = .strikeOutOfRange
        case (.maximumPrice, .gridTooShort): self = .gridTooShort
        case (.positionLimit, .notionalTooLarge), (.positionLimit, .venueTooLarge):
            self = .notionalTooLarge
        case (.tickSize, _), (.lotSize, _), (.maximumPrice, _): self = .gridOutOfRange
        default: self = .limitOutOfRange
        }
    }
}
