/// What genesis says of the room, written and read, and what it may not say.

import Canonical
import PullOracle
import TestKit
import Testing

struct PullParametersTests {
    private static func addresses(_ count: UInt8) -> [EthereumAddress] {
        (1...count).map { EthereumAddress(AttestedBytes.address($0)) }
    }

    private static func feed(
        _ name: UInt8, underlying: UInt16 = 0, publisher: UInt16 = 0
    ) -> PullFeed {
        PullFeed(
            feed: Bytes32([UInt8](repeating: name, count: 32)),
            underlying: UnderlyingIdentifier(underlying), source: SourceIdentifier(0),
            publisher: PublisherIdentifier(publisher))
    }

    private static func reports(
        digest: UInt8 = 0, signers: UInt8 = 4, faults: UInt8 = 1,
        feeds: [PullFeed] = [PullParametersTests.feed(2)]
    ) -> ReportParameters {
        ReportParameters(
            digest: Bytes32([0] + [UInt8](repeating: digest, count: 31)),
            signers: addresses(signers), faults: faults, feeds: feeds)
    }

    private static var good: PullParameters {
        PullParameters(
            wormhole: WormholeParameters(set: GuardianSet(index: 3, guardians: addresses(19))),
            pyth: PythParameters(
                emitter: WormholeEmitter(chain: 26, address: Bytes32()), feeds: [feed(1)]),
            reports: [reports()])
    }

    @Test func `parameters read as they were written`() throws {
        for parameters in [PullParameters(), Self.good] {
            #expect(try PullParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
        }
    }

    @Test func `each field has its limits`() {
        func fault(_ change: (inout PullParameters) -> Void) -> String? {
            var parameters = Self.good
            change(&parameters)
            return parameters.faultyField.map { "\($0)" }
        }
        let many = (0..<257).map { number in
            Self.feed(UInt8(number % 256), underlying: UInt16(number))
        }
        #expect(fault { _ in } == nil)
        #expect(fault { $0.wormhole?.set = GuardianSet(index: 0, guardians: []) } == "wormhole")
        #expect(fault { $0.wormhole = nil } == "wormhole")
        #expect(fault { $0.pyth?.feeds = [] } == "pyth")
        #expect(fault { $0.pyth?.feeds = [Self.feed(1), Self.feed(1, publisher: 1)] } == "pyth")
        #expect(fault { $0.pyth?.feeds = [Self.feed(1), Self.feed(2)] } == "pyth")
        #expect(fault { $0.pyth?.feeds = [Self.feed(1), Self.feed(2, underlying: 1)] } == nil)
        #expect(fault { $0.pyth?.feeds = Array(many[..<256]) } == nil)
        #expect(fault { $0.pyth?.feeds = many } == "pyth")
        #expect(fault { $0.reports = [Self.reports(feeds: [])] } == "chainlink")
        #expect(fault { $0.reports = [Self.reports(faults: 0)] } == "chainlink")
        #expect(fault { $0.reports = [Self.reports(signers: 3)] } == "chainlink")
        #expect(fault { $0.reports = [Self.reports(signers: 31, faults: 10)] } == nil)
        #expect(fault { $0.reports = [Self.reports(signers: 32, faults: 10)] } == "chainlink")
        #expect(fault { $0.reports = [Self.reports(), Self.reports()] } == "chainlink")
        #expect(fault { $0.reports = [Self.reports(), Self.reports(digest: 1)] } == nil)
        #expect(
            fault { $0.reports = (0..<65).map { Self.reports(digest: $0) } } == "chainlink")
        #expect(fault { $0.reports[0].signers[1] = $0.reports[0].signers[0] } == "chainlink")
        #expect(
            fault { $0.reports[0].digest = Bytes32([UInt8](repeating: 1, count: 32)) }
                == "chainlink")
    }
}
