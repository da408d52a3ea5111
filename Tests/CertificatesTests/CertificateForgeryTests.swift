/// Altered certificates convince nobody, whatever is altered: every byte, every field by its own
/// name, and parts that are genuine elsewhere.

import Accounts
import Canonical
@testable import Certificates
import Cryptography
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct CertificateForgeryTests {
    private let venue: CertificateVenue
    private let weak: AccountIdentifier
    private let rich: AccountIdentifier
    private let genuine: MarginCallCertificate

    init() throws {
        venue = try CertificateVenue()
        rich = try venue.openAccount(dollars: 1_000_000)
        weak = try venue.openAccount(dollars: 5_000)
        try venue.trade(weak, rich, 1_000, ticks: 100_000)
        venue.prices[0] = 45_600
        genuine = try #require(try venue.certificate(of: weak))
        try venue.verify(genuine)
    }

    /// Why a changed copy does not convince.
    private func fault(
        _ change: (inout MarginCallCertificate) -> Void
    ) -> CertificateFault? {
        var copy = genuine
        change(&copy)
        return venue.fault(of: copy)
    }

    private func place(of key: LeafKey) throws -> Int {
        try #require(genuine.state.entries.firstIndex { $0.key == key.canonicalBytes })
    }

    @Test func `no byte can be changed`() throws {
        let bytes = genuine.canonicalBytes
        for place in bytes.indices {
            for mask in [1, 0x80] as [UInt8] {
                var changed = bytes
                changed[place] ^= mask
                guard let copy = try? MarginCallCertificate(canonicalBytes: changed) else {
                    continue
                }
                #expect(venue.fault(of: copy) != nil, "byte \(place) ^ \(mask)")
            }
        }
    }

    @Test func `no byte can be cut off or added`() {
        let bytes = genuine.canonicalBytes
        for count in bytes.indices {
            #expect(throws: DecodingFault.self) {
                try MarginCallCertificate(canonicalBytes: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: DecodingFault.self) {
            try MarginCallCertificate(canonicalBytes: bytes + [0])
        }
    }

    @Test func `each field has a fault of its own`() throws {
        let bitcoin = UnderlyingIdentifier(0)
        let one = Amount(microunits: 1)
        let price = try place(of: .price(bitcoin))
        let chain = try place(of: .chain)
        #expect(fault { $0.chain = .zero } == .chain(.certificate))
        #expect(
            fault { $0.height += 1 }
                == .height(expected: genuine.height, found: genuine.height + 1))
        #expect(fault { $0.account = rich } == .accountLeaf)
        #expect(fault { $0.claim.equity += one } == .claim(.equity))
        #expect(fault { $0.claim.losses[0].scenario = 999 } == .claim(.scenario(bitcoin)))
        #expect(fault { $0.claim.losses[0].loss += one } == .claim(.loss(bitcoin)))
        #expect(fault { $0.claim.losses = [] } == .claim(.underlyings))
        #expect(fault { $0.claim.charges += one } == .claim(.charges))
        #expect(fault { $0.before.value.removeLast() } == .accountMalformed)
        #expect(fault { $0.before.siblings[0] = .zero } == .accountLeaf)
        #expect(fault { $0.before.siblings.removeLast() } == .accountLeaf)
        #expect(
            fault { $0.before.siblings = Array(repeating: .zero, count: 300) } == .accountLeaf)
        #expect(
            fault { $0.state.entries[price].value.append(0) }
                == .leafMalformed(key: LeafKey.price(bitcoin).canonicalBytes))
        #expect(
            fault { $0.state.entries[price].key = LeafKey.keys(weak).canonicalBytes }
                == .leafUnexpected(key: LeafKey.keys(weak).canonicalBytes))
        #expect(
            fault { $0.state.entries.remove(at: chain) }
                == .leafMissing(key: LeafKey.chain.canonicalBytes))
        #expect(fault { $0.state.entries[price].depth += 1 } == .leaves)
        #expect(fault { $0.state.siblings[0] = .zero } == .leaves)
        #expect(fault { $0.state.siblings.append(.zero) } == .leaves)
        #expect(fault { $0.events.entries[0].place += 1 } == .events)
        #expect(
            fault { $0.events.entries[0].bytes = [255] }
                == .eventMalformed(place: genuine.events.entries[0].place))
        #expect(fault { $0.events.entries.removeLast() } == .events)
        #expect(fault { $0.events.siblings.append(.zero) } == .events)
    }

    @Test func `an account's leaf with more money does not stand under the root`() throws {
        var copy = genuine
        let other = try venue.openAccount(dollars: 1)
        copy.before.value = venue.ledger.accounts[other].canonicalBytes
        var forgery = Forgery(
            certificate: copy, before: venue.headers[venue.headers.count - 4],
            header: venue.headers[venue.headers.count - 3])
        #expect(venue.fault(of: forgery) == .accountLeaf)
        forgery.certificate = genuine
        #expect(venue.fault(of: forgery) == nil)
    }

    @Test func `headers that are swapped, of another chain or of other blocks are refused`() throws
    {
        let pair = Forgery(
            certificate: genuine, before: venue.headerBefore, header: venue.header)
        var swapped = pair
        swapped.before = pair.header
        swapped.header = pair.before
        #expect(venue.fault(of: swapped) == .headersNotConsecutive)
        var foreign = pair
        foreign.before.chain = .zero
        #expect(venue.fault(of: foreign) == .chain(.headerBefore))
        foreign = pair
        foreign.header.chain = .zero
        #expect(venue.fault(of: foreign) == .chain(.header))
        var unlinked = pair
        unlinked.header.previous = .zero
        #expect(venue.fault(of: unlinked) == .headersNotConsecutive)
        try venue.apply()
        #expect(
            venue.fault(of: genuine)
                == .height(expected: genuine.height + 1, found: genuine.height))
    }

    @Test func `a certificate of another genesis is refused`() throws {
        let other = try CertificateVenue(name: "other")
        #expect(other.verifier.chain != venue.verifier.chain)
        #expect(throws: CertificateFault.chain(.certificate)) {
            try other.verifier.verify(
                genuine, before: venue.headerBefore, header: venue.header)
        }
    }

    @Test func `prices of another block are stale`() throws {
        let key = LeafKey.price(UnderlyingIdentifier(0))
        try venue.apply(milliseconds: 2_000)
        var copy = genuine
        copy.state.entries[try place(of: key)].value = venue.ledger.value(of: key) ?? []
        let forgery = Forgery(
            certificate: copy, before: venue.headers[venue.headers.count - 3],
            header: venue.headerBefore)
        #expect(venue.fault(of: forgery) == .stalePrice(UnderlyingIdentifier(0)))
    }

    @Test func `an event of another block does not stand in this one`() throws {
        try venue.apply()
        var copy = genuine
        copy.events.entries[0].bytes =
            Event.liquidationEnded(weak, equity: .zero, requirement: .zero).canonicalBytes
        let forgery = Forgery(
            certificate: copy, before: venue.headers[venue.headers.count - 3],
            header: venue.headerBefore)
        #expect(venue.fault(of: forgery) == .events)
    }
}
