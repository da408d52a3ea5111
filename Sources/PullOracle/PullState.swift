/// What a chain knows of those who attest: the parameters of genesis and the guardians of now. It
/// says who must have signed an attestation and which prices it then gives; signatures it does not
/// see.

import Canonical
public import FixedPoint

/// The parameters, and what of them moves.
public struct PullState: Equatable, Sendable {
    public let parameters: PullParameters
    /// Nil where genesis names no guardians.
    public private(set) var guardians: GuardianSets?

    /// The state before the first block.
    public init(parameters: PullParameters) {
        self.parameters = parameters
        guardians = parameters.wormhole.map { GuardianSets(current: $0.set) }
    }

    /// Who must have signed for an attestation to count in a block of time `now`.
    ///
    /// - Throws: `notTaken`, `wrongEmitter`, `unknownGuardianSet`, `guardianSetExpired`,
    ///   `guardianSetNotNext`, `quorumMissing`, `guardiansOutOfOrder`, `unknownConfiguration` or
    ///   `signersMiscounted`.
    public func signers(
        of attestation: Attestation, at now: Timestamp
    ) throws(PullFault) -> RequiredSigners {
        switch attestation {
        case .pyth(let update):
            guard let pyth = parameters.pyth else { throw .notTaken }
            return try guardians(of: update.message, from: pyth.emitter, at: now)
        case .guardians(let upgrade):
            guard let wormhole = parameters.wormhole, let guardians else { throw .notTaken }
            let signers = try self.guardians(
                of: upgrade.message, from: wormhole.governance, at: now)
            guard guardians.isNext(upgrade) else { throw .guardianSetNotNext }
            return signers
        case .report(let report):
            guard !parameters.reports.isEmpty else { throw .notTaken }
            let entry = try self.parameters(of: report)
            guard report.signatures.count == Int(entry.faults) + 1 else {
                throw .signersMiscounted
            }
            return .different(of: entry.signers)
        }
    }

    /// The keys of the guardians whose signatures a message carries.
    private func guardians(
        of message: WormholeMessage, from emitter: WormholeEmitter, at now: Timestamp
    ) throws(PullFault) -> RequiredSigners {
        guard let guardians else { throw .notTaken }
        guard message.emitter == emitter else { throw .wrongEmitter }
        let set = try guardians.set(message.guardianSet, at: now)
        guard message.signatures.count >= set.quorum else { throw .quorumMissing }
        guard let keys = PullState.keys(of: message, in: set) else { throw .guardiansOutOfOrder }
        // The number of the set is not signed: where two would do, only the newer one does.
        for newer in guardians.newer(than: set.index, at: now)
        where PullState.keys(of: message, in: newer) == keys
            && message.signatures.count >= newer.quorum
        {
            throw .guardianSetExpired
        }
        return .each(keys)
    }

    /// By signature, whose it must be; nil where a place is not in the set.
    private static func keys(
        of message: WormholeMessage, in set: GuardianSet
    ) -> [EthereumAddress]? {
        var keys: [EthereumAddress] = []
        for entry in message.signatures {
            guard Int(entry.guardian) < set.guardians.count else { return nil }
            keys.append(set.guardians[Int(entry.guardian)])
        }
        return keys
    }

    private func parameters(of report: ChainlinkReport) throws(PullFault) -> ReportParameters {
        for entry in parameters.reports where entry.digest == report.configuration {
            return entry
        }
        throw .unknownConfiguration
    }

    /// Puts the next guardian set in force; its signatures have been verified.
    ///
    /// - Throws: `notTaken` or `guardianSetNotNext`; nothing has changed then.
    public mutating func replaceGuardians(
        by upgrade: GuardianSetUpgrade, at now: Timestamp
    ) throws(PullFault) {
        guard var sets = guardians else { throw .notTaken }
        try sets.replace(by: upgrade, at: now)
        guardians = sets
    }

    /// Takes over the guardians of a stored state.
    public mutating func restore(_ sets: GuardianSets) { guardians = sets }

    /// One price of an attestation, or why it is none.
    public enum Outcome: Equatable, Sendable {
        case price(AttestedPrice)
        case fault(PullFeed, PullFault)
    }

    /// The prices of an attestation whose signatures have been verified, for every feed that
    /// counts here, in its order. Of a new guardian set there are none.
    ///
    /// - Throws: `withoutFeed`, `notInForce` or `unknownConfiguration`.
    public func prices(
        of attestation: Attestation, at now: Timestamp
    ) throws(PullFault) -> [Outcome] {
        switch attestation {
        case .guardians: return []
        case .pyth(let update):
            var outcomes: [Outcome] = []
            for case .price(let price) in update.messages {
                guard let feed = parameters.pyth?.feeds.first(where: { $0.feed == price.feed })
                else { continue }
                outcomes.append(
                    PullState.outcome(feed) { () throws(PullFault) in
                        try AttestedPrice(price, of: feed)
                    })
            }
            if outcomes.isEmpty { throw .withoutFeed }
            return outcomes
        case .report(let report):
            let body = report.body
            let feeds = try parameters(of: report).feeds
            guard let feed = feeds.first(where: { $0.feed == body.feed }) else {
                throw .withoutFeed
            }
            let second = now.count(of: .seconds(1))
            guard UInt64(body.start) <= second, second < UInt64(body.end) else {
                throw .notInForce
            }
            return [
                PullState.outcome(feed) { () throws(PullFault) in
                    try AttestedPrice(body, of: feed)
                }
            ]
        }
    }

    private static func outcome(
        _ feed: PullFeed, _ read: () throws(PullFault) -> AttestedPrice
    ) -> Outcome {
        do throws(PullFault) {
            return .price(try read())
        } catch {
            return .fault(feed, error)
        }
    }
}
