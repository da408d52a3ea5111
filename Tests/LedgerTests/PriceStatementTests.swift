/// The leaf `.price`: what margin was told, small, and nothing else than the other leaves say.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import Ledger
import Oracle
import Risk
import Testing

@Suite struct PriceStatementTests {
    private let bitcoin = UnderlyingIdentifier(0)

    private func statement(of venue: Venue) throws -> PriceStatement {
        let value = try #require(venue.ledger.value(of: .price(bitcoin)))
        return try PriceStatement(canonicalBytes: value)
    }

    @Test func `it holds index, stable price, move and the marks of what has no expiry`() throws {
        var options = TestGenesis.Options()
        options.isDated = true
        let venue = try Venue(options)
        #expect(try statement(of: venue).index == .zero)
        venue.setPrice(51_000)
        try venue.apply()
        let stated = try statement(of: venue)
        let feed = venue.ledger.feeds[0]
        #expect(stated.index == feed.index && stated.stable == feed.stable)
        #expect(stated.time == venue.time)
        #expect(stated.move == venue.ledger.genesis.margins[0].move)
        let undated = [TestGenesis.bitcoin, TestGenesis.sideBitcoin, TestGenesis.spot]
        #expect(stated.quotes.map { $0.instrument } == undated)
        for quote in stated.quotes {
            #expect(quote.mark == venue.ledger.prices[Int(quote.instrument.number)].mark)
        }
        #expect(LeafKey.price(bitcoin).canonicalBytes == [18, 0, 0])
    }

    @Test func `a leaf that says other prices than the other leaves is refused`() throws {
        let venue = try Venue()
        try venue.apply()
        var stated = try statement(of: venue)
        stated.index = stated.index + stated.index
        let leaves = venue.ledger.leaves().map { leaf in
            leaf.key == .price(bitcoin)
                ? Leaf(key: leaf.key, value: stated.canonicalBytes) : leaf
        }
        var tree = SparseMerkleTree()
        tree.update(leaves.map { LeafChange(key: $0.key.canonicalBytes, value: $0.value) })
        #expect(throws: RestoreFault.unexpected(.price(bitcoin))) {
            _ = try Ledger(
                genesis: venue.ledger.genesis, leaves: leaves, root: tree.root)
        }
    }

    @Test func `evidence is kept when it is asked for, and of called accounts only`() throws {
        let venue = try Venue()
        let rich = try venue.openAccounts(1, dollars: 1_000_000)[0]
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        try venue.trade(weak, rich, 1_000, at: 50_000)
        venue.ledger.collectsEvidence = true
        try venue.apply()
        #expect(venue.ledger.evidence.isEmpty)
        let before = venue.ledger.accounts[weak].canonicalBytes
        venue.setPrice(48_000)
        try venue.apply()
        #expect(venue.ledger.evidence.map { $0.account } == [weak])
        #expect(venue.ledger.evidence.first?.value == before)
        venue.ledger.collectsEvidence = false
        venue.setPrice(45_000)
        try venue.apply()
        #expect(venue.ledger.accounts.preimages.isEmpty)
    }
}
