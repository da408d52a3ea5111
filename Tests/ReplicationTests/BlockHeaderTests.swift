/// Headers: one encoding, a hash that every field changes, and what follows what.
import Canonical
import Cryptography
import FixedPoint
import TestKit
import Testing

@testable import Replication

@Suite struct BlockHeaderTests {
    private func records(_ count: Int) throws -> [BlockRecord] {
        var venue = ToyVenue(seed: 3)
        for _ in 0..<count { _ = try venue.next(term: 2) }
        return venue.records
    }

    @Test func aHeaderHasOneEncodingOfAFixedLength() throws {
        let header = try records(2)[1].header
        let bytes = header.canonicalBytes
        #expect(bytes.count == 161)
        #expect(try BlockHeader(canonicalBytes: bytes) == header)
        #expect(header.hash == SHA256.digest(label: .header, bytes))
        var other = bytes
        other[0] = 2
        #expect(throws: DecodingFault(.unknownTag, at: 0)) {
            try BlockHeader(canonicalBytes: other)
        }
        var zero = header
        zero.height = 0
        #expect(throws: DecodingFault(.outOfRange, at: 0)) {
            try BlockHeader(canonicalBytes: zero.canonicalBytes)
        }
    }

    @Test func everyFieldIsBoundByTheHash() throws {
        let header = try records(2)[1].header
        let changes: [(inout BlockHeader) -> Void] = [
            { $0.chain = .zero }, { $0.height += 1 }, { $0.term += 1 },
            { $0.time = $0.time.advanced(by: .seconds(1)) }, { $0.previous = .zero },
            { $0.payload = .zero }, { $0.root = .zero }, { $0.firstEvent += 1 },
        ]
        for change in changes {
            var changed = header
            change(&changed)
            #expect(changed.hash != header.hash)
        }
    }

    @Test func eachFaultOfAHeaderHasItsName() throws {
        let chainOf = try records(3)
        let (last, next) = (chainOf[1].header, chainOf[2])
        let chain = last.chain
        #expect(next.fault(following: last, on: chain) == nil)
        #expect(chainOf[0].fault(following: nil, on: chain) == nil)
        let cases: [((inout BlockRecord) -> Void, ChainFault)] = [
            ({ $0.header.chain = .zero }, .chain), ({ $0.header.height = 4 }, .height),
            ({ $0.header.previous = .zero }, .previous), ({ $0.header.term = 1 }, .term),
            ({ $0.header.time = last.time }, .time), ({ $0.block = [] }, .payload),
        ]
        for (change, fault) in cases {
            var changed = next
            change(&changed)
            #expect(changed.fault(following: last, on: chain) == fault)
        }
        #expect(next.fault(following: nil, on: chain) == .height)
        #expect(chainOf[0].fault(following: nil, on: .zero) == .chain)
    }
}

@Suite struct StorageFaultTests {
    @Test func everyFaultSaysWhatIsWrongAndWhatToDo() {
        let faults: [StorageFault] = [
            .absent(folder: "/f"), .notEmpty(folder: "/f"), .unfinished(folder: "/f"),
            .locked(folder: "/f"), .diskFull(file: "/f", reason: "r"),
            .inaccessible(file: "/f", reason: "r"), .corrupted(file: "/f", reason: "r"),
            .truncated(file: "/f"), .unknownVersion(file: "/f", found: 2),
            .tipDamaged(file: "/f"), .interrupted(folder: "/f"),
            .wrongHeights(file: "/f", expected: 1, found: 2),
        ]
        for fault in faults {
            #expect(fault.description.contains("/f"))
            #expect(fault.advice.hasSuffix("."))
        }
        let heights: [StorageFault] = [
            .tipLost(acknowledged: 77, found: 3), .tipDiffers(height: 77),
            .missingBlock(height: 77), .brokenChain(height: 77, fault: .payload),
            .refusedBlock(height: 77, reason: "r"), .refusedLeaves(height: 77, reason: "r"),
            .diverged(height: 77, in: .outcome), .staleTerm(promised: 77, found: 1),
            .unprunable(below: 77, allowed: 1),
        ]
        for fault in heights {
            #expect(fault.description.contains("77"))
            #expect(fault.advice.hasSuffix("."))
        }
        let chains = StorageFault.wrongChain(expected: .zero, found: ToyMachine().chain)
        #expect(chains.description.contains(ToyMachine().chain.hexadecimal))
        #expect(Digest.zero.hexadecimal == String(repeating: "0", count: 64))
    }

    @Test(arguments: [
        ("IO error: No space left on device: While appending", "full"),
        ("IO error: While appending to file: /a: File too large", "full"),
        ("Corruption: block checksum mismatch", "corrupted"),
        ("IO error: No such file or directory: While open a file: /a/000004.sst", "corrupted"),
        ("IO error: While lock file: /a/LOCK: Resource temporarily unavailable", "locked"),
        ("IO error: Input/output error", "inaccessible"),
    ])
    func messagesOfTheDatabaseAreSorted(message: String, kind: String) {
        let found =
            switch StorageFault.database(message, folder: "/a") {
            case .diskFull: "full"
            case .corrupted: "corrupted"
            case .locked: "locked"
            case .inaccessible: "inaccessible"
            default: "other"
            }
        #expect(found == kind)
    }
}
