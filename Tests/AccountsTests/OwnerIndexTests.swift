/// Whose accounts are whose, against a search from end to end.

import Canonical
import TestKit
import Testing

@testable import Accounts

@Suite struct OwnerIndexTests {
    /// Keys of both kinds of which many begin alike.
    private func owner(_ number: Int) -> SignerKey {
        var bytes = [UInt8](repeating: 0, count: 32)
        bytes[0] = UInt8(number % 3)
        bytes[19] = UInt8(truncatingIfNeeded: number)
        bytes[18] = UInt8(truncatingIfNeeded: number >> 8)
        return number % 2 == 0
            ? .ed25519(PublicKey(Bytes32(bytes))) : .ethereum(EthereumAddress(bytes))
    }

    @Test(arguments: [1, 7, 400, 3_000])
    func `each owner has the accounts that were opened for it`(owners: Int) {
        var random = SeededGenerator(seed: UInt64(owners))
        var accounts: [Account] = []
        var index = OwnerIndex()
        var expected = [[AccountIdentifier]](repeating: [], count: owners)
        for place in 0..<4_000 {
            let number = Int.random(in: 0..<owners, using: &random)
            accounts.append(
                Account(owner: owner(number), compartment: CompartmentIdentifier(0)))
            let identifier = AccountIdentifier(UInt32(place))
            index.insert(identifier, in: accounts)
            expected[number].append(identifier)
        }
        var rebuilt = OwnerIndex()
        rebuilt.rebuild(accounts)
        for number in 0..<owners {
            #expect(index.accounts(of: owner(number), in: accounts) == expected[number])
            #expect(rebuilt.accounts(of: owner(number), in: accounts) == expected[number])
        }
        #expect(index.accounts(of: owner(owners), in: accounts).isEmpty)
        #expect(OwnerIndex().accounts(of: owner(0), in: []).isEmpty)
    }
}
