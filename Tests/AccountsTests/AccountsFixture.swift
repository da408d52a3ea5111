/// A venue of some accounts with money, and short ways to trade between them.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import TestKit

@testable import Accounts

enum AccountsFixture {
    static let majors = CompartmentIdentifier(0)
    static let longTail = CompartmentIdentifier(1)
    static let bitcoin = InstrumentIdentifier(0)
    static let ether = InstrumentIdentifier(1)
    static let deposit = Amount(microunits: 1_000_000_000_000)

    static func key(_ number: UInt8) -> SignerKey {
        .ed25519(PublicKey(Bytes32([UInt8](repeating: number, count: 32))))
    }

    /// Accounts with a deposit each in the first compartment, and one without money in the second.
    static func state(accounts: Int = 4, compartment: Compartment? = nil) -> AccountsState {
        var compartments = CatalogueFixture.compartments
        if let compartment { compartments[0] = compartment }
        let catalogue = try! CatalogueFixture.catalogue(compartments: compartments)
        var state = AccountsState(catalogue: catalogue)
        for number in 0..<accounts {
            let account = state.open(owner: key(UInt8(number)), compartment: majors)
            state.moveCapital(deposit, from: .vault(majors), to: .account(account))
        }
        _ = state.open(owner: key(255), compartment: longTail)
        return state
    }
}

extension AccountIdentifier {
    init(place: Int) { self.init(UInt32(place)) }
}

extension AccountsState {
    /// Both sides of a fill.
    mutating func fill(
        buyer: Int, seller: Int, instrument: InstrumentIdentifier, lots: Int64, lotNotional: Int64,
        hour: UInt64 = 0
    ) {
        trade(
            AccountIdentifier(place: buyer), instrument: instrument, lots: Quantity(lots: lots),
            lotNotional: Amount(microunits: lotNotional), hour: hour)
        trade(
            AccountIdentifier(place: seller), instrument: instrument, lots: Quantity(lots: -lots),
            lotNotional: Amount(microunits: lotNotional), hour: hour)
    }

    /// A fill between two different accounts out of the first `count`, at a random price.
    mutating func randomFill(count: Int, using random: inout SeededGenerator) {
        let buyer = Int.random(in: 0..<count, using: &random)
        let seller = (buyer + .random(in: 1..<count, using: &random)) % count
        fill(
            buyer: buyer, seller: seller,
            instrument: Bool.random(using: &random)
                ? AccountsFixture.bitcoin : AccountsFixture.ether,
            lots: .random(in: 1...1_000, using: &random),
            lotNotional: .random(in: 1...100_000_000, using: &random),
            hour: .random(in: 0...5, using: &random))
    }
}
