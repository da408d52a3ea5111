/// Every real payload is accepted, and with any byte changed none is. Signatures, bodies, proofs,
/// headers, offsets, counts and paddings are all changed; nothing in a payload is free.

import Canonical
import FixedPoint
import PullOracle
import TestKit
import Testing

struct MutationTests {
    private static let now = Timestamp(nanoseconds: 1_800_000_000 * 1_000_000_000)

    /// Three other values for every byte, chosen by its place.
    private static func sample(_ place: Int) -> [UInt8] {
        [1, 0x80, UInt8(truncatingIfNeeded: place &* 37) | 2]
    }

    /// The places at which a changed byte is accepted.
    private static func survivors(
        _ bytes: [UInt8], _ known: KnownPayload, places: [Int]? = nil,
        changes: (Int) -> [UInt8] = MutationTests.sample
    ) -> [Int] {
        var changed = bytes
        return (places ?? Array(bytes.indices)).filter { place in
            defer { changed[place] = bytes[place] }
            return changes(place).contains { change in
                changed[place] = bytes[place] ^ change
                return known.fault(changed) == nil
            }
        }
    }

    @Test(.sharedFiles, arguments: 0..<14)
    func `every update of Pyth is accepted, and none with a byte changed`(_ place: Int) throws {
        let vector = try PythVector.real()[place]
        let update = bytes(vector.update)
        let known = try KnownPayload(
            update, in: try MainNetwork.state(vector.guardianSet), at: Self.now)
        #expect(known.fault(update) == nil)
        #expect(Self.survivors(update, known) == [], "\(vector.name)")
    }

    @Test(.sharedFiles) func `the real updates of Pyth are fourteen`() throws {
        #expect(try PythVector.real().count == 14)
    }

    @Test(.sharedFiles)
    func `no value of a byte outside the signatures but its own is accepted`() throws {
        let vector = try PythVector.real()[7]
        let update = bytes(vector.update)
        let known = try KnownPayload(
            update, in: try MainNetwork.state(vector.guardianSet), at: Self.now)
        // Ten bytes of the update and six of the message stand before thirteen signatures.
        let body = 16 + 13 * 66
        let places = Array(0..<(16 + 66)) + Array(body..<update.count)
        let all = { (_: Int) in Array(1...255 as ClosedRange<UInt8>) }
        #expect(Self.survivors(update, known, places: places, changes: all) == [])
    }

    @Test(.sharedFiles, arguments: 0..<7)
    func `every new guardian set is accepted, and none with a byte changed`(
        _ place: Int
    ) throws {
        let vector = try UpgradeVector.all()[place]
        let message = bytes(vector.vaa)
        let known = try KnownPayload(
            message, in: try MainNetwork.state(UInt32(place)), at: Self.now)
        #expect(known.fault(message) == nil)
        #expect(Self.survivors(message, known) == [], "\(vector.name)")
    }

    @Test(.sharedFiles, arguments: 0..<3)
    func `every report of Chainlink is accepted, and none with a byte changed`(
        _ place: Int
    ) throws {
        let vector = try ReportVector.all()[place]
        let report = bytes(vector.report)
        let configuration = Bytes32(report)
        let feed = Bytes32(bytes(try #require(vector.decoded["feedId"]?.text)))
        let parameters = PullParameters(
            reports: [vector.parameters(configuration: configuration, feed: feed)])
        #expect(parameters.faultyField == nil)
        let known = try KnownPayload(
            report, in: PullState(parameters: parameters), at: Self.now)
        #expect(known.fault(report) == nil)
        // Every value of what no signature covers; of the rest, three.
        let free = { (place: Int) -> [UInt8] in
            (96..<256).contains(place) ? Array(1...255) : Self.sample(place)
        }
        #expect(Self.survivors(report, known, changes: free) == [], "\(vector.name)")
    }

    @Test(.sharedFiles) func `no payload is accepted shorter or longer`() throws {
        let vector = try PythVector.real()[7]
        let update = bytes(vector.update)
        let known = try KnownPayload(
            update, in: try MainNetwork.state(vector.guardianSet), at: Self.now)
        for count in update.indices {
            #expect(known.fault(Array(update[..<count])) != nil, "\(count)")
        }
        #expect(known.fault(update + [0]) == .malformed)
        #expect(known.fault([]) == .malformed)
    }
}
