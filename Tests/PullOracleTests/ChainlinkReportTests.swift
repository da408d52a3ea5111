/// Reports of Chainlink: read as upstream reads them, in one form of the ABI.

import Canonical
import Cryptography
import PullOracle
import TestKit
import Testing

struct ChainlinkReportTests {
    private static let maker = AttestedBytes { Keccak256.hash($0).bytes }
    private static let configuration = [0, 6] + [UInt8](repeating: 7, count: 30)
    private static let feed = [0, 3] + [UInt8](repeating: 8, count: 30)

    private static func report(
        feed: [UInt8] = ChainlinkReportTests.feed, bid: Int128 = 9, signers: [UInt8] = [1, 2]
    ) -> [UInt8] {
        maker.report(
            configuration: configuration,
            body: AttestedBytes.market(
                feed: feed, prices: (10, bid, 11), start: 1, time: 2, end: 3),
            signers: signers.map(AttestedBytes.address))
    }

    private func fault(_ bytes: [UInt8]) -> PullFault? {
        do throws(PullFault) {
            _ = try ChainlinkReport(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test(.sharedFiles) func `everything is read as upstream reads it`() throws {
        for vector in try ReportVector.all() {
            let report = try ChainlinkReport(bytes(vector.report))
            let fields = vector.decoded.mapValues(\.text)
            #expect(report.signatures.allSatisfy { $0.digest.bytes == bytes(vector.digest) })
            #expect(
                PortableVerifier().recover(report.signatures)
                    == vector.signers.map { EthereumAddress(bytes($0)) })
            let body = report.body
            #expect(body.feed.bytes == bytes(fields["feedId"] ?? ""))
            #expect(String(body.start) == fields["validFromTimestamp"])
            #expect(String(body.time) == fields["observationsTimestamp"])
            #expect(String(body.nativeFee) == fields["nativeFee"])
            #expect(String(body.linkFee) == fields["linkFee"])
            #expect(String(body.end) == fields["expiresAt"])
            switch body.figures {
            case .market(let benchmark, let bid, let ask):
                #expect(fields["schemaVersion"] == "3")
                #expect(String(benchmark) == fields["benchmarkPrice"])
                #expect(String(bid) == fields["bid"])
                #expect(String(ask) == fields["ask"])
            case .fund(let shareValue, let date, let assets, let ripcord):
                #expect(fields["schemaVersion"] == "9")
                #expect(String(shareValue) == fields["navPerShare"])
                #expect(String(date) == fields["navDate"])
                #expect(String(assets) == fields["aum"])
                #expect(String(ripcord) == fields["ripcord"])
            }
        }
    }

    @Test func `a price below zero is read`() throws {
        let report = try ChainlinkReport(Self.report(bid: -1))
        #expect(report.body.figures == .market(benchmark: 10, bid: -1, ask: 11))
    }

    @Test func `a number has 192 bits, and counts where it fits 128`() {
        // The benchmark is the word before bid and ask.
        func with(_ word: [UInt8]) -> [UInt8] {
            var body = AttestedBytes.market(
                feed: Self.feed, prices: (10, 9, 11), start: 1, time: 2, end: 3)
            body.replaceSubrange(6 * 32..<7 * 32, with: word)
            return Self.maker.report(
                configuration: Self.configuration, body: body,
                signers: [AttestedBytes.address(1)])
        }
        let ones = [UInt8](repeating: 255, count: 8)
        let zeros = [UInt8](repeating: 0, count: 8)
        #expect(fault(with(AttestedBytes.word(.max))) == nil)
        #expect(fault(with(AttestedBytes.word(.min))) == nil)
        #expect(fault(with(zeros + [0, 0, 0, 0, 0, 0, 0, 1] + zeros + zeros)) == .outOfScale)
        #expect(fault(with(zeros + zeros + [128] + zeros.dropFirst() + zeros)) == .outOfScale)
        #expect(fault(with(zeros + ones + ones + ones)) == .malformed)
        #expect(fault(with(ones + zeros + zeros + zeros)) == .malformed)
        #expect(fault(with([1] + zeros.dropFirst() + zeros + zeros + zeros)) == .malformed)
    }

    @Test func `a schema that is not known is refused`() {
        for schema: UInt8 in [0, 1, 2, 4, 8, 9, 10] {
            var feed = Self.feed
            feed[1] = schema
            #expect(fault(Self.report(feed: feed)) == .malformed, "\(schema)")
        }
    }

    @Test func `offsets, lengths and parities have one form`() {
        let good = Self.report()
        #expect(fault(good) == nil)
        let size = 8 * 32 + 9 * 32
        let rows = [
            (3 * 32 + 31, "first offset"), (4 * 32 + 31, "second offset"),
            (5 * 32 + 31, "third offset"), (6 * 32 + 2, "parity of nobody"),
            (7 * 32 + 31, "length"), (7 * 32, "length beyond 64 bits"), (size + 31, "count of r"),
            (size + 3 * 32 + 31, "count of s"),
        ]
        for (place, name) in rows {
            for value in [1, 2, 32, 64, 128] as [UInt8] {
                var bytes = good
                bytes[place] ^= value
                #expect(fault(bytes) == .malformed, "\(name), \(value)")
            }
        }
        #expect(fault(good + [UInt8](repeating: 0, count: 32)) == .malformed)
        #expect(fault(Self.report(signers: [])) == .malformed)
        #expect(fault(Self.report(signers: Array(1...32))) == nil)
        #expect(fault(Self.report(signers: Array(1...33))) == .malformed)
    }
}
