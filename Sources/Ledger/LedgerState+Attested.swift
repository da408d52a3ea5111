/// What others attest, in the ledger: payloads are taken apart and their signers named before the
/// stages; when the signatures have been recovered, prices go to the index as words of publishers,
/// and a new guardian set counts from the next block on (`PullOracle`; `docs/pull-oracles.md`).

public import Canonical
public import Cryptography
public import FixedPoint
import Oracle
public import PullOracle

/// An attested payload before its signatures are known.
enum CheckedAttestation {
    case refused(Refusal)
    /// `signatures` are its places in the list of the block.
    case read(Attestation, RequiredSigners, signatures: Range<Int>)
}

extension LedgerState {
    // MARK: Stage 0

    /// Takes a payload apart and lists its signatures, if it can count in a block of this time.
    func list(_ payload: [UInt8], at time: Timestamp, in checked: inout CheckedBlock) {
        do throws(PullFault) {
            let attestation = try Attestation(payload)
            guard let pull else { throw .notTaken }
            let signers = try pull.signers(of: attestation, at: time)
            let first = checked.attestedSignatures.count
            checked.attestedSignatures += attestation.signatures
            checked.attested.append(
                .read(
                    attestation, signers, signatures: first..<checked.attestedSignatures.count))
        } catch {
            checked.attested.append(.refused(Refusal(error)))
        }
    }

    // MARK: Stage 2

    /// Judges what the block's payloads say, in their order.
    mutating func observeAttested(recovered: [EthereumAddress?]) {
        for place in checked.attested.indices {
            do throws(PullFault) {
                switch checked.attested[place] {
                case .refused(let refusal): refuse(place, refusal)
                case .read(let attestation, let signers, let signatures):
                    if let fault = signers.fault(recovered[signatures]) { throw fault }
                    try take(attestation)
                }
            } catch {
                refuse(place, Refusal(error))
            }
        }
    }

    private mutating func refuse(_ place: Int, _ refusal: Refusal) {
        emit(.attestationRefused(place: UInt16(place), refusal))
    }

    /// Takes over what a verified payload says.
    private mutating func take(_ attestation: Attestation) throws(PullFault) {
        guard let outcomes = try pull?.prices(of: attestation, at: facts.time) else { return }
        if case .guardians(let upgrade) = attestation {
            try pull?.replaceGuardians(by: upgrade, at: facts.time)
            let end = facts.time.advanced(by: GuardianSets.grace)
            emit(.guardianSetChanged(upgrade.set.index, previousEnd: end))
        }
        for outcome in outcomes {
            switch outcome {
            case .fault(let feed, let fault): refuse(feed, Refusal(fault))
            case .price(let price):
                if let refusal = refusal(of: price, at: facts.time) {
                    refuse(price.feed, refusal)
                    continue
                }
                feeds[Int(price.feed.underlying.number)].record(
                    Observation(
                        underlying: price.feed.underlying, price: price.price,
                        source: price.feed.source, confidence: price.confidence),
                    from: price.feed.publisher, at: price.time)
            }
        }
    }

    private mutating func refuse(_ feed: PullFeed, _ refusal: Refusal) {
        emit(.attestedPriceRefused(feed.publisher, feed.underlying, refusal))
    }

    /// The first reason to refuse an attested price, as of a bundle's; what it says is judged with
    /// all others, in the quote currency of the index (`PriceJudge`).
    private func refusal(of price: AttestedPrice, at now: Timestamp) -> Refusal? {
        let place = Int(price.feed.underlying.number)
        guard price.time <= now else { return .observationFromFuture }
        if let last = feeds[place].lastTime(of: price.feed.publisher), last >= price.time {
            return .observationNotNewer
        }
        guard
            now.elapsed(since: price.time) <= genesis.oracles[place].haltAge
                || !genesis.safeguards.isOn(.staleness)
        else { return .observationTooOld }
        return nil
    }

    // MARK: Admission

    /// What a payload would do in a block of this time, once its signatures are recovered.
    ///
    /// - Throws: the first reason for which it would do nothing.
    func admission(
        of payload: [UInt8], at time: Timestamp
    ) throws(Refusal) -> AttestationAdmission {
        var scratch = CheckedBlock()
        list(payload, at: time, in: &scratch)
        switch scratch.attested[0] {
        case .refused(let refusal): throw refusal
        case .read(let attestation, let signers, _):
            var prices: [AttestedPrice] = []
            var reason: Refusal?
            do throws(PullFault) {
                for outcome in try pull?.prices(of: attestation, at: time) ?? [] {
                    switch outcome {
                    case .fault(_, let fault): reason = reason ?? Refusal(fault)
                    case .price(let price):
                        if let refusal = refusal(of: price, at: time) {
                            reason = reason ?? refusal
                        } else {
                            prices.append(price)
                        }
                    }
                }
            } catch {
                throw Refusal(error)
            }
            if prices.isEmpty, let reason { throw reason }
            return AttestationAdmission(
                prices: prices, signatures: attestation.signatures, signers: signers)
        }
    }
}

/// What stands between an attested payload and the next block: its signatures.
public struct AttestationAdmission: Sendable {
    /// The prices that would count; none for a guardian set.
    public let prices: [AttestedPrice]
    /// What has to be recovered.
    public let signatures: [RecoverableSignature]
    private let signers: RequiredSigners

    init(
        prices: [AttestedPrice], signatures: [RecoverableSignature], signers: RequiredSigners
    ) {
        self.prices = prices
        self.signatures = signatures
        self.signers = signers
    }

    /// What is wrong with who signed; nil where nothing is.
    ///
    /// - Parameter recovered: by signature, whose it is.
    public func refusal(recovered: [EthereumAddress?]) -> Refusal? {
        signers.fault(recovered[...]).map { Refusal($0) }
    }
}

extension Ledger {
    /// Judges an attested payload for a block of this time by everything but its signatures.
    ///
    /// - Throws: the first reason for which it would do nothing.
    public func admission(
        of payload: [UInt8], at time: Timestamp
    ) throws(Refusal) -> AttestationAdmission {
        try state.admission(of: payload, at: time)
    }

    /// Who attests prices over Wormhole; nil where genesis takes none.
    public var guardians: GuardianSets? { state.pull?.guardians }
}

extension Refusal {
    /// How the ledger names a fault of what others attest.
    init(_ fault: PullFault) {
        self =
            switch fault {
            case .malformed: .attestedMalformed
            case .notTaken: .attestedNotTaken
            case .wrongProof: .attestedProofWrong
            case .withoutFeed: .attestedWithoutFeed
            case .outOfScale: .attestedPriceOutOfScale
            case .wrongEmitter: .wrongEmitter
            case .unknownGuardianSet: .unknownGuardianSet
            case .guardianSetExpired: .guardianSetExpired
            case .guardiansOutOfOrder: .guardiansOutOfOrder
            case .quorumMissing: .guardianQuorumMissing
            case .badGuardianSignature: .badGuardianSignature
            case .guardianSetNotNext: .guardianSetNotNext
            case .unknownConfiguration: .unknownReportConfiguration
            case .signersMiscounted: .reportSignersMiscounted
            case .unknownSigner: .unknownReportSigner
            case .signerTwice: .reportSignerTwice
            case .notInForce: .reportNotInForce
            case .withoutPrice: .reportWithoutPrice
            case .crossed: .reportCrossed
            }
    }
}
