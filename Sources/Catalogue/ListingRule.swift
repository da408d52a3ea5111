/// Which dated contracts of an underlying are listed by themselves: futures and pairs of options on
/// their calendars, the options at strikes round the index.

public import Canonical
public import FixedPoint

/// The listing rule of one underlying.
public struct ListingRule: Equatable, Sendable {
    /// Futures.
    public struct Futures: Equatable, Sendable {
        public let calendar: ExpiryCalendar
        public let terms: ContractTerms

        public init(calendar: ExpiryCalendar, terms: ContractTerms) {
            self.calendar = calendar
            self.terms = terms
        }
    }

    /// Pairs of options.
    public struct Options: Equatable, Sendable {
        public let calendar: ExpiryCalendar
        public let terms: ContractTerms
        /// Strikes are whole multiples of this.
        public let strikeStep: IndexPrice
        /// Strikes below and above the one nearest to the index; in `0 ... 100`.
        public let strikesEachSide: UInt8

        public init(
            calendar: ExpiryCalendar, terms: ContractTerms, strikeStep: IndexPrice,
            strikesEachSide: UInt8
        ) {
            self.calendar = calendar
            self.terms = terms
            self.strikeStep = strikeStep
            self.strikesEachSide = strikesEachSide
        }
    }

    /// Most strikes on one side. Ours.
    public static let strikeLimit: UInt8 = 100

    public let underlying: UnderlyingIdentifier
    public let futures: Futures?
    public let options: Options?

    public init(underlying: UnderlyingIdentifier, futures: Futures?, options: Options?) {
        self.underlying = underlying
        self.futures = futures
        self.options = options
    }

    /// The terms of a contract under this rule.
    public func terms(of contract: DatedContract) -> ContractTerms? {
        contract.strike == nil ? futures?.terms : options?.terms
    }

    /// The strike nearest to an index, as a multiple of the step; zero without options. Between two
    /// strikes nothing that is wanted changes.
    public func center(at index: IndexPrice) -> Int64 {
        guard let step = options?.strikeStep.units else { return 0 }
        // Both are positive, and a whole and its half fit.
        let whole = index.units / step
        return index.units % step >= step - step / 2 ? whole + 1 : whole
    }

    /// What shall be listed: by expiry, the future before the options, these by strike.
    ///
    /// - Parameters:
    ///   - instant: everything expires after it.
    ///   - index: positive.
    ///   - highest: the underlying's highest index price, above which no strike lies.
    public func contracts(
        after instant: Timestamp, index: IndexPrice, highest: IndexPrice
    ) -> [DatedContract] {
        var contracts: [DatedContract] = []
        if let futures {
            contracts += futures.calendar.expiries(after: instant).map { .future(expiry: $0) }
        }
        if let options {
            let center = center(at: index)
            let side = Int64(options.strikesEachSide)
            for expiry in options.calendar.expiries(after: instant) {
                for multiple in max(1, center - side)...max(1, center + side) {
                    let (strike, overflow) = options.strikeStep.units
                        .multipliedReportingOverflow(by: multiple)
                    guard !overflow, strike <= highest.units else { break }
                    contracts.append(.pair(expiry: expiry, strike: IndexPrice(micros: strike)))
                }
            }
        }
        contracts.sort(by: DatedContract.precedes)
        return contracts
    }
}

extension ListingRule.Futures: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(calendar)
        encoder.append(terms)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        calendar = try decoder.value()
        terms = try decoder.value()
    }
}

extension ListingRule.Options: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(calendar)
        encoder.append(terms)
        encoder.append(strikeStep)
        encoder.append(strikesEachSide)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        calendar = try decoder.value()
        terms = try decoder.value()
        strikeStep = try decoder.quantity()
        strikesEachSide = try decoder.byte()
    }
}

extension ListingRule: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(underlying)
        encoder.append(futures)
        encoder.append(options)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        underlying = try decoder.value()
        futures = try decoder.optional()
        options = try decoder.optional()
    }
}
