/// What the rows on the margin of options run on: one underlying at 100,000 with a chain of calls
/// and puts over eight expiries, priced from a smile, and an account that holds some of them.
/// Without a ledger: accounts and margin alone.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Risk

struct OptionChain: ~Copyable {
    static let expiries = 8
    private static let index = IndexPrice(micros: 100_000_000_000)
    /// Such that deltas of a lot do not fit 32 bits: the slower way for the lanes.
    private static let fractionBits: Int64 = 8
    /// 2026-01-01 08:00 UTC.
    private static let now = Timestamp(nanoseconds: 1_767_254_400_000_000_000)
    private static let account = AccountIdentifier(0)
    private static let underlying = UnderlyingIdentifier(0)
    private static let feeTier = FeeTier(
        maker: Ratio(basisPoints: 1), taker: Ratio(basisPoints: 5))

    /// What of each instrument is priced, ascending.
    let quotes: [InstrumentQuote]
    private(set) var risk: RiskState
    private var balances: AccountsState
    /// Lots of each instrument that the account holds.
    private(set) var holdings: [Int64]

    /// A chain of so many calls and as many puts, priced; the account holds nothing.
    init(pairs: Int, _ parameters: MarginParameters) {
        let instruments = (0..<(2 * pairs)).map { OptionChain.instrument($0, of: pairs) }
        quotes = (0..<(2 * pairs)).map { OptionChain.quote($0, of: pairs) }
        holdings = [Int64](repeating: 0, count: 2 * pairs)
        let catalogue = OptionChain.catalogue(instruments)
        balances = AccountsState(catalogue: catalogue)
        risk = RiskState(catalogue: catalogue, parameters: [parameters])
        _ = balances.open(
            owner: .ed25519(PublicKey(Bytes32())), compartment: CompartmentIdentifier(0))
        risk.openAccount()
        balances.moveCapital(
            Amount(microunits: 1_000_000_000_000), from: .vault(CompartmentIdentifier(0)),
            to: .account(OptionChain.account))
        reprice(at: OptionChain.index)
    }

    /// Values the whole chain.
    mutating func reprice(at index: IndexPrice) {
        risk.openMarket(
            OptionChain.underlying,
            MarketView(index: index, stable: OptionChain.index, time: OptionChain.now))
        do throws(ArithmeticFault) {
            for place in quotes.indices {
                try risk.reprice(InstrumentIdentifier(UInt16(place)), quotes[place])
            }
        } catch {
            preconditionFailure("Invariant: the chain is within its bounds, not \(error)")
        }
    }

    /// Opens positions in so many options, pairs from all over the chain, long and short.
    mutating func open(options: Int) {
        let step = quotes.count / options
        for slot in 0..<options {
            let place = 2 * (slot / 2) * step + slot % 2
            let lots = (1 + Int64(slot) % 7) * (slot % 3 == 0 ? -1 : 1)
            holdings[place] = lots
            let instrument = InstrumentIdentifier(UInt16(place))
            risk.changePosition(of: OptionChain.account, in: instrument, by: Quantity(lots: lots))
            balances.trade(
                OptionChain.account, instrument: instrument, lots: Quantity(lots: lots),
                lotNotional: .zero, hour: 0)
        }
    }

    /// The whole check: the lanes of the account from its positions, then both healths.
    @inline(never)
    mutating func check() -> Healths {
        var all = UnderlyingSet()
        all.insert(OptionChain.underlying)
        return risk.rebuild(
            OptionChain.account, in: all, balances: balances, tier: OptionChain.feeTier, orders: 0
        ) { _ in nil }
    }

    /// Equity less the worst scenarios, without charges: what the yardstick sums.
    func uncharged() -> (initial: Int64, maintenance: Int64) {
        let initial = risk.initialMargin(of: OptionChain.account, in: balances)
        let maintenance = risk.maintenanceMargin(of: OptionChain.account, in: balances)
        return (
            (initial.health + initial.charges).units,
            (maintenance.health + maintenance.charges).units
        )
    }

    /// The account's collateral.
    var cash: Int64 { balances[OptionChain.account].cash.units }

    // MARK: The chain

    /// Days to the expiry of an instrument: a week, two, four and so on to about two years.
    private static func days(_ place: Int, of pairs: Int) -> Int64 {
        min(7 << Int64(place / 2 / inExpiry(pairs)), 728)
    }

    private static func inExpiry(_ pairs: Int) -> Int { (pairs + expiries - 1) / expiries }

    private static func expiry(_ place: Int, of pairs: Int) -> Timestamp {
        Timestamp(
            nanoseconds: now.nanoseconds
                + UInt64(days(place, of: pairs)) * 86_400 * 1_000_000_000)
    }

    /// From half the index to twice it in each expiry.
    private static func strike(_ place: Int, of pairs: Int) -> IndexPrice {
        let step = 150_000 / Int64(inExpiry(pairs))
        let number = Int64(place / 2 % inExpiry(pairs))
        return IndexPrice(micros: (50_000 + number * step) * 1_000_000)
    }

    private static func instrument(_ place: Int, of pairs: Int) -> Instrument {
        let limit = Quantity(lots: 2_000)
        return Instrument(
            symbol: symbol("O-\(place)"), underlying: underlying,
            compartment: CompartmentIdentifier(0), tickSize: IndexPrice(micros: 1_000_000),
            lotSize: 1_000_000, maximumPrice: Price(ticks: 200_000), maximumOrderQuantity: limit,
            positionLimit: limit, openInterestLimit: Quantity(lots: 1 << 40),
            priceBand: Ratio(basisPoints: 500),
            kind: .option(
                OptionSeries(
                    expiry: expiry(place, of: pairs), strike: strike(place, of: pairs),
                    right: place % 2 == 0 ? .call : .put)))
    }

    /// The mark by Black-76 at the volatility of a smile.
    private static func quote(_ place: Int, of pairs: Int) -> InstrumentQuote {
        let strike = strike(place, of: pairs)
        let logMoneyness = Real.log(strike.units, over: index.units)
        let volatility = Real(5, over: 10) + Real(1, over: 10) * logMoneyness.magnitude
        let time = Duration.seconds(UInt64(days(place, of: pairs)) * 86_400)
        let share = Black76.value(
            place % 2 == 0 ? .call : .put, logMoneyness: logMoneyness,
            moneyness: Real(strike.units, over: index.units),
            totalVolatility: Black76.totalVolatility(volatility, time: time))
        let mark = Int64(Int128(index.units) * Int128(share.bits) >> Int128(Real.fractionBits))
        return .option(
            mark: IndexPrice(micros: mark), volatility: volatility,
            ExpiryView(forward: index, timeLeft: time))
    }

    private static func symbol(_ text: String) -> Symbol {
        guard let symbol = Symbol(Array(text.utf8)) else {
            preconditionFailure("Invariant: '\(text)' is a symbol")
        }
        return symbol
    }

    private static func catalogue(_ instruments: [Instrument]) -> Catalogue {
        do throws(CatalogueFault) {
            return try Catalogue(
                compartments: [
                    Compartment(
                        symbol: symbol("MAIN"), asset: symbol("USDC"),
                        vaultLimit: Bounds.vaultCapacity, insuranceShare: .zero,
                        insuranceTarget: .zero, insuranceDailyShare: .zero,
                        insuranceAccountShare: .zero)
                ],
                underlyings: [
                    Underlying(
                        symbol: symbol("BTC"), quoteCurrency: symbol("USD"),
                        fractionBits: fractionBits,
                        maximumIndexPrice: IndexPrice(micros: 200_000_000_000),
                        listingPrice: index)
                ], instruments: instruments, feeTiers: [feeTier])
        } catch {
            preconditionFailure("Invariant: the chain's catalogue is valid, not \(error)")
        }
    }
}
