/// The rules of the catalogue, one a line, in order of precedence. Source: DESIGN 3 and `Bounds`.

import Canonical
import FixedPoint

extension Catalogue {
    func validateCompartments() throws(CatalogueFault) {
        guard (1...Bounds.compartments).contains(compartments.count) else {
            throw CatalogueFault(.compartments, compartments.count, .count, .outOfRange)
        }
        for (index, entry) in compartments.enumerated() {
            func refuse(_ field: CatalogueFault.Field, _ reason: CatalogueFault.Reason)
                -> CatalogueFault
            { CatalogueFault(.compartments, index, field, reason) }
            for earlier in compartments[..<index] where earlier.symbol == entry.symbol {
                throw refuse(.symbol, .duplicate)
            }
            guard entry.vaultLimit.isPositive, entry.vaultLimit <= Bounds.vaultCapacity else {
                throw refuse(.vaultLimit, .outOfRange)
            }
            guard Catalogue.isShare(entry.insuranceShare) else {
                throw refuse(.insuranceShare, .outOfRange)
            }
            guard !entry.insuranceTarget.isNegative, entry.insuranceTarget <= entry.vaultLimit
            else { throw refuse(.insuranceTarget, .outOfRange) }
            guard Catalogue.isShare(entry.insuranceDailyShare) else {
                throw refuse(.insuranceDailyShare, .outOfRange)
            }
            guard Catalogue.isShare(entry.insuranceAccountShare) else {
                throw refuse(.insuranceAccountShare, .outOfRange)
            }
            guard !entry.debt.accountLimit.isNegative, entry.debt.accountLimit <= entry.vaultLimit
            else { throw refuse(.debtLimit, .outOfRange) }
            guard Catalogue.isShare(entry.debt.vaultShare) else {
                throw refuse(.debtShare, .outOfRange)
            }
            guard Catalogue.isShare(entry.debt.interest) else {
                throw refuse(.debtInterest, .outOfRange)
            }
        }
    }

    func validateUnderlyings() throws(CatalogueFault) {
        guard (1...Bounds.underlyings).contains(underlyings.count) else {
            throw CatalogueFault(.underlyings, underlyings.count, .count, .outOfRange)
        }
        for (index, entry) in underlyings.enumerated() {
            for earlier in underlyings[..<index] where earlier.symbol == entry.symbol {
                throw CatalogueFault(.underlyings, index, .symbol, .duplicate)
            }
            guard (0...Bounds.fractionBits).contains(entry.fractionBits) else {
                throw CatalogueFault(.underlyings, index, .fractionBits, .outOfRange)
            }
            guard entry.maximumIndexPrice.isPositive else {
                throw CatalogueFault(.underlyings, index, .maximumIndexPrice, .outOfRange)
            }
            guard entry.listingPrice.isPositive, entry.listingPrice <= entry.maximumIndexPrice
            else { throw CatalogueFault(.underlyings, index, .listingPrice, .outOfRange) }
        }
    }

    func validateInstruments() throws(CatalogueFault) {
        guard (1...Bounds.instruments).contains(instruments.count) else {
            throw CatalogueFault(.instruments, instruments.count, .count, .outOfRange)
        }
        for (index, entry) in instruments.enumerated() {
            for earlier in instruments[..<index] where earlier.symbol == entry.symbol {
                throw CatalogueFault(.instruments, index, .symbol, .duplicate)
            }
            try validate(entry, at: index)
        }
        try validatePairs()
    }

    /// One instrument alone.
    func validate(_ entry: Instrument, at index: Int) throws(CatalogueFault) {
        func refuse(_ field: CatalogueFault.Field, _ reason: CatalogueFault.Reason)
            -> CatalogueFault
        { CatalogueFault(.instruments, index, field, reason) }
        guard Int(entry.underlying.number) < underlyings.count else {
            throw refuse(.underlying, .unknown)
        }
        guard Int(entry.compartment.number) < compartments.count else {
            throw refuse(.compartment, .unknown)
        }
        try validateKind(of: entry, refuse)
        guard entry.tickSize.isPositive else { throw refuse(.tickSize, .outOfRange) }
        guard entry.lotSize > 0 else { throw refuse(.lotSize, .outOfRange) }
        let tickValue = Int128(entry.tickSize.units) * Int128(entry.lotSize)
        guard tickValue % Int128(Instrument.lotScale) == 0 else {
            throw refuse(.lotSize, .tickValueNotWhole)
        }
        guard entry.maximumPrice.isPositive else { throw refuse(.maximumPrice, .outOfRange) }
        try validateLimits(of: entry, refuse)
    }

    /// Expiry and strike. How far ahead an expiry may lie is for those to say who know the time.
    private func validateKind(
        of entry: Instrument,
        _ refuse: (CatalogueFault.Field, CatalogueFault.Reason) -> CatalogueFault
    ) throws(CatalogueFault) {
        if let expiry = entry.expiry {
            guard expiry.nanoseconds % Duration.seconds(1).nanoseconds == 0 else {
                throw refuse(.expiry, .offTime)
            }
        }
        if let series = entry.kind.series {
            let highest = underlyings[Int(entry.underlying.number)].maximumIndexPrice
            guard series.strike.isPositive, series.strike <= highest else {
                throw refuse(.strike, .outOfRange)
            }
        }
    }

    /// Calls and puts are listed in pairs, the put right behind its call, on one grid with one set
    /// of limits; and no dated contract stands twice in a compartment.
    private func validatePairs() throws(CatalogueFault) {
        for (index, entry) in instruments.enumerated() {
            func refuse(_ reason: CatalogueFault.Reason) -> CatalogueFault {
                CatalogueFault(.instruments, index, .kind, reason)
            }
            switch entry.kind {
            case .perpetual: continue
            case .option(let series):
                let place = series.right == .call ? index + 1 : index - 1
                guard instruments.indices.contains(place), entry.isPaired(with: instruments[place])
                else { throw refuse(.unpaired) }
            case .future, .spot: break
            }
            for earlier in instruments[..<index]
            where earlier.kind == entry.kind && earlier.underlying == entry.underlying
                && earlier.compartment == entry.compartment
            { throw refuse(.duplicate) }
        }
    }

    private func validateLimits(
        of entry: Instrument,
        _ refuse: (CatalogueFault.Field, CatalogueFault.Reason) -> CatalogueFault
    ) throws(CatalogueFault) {
        let highestOnGrid = Int128(entry.maximumPrice.ticks) * Int128(entry.tickSize.units)
        let underlying = underlyings[Int(entry.underlying.number)]
        guard Int128(underlying.maximumIndexPrice.units) <= highestOnGrid else {
            throw refuse(.maximumPrice, .gridTooShort)
        }
        // Both factors are below 2⁶³, so the product fits; the bits are taken off the other side.
        let worth = Int128(underlying.listingPrice.units) * Int128(entry.lotSize)
        let least =
            (Int128(Bounds.leastLotWorth) * Int128(Instrument.lotScale))
            >> Int128(underlying.fractionBits)
        guard worth >= least else { throw refuse(.lotSize, .lotTooSmall) }
        guard entry.maximumOrderQuantity.isPositive,
            entry.maximumOrderQuantity <= entry.positionLimit
        else { throw refuse(.maximumOrderQuantity, .outOfRange) }
        guard entry.positionLimit.isPositive, entry.positionLimit <= entry.openInterestLimit else {
            throw refuse(.positionLimit, .outOfRange)
        }
        guard entry.openInterestLimit.lots < 1 << 48 else {
            throw refuse(.openInterestLimit, .outOfRange)
        }
        guard entry.priceBand.isPositive, entry.priceBand < .one else {
            throw refuse(.priceBand, .outOfRange)
        }
    }

    /// The sums behind the overflow proof of `Bounds`.
    mutating func validateNotionals() throws(CatalogueFault) {
        for (index, entry) in instruments.enumerated() { try add(entry, at: index, to: &sums) }
    }

    /// Adds an instrument to the sums if it fits.
    func add(
        _ entry: Instrument, at index: Int, to sums: inout NotionalSums
    ) throws(CatalogueFault) {
        guard entry.highestLotWorth <= Int128(Bounds.largestLotWorth) else {
            throw CatalogueFault(.instruments, index, .lotSize, .lotTooLarge)
        }
        let bits = underlyings[Int(entry.underlying.number)].fractionBits
        if let reason = sums.add(entry, fractionBits: bits) {
            throw CatalogueFault(.instruments, index, .positionLimit, reason)
        }
    }

    func validateListingRules() throws(CatalogueFault) {
        guard listingRules.count <= underlyings.count else {
            throw CatalogueFault(.listingRules, listingRules.count, .count, .outOfRange)
        }
        for (index, rule) in listingRules.enumerated() {
            func refuse(_ field: CatalogueFault.Field, _ reason: CatalogueFault.Reason)
                -> CatalogueFault
            { CatalogueFault(.listingRules, index, field, reason) }
            guard Int(rule.underlying.number) < underlyings.count else {
                throw refuse(.underlying, .unknown)
            }
            for earlier in listingRules[..<index] where earlier.underlying == rule.underlying {
                throw refuse(.underlying, .duplicate)
            }
            for calendar in [rule.futures?.calendar, rule.options?.calendar] {
                guard calendar?.isValid ?? true else { throw refuse(.calendar, .outOfRange) }
            }
            try validateStrikes(of: rule, refuse)
            try validateTerms(of: rule, refuse)
        }
    }

    private func validateStrikes(
        of rule: ListingRule,
        _ refuse: (CatalogueFault.Field, CatalogueFault.Reason) -> CatalogueFault
    ) throws(CatalogueFault) {
        guard let options = rule.options else { return }
        let highest = underlyings[Int(rule.underlying.number)].maximumIndexPrice
        guard options.strikeStep.isPositive, options.strikeStep <= highest else {
            throw refuse(.strikeStep, .outOfRange)
        }
        guard options.strikesEachSide <= ListingRule.strikeLimit else {
            throw refuse(.strikesEachSide, .outOfRange)
        }
    }

    /// That a contract under the rule's terms could be listed, were it alone.
    private func validateTerms(
        of rule: ListingRule,
        _ refuse: (CatalogueFault.Field, CatalogueFault.Reason) -> CatalogueFault
    ) throws(CatalogueFault) {
        let expiry = Timestamp.epoch.advanced(by: Bounds.expiryTime)
        var samples: [DatedContract] = []
        if rule.futures != nil { samples.append(.future(expiry: expiry)) }
        if let options = rule.options {
            samples.append(.pair(expiry: expiry, strike: options.strikeStep))
        }
        let name = underlyings[Int(rule.underlying.number)].symbol
        for sample in samples {
            guard
                let instruments = rule.terms(of: sample)?.instruments(
                    of: sample, on: rule.underlying, named: name)
            else { throw refuse(.symbol, .outOfRange) }
            for entry in instruments {
                do throws(CatalogueFault) {
                    var sums = NotionalSums(underlyings: underlyings.count)
                    try validate(entry, at: 0)
                    try add(entry, at: 0, to: &sums)
                } catch {
                    throw refuse(error.field, error.reason)
                }
            }
        }
    }

    func validateFeeTiers() throws(CatalogueFault) {
        guard (1...Bounds.feeTiers).contains(feeTiers.count) else {
            throw CatalogueFault(.feeTiers, feeTiers.count, .count, .outOfRange)
        }
        var leastMaker = Ratio.max
        for tier in feeTiers { leastMaker = min(leastMaker, tier.maker) }
        for (index, tier) in feeTiers.enumerated() {
            guard tier.maker >= -Bounds.largestFee, tier.maker <= Bounds.largestFee else {
                throw CatalogueFault(.feeTiers, index, .maker, .outOfRange)
            }
            guard !tier.taker.isNegative, tier.taker <= Bounds.largestFee else {
                throw CatalogueFault(.feeTiers, index, .taker, .outOfRange)
            }
            guard tier.taker + leastMaker >= Bounds.leastTradeFee else {
                throw CatalogueFault(.feeTiers, index, .taker, .tradeWithoutFee)
            }
        }
    }

    private static func isShare(_ ratio: Ratio) -> Bool { !ratio.isNegative && ratio <= .one }
}
