/// The laws of conservation counted again from primary state, outside of the ledger: cash, costs
/// and funding indexes of every account against what vaults hold. The ledger checks the same after
/// every block, over what the block touched, and stops where it does not hold; here somebody else
/// adds up everything. It is not for every call: `Gateway+Surveys` says how often it is made.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger

/// One asset that a compartment holds, in units of 10⁻⁶ of the collateral, or of 10⁻⁹ of another.
struct AssetCount: Equatable, Sendable {
    let compartment: CompartmentIdentifier
    let asset: String
    /// Of the units below.
    let decimals: Int
    /// What came in and has not gone out.
    let custody: Int128
    /// What all accounts may claim.
    let accounts: Int128
    let insurance: Int128
    let fees: Int128
    /// What accounts and funding hold in fractions of a unit, added up.
    let other: Int128
    /// What is there beyond what is owed; rounded away from zero.
    let difference: Int128
}

/// The count of one block.
struct ConservationCount: Sendable {
    let height: UInt64
    let root: Digest
    /// The collateral of each compartment, then its other assets.
    private(set) var assets: [AssetCount] = []
    /// Of these the positions do not sum to what they must.
    private(set) var unbalanced: [InstrumentIdentifier] = []

    /// Adds up every account. O(accounts and their positions).
    ///
    /// - Parameter names: of the assets, by compartment and by underlying.
    init(_ ledger: Ledger, _ names: InstrumentNames) {
        height = ledger.height
        root = ledger.root
        var claims = [Int128](repeating: 0, count: ledger.catalogue.compartments.count)
        var lots = [Int128](repeating: 0, count: ledger.catalogue.instruments.count)
        for account in ledger.accounts.accounts {
            claims[Int(account.compartment.number)] += ConservationCount.claim(of: account)
            for position in account.positions {
                lots[Int(position.instrument.number)] += Int128(position.quantity.units)
            }
        }
        for (place, claim) in claims.enumerated() {
            assets.append(
                ConservationCount.collateral(
                    CompartmentIdentifier(UInt16(place)), names.assets[place],
                    ledger.accounts.funds[place], claim))
        }
        for identifier in ledger.catalogue.live {
            let place = Int(identifier.number)
            let holdings = ledger.accounts.totals[place].holdings
            if lots[place] != Int128(holdings.units) { unbalanced.append(identifier) }
            let instrument = ledger.catalogue.instruments[place]
            guard instrument.kind == .spot else { continue }
            let size = Int128(instrument.lotSize)
            let held = instrument.nanos(holdings)
            assets.append(
                AssetCount(
                    compartment: instrument.compartment, asset: names.base(of: instrument),
                    decimals: APIDecimals.amount, custody: held, accounts: lots[place] * size,
                    insurance: 0, fees: 0, other: 0, difference: held - lots[place] * size))
        }
    }

    /// What an account may claim of the vault, in 2⁻²⁴ µ: cash without costs still owed, and
    /// funding by the index at which each position last settled.
    private static func claim(of account: Account) -> Int128 {
        var settled = Int128(account.cash.units)
        var funding: Int128 = 0
        for position in account.positions {
            settled -= Int128(position.owedCost.units)
            funding += Int128(position.quantity.units) * Int128(position.fundingIndex)
        }
        return (settled << Funding.fractionBits) + funding
    }

    static func collateral(
        _ compartment: CompartmentIdentifier, _ asset: String, _ funds: CompartmentFunds,
        _ claim: Int128
    ) -> AssetCount {
        let whole = claim >> Funding.fractionBits
        let fractions = claim - (whole << Funding.fractionBits) + funds.fundingRemainder
        let owed = whole + Int128(funds.insurance.units) + Int128(funds.fees.units)
        let exact = ((Int128(funds.vault.units) - owed) << Funding.fractionBits) - fractions
        let unit: Int128 = 1 << Funding.fractionBits
        let magnitude = (Int128(exact.magnitude) + unit - 1) / unit
        return AssetCount(
            compartment: compartment, asset: asset, decimals: APIDecimals.price,
            custody: Int128(funds.vault.units), accounts: whole,
            insurance: Int128(funds.insurance.units), fees: Int128(funds.fees.units),
            other: fractions >> Funding.fractionBits,
            difference: exact < 0 ? -magnitude : magnitude)
    }
}
