/// Which prices of the oracles of other chains count here, and by whose signatures. All of it is
/// fixed at genesis but the guardian set, which Wormhole itself moves on (`PullState`).

public import Canonical

/// Whose attested prices a chain takes, and as what.
public struct PullParameters: Equatable, Sendable {
    /// The guardians at genesis; nil takes nothing that comes over Wormhole.
    public var wormhole: WormholeParameters?
    /// Prices of Pyth, which come over Wormhole.
    public var pyth: PythParameters?
    /// Whose reports of Chainlink count, by the digest of their configuration.
    public var reports: [ReportParameters]

    public init(
        wormhole: WormholeParameters? = nil, pyth: PythParameters? = nil,
        reports: [ReportParameters] = []
    ) {
        self.wormhole = wormhole
        self.pyth = pyth
        self.reports = reports
    }

    /// Most feeds of Pyth, and of one configuration.
    public static let feedLimit = 256
    /// Most configurations of Chainlink.
    public static let reportLimit = 64

    /// The first field that is out of range, by name.
    public var faultyField: StaticString? {
        if let wormhole, !wormhole.set.isValid { return "wormhole" }
        if let pyth {
            if wormhole == nil { return "wormhole" }
            if !PullParameters.areValid(pyth.feeds) { return "pyth" }
        }
        if reports.count > PullParameters.reportLimit { return "chainlink" }
        for (place, entry) in reports.enumerated() {
            if !entry.isValid || !PullParameters.areValid(entry.feeds) { return "chainlink" }
            for earlier in reports[..<place] where earlier.digest == entry.digest {
                return "chainlink"
            }
        }
        return nil
    }

    /// Whether there are feeds, not too many, no name stands twice, and no publisher speaks twice
    /// of one underlying.
    private static func areValid(_ feeds: [PullFeed]) -> Bool {
        guard (1...feedLimit).contains(feeds.count) else { return false }
        for (place, entry) in feeds.enumerated() {
            for earlier in feeds[..<place] {
                if earlier.feed == entry.feed { return false }
                if earlier.publisher == entry.publisher, earlier.underlying == entry.underlying {
                    return false
                }
            }
        }
        return true
    }
}

/// The guardians of Wormhole at genesis.
public struct WormholeParameters: Equatable, Sendable {
    public var set: GuardianSet
    /// Who announces new sets.
    public var governance: WormholeEmitter

    public init(set: GuardianSet, governance: WormholeEmitter = .governance) {
        self.set = set
        self.governance = governance
    }
}

extension WormholeEmitter {
    /// The governance contract of Wormhole: chain 1, an address of 4.
    public static let governance = WormholeEmitter(
        chain: 1, address: Bytes32([UInt8](repeating: 0, count: 31) + [4]))
}

/// Whose root of prices counts, and which prices.
public struct PythParameters: Equatable, Sendable {
    public var emitter: WormholeEmitter
    public var feeds: [PullFeed]

    public init(emitter: WormholeEmitter, feeds: [PullFeed]) {
        self.emitter = emitter
        self.feeds = feeds
    }
}

/// One configuration of Chainlink: who signs, and which feeds.
public struct ReportParameters: Equatable, Sendable {
    /// Names the configuration in every report.
    public var digest: Bytes32
    public var signers: [EthereumAddress]
    /// How many signers may be at fault (f): one more must sign.
    public var faults: UInt8
    public var feeds: [PullFeed]

    public init(digest: Bytes32, signers: [EthereumAddress], faults: UInt8, feeds: [PullFeed]) {
        self.digest = digest
        self.signers = signers
        self.faults = faults
        self.feeds = feeds
    }

    /// Most signers. Source: Chainlink, `Verifier.sol`, MAX_NUM_ORACLES.
    public static let signerLimit = 31

    /// Whether there are more than three times as many signers as may be at fault, none twice.
    var isValid: Bool {
        guard faults >= 1, signers.count > 3 * Int(faults),
            signers.count <= ReportParameters.signerLimit, digest[0] == 0
        else { return false }
        for (place, signer) in signers.enumerated() where signers[..<place].contains(signer) {
            return false
        }
        return true
    }
}

extension PullParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(wormhole)
        encoder.append(pyth)
        encoder.append(reports)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        wormhole = try decoder.optional()
        pyth = try decoder.optional()
        reports = try decoder.list(limit: PullParameters.reportLimit)
    }
}

extension WormholeParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(set)
        encoder.append(governance)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        set = try decoder.value()
        governance = try decoder.value()
    }
}

extension PythParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(emitter)
        encoder.append(feeds)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        emitter = try decoder.value()
        feeds = try decoder.list(limit: PullParameters.feedLimit)
    }
}

extension ReportParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(digest)
        encoder.append(signers)
        encoder.append(faults)
        encoder.append(feeds)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        digest = try decoder.bytes32()
        signers = try decoder.list(limit: ReportParameters.signerLimit)
        faults = try decoder.byte()
        feeds = try decoder.list(limit: PullParameters.feedLimit)
    }
}
