/// Checks certificates with two headers and the genesis alone, in the order of `CertificateFault`:
/// first that its parts stand where they must under the two roots, then that the account's margin
/// was what it claims, then that every step was one that the rules allow.
///
/// What is proven: under the consensus that made the headers, this account stood so, these prices
/// were in force, these events happened, and the rules of genesis give these figures. What is not:
/// that the prices were right (`rampart verify margin-call --full` looks at them), and that nothing
/// else happened to the account that the certificate leaves out; but no figure in it could then be
/// reproduced unless what is left out changed neither its money nor its positions.

import Accounts
public import Canonical
import Catalogue
import Cryptography
import FixedPoint
public import Ledger

/// A checker of certificates of one chain.
public struct CertificateVerifier: Sendable {
    let genesis: Genesis
    /// The chain's identifier.
    public let chain: Digest

    public init(genesis: Genesis) {
        self.genesis = genesis
        chain = genesis.chain
    }

    /// Returns what the certificate proves.
    ///
    /// - Parameters:
    ///   - before: the header of the block before.
    ///   - header: the header of the certificate's block.
    /// - Throws: the first fault that applies.
    /// - Complexity: the size of the certificate.
    @discardableResult
    public func verify(
        _ certificate: MarginCallCertificate, before: HeaderCommitment, header: HeaderCommitment
    ) throws(CertificateFault) -> [Event] {
        try check(certificate, before, header)
        let account = try self.account(of: certificate, under: before.root)
        let state = try self.state(of: certificate, header)
        let events = try self.events(of: certificate, state, header)
        try state.check(certificate.state, of: account, events, genesis: genesis)
        var course = try AccountCourse.start(
            account, as: certificate.account, events: events, state: state, genesis: genesis,
            time: header.time, lastTime: before.time)
        var isClaimed = false
        for (place, event) in events.enumerated() {
            if !isClaimed, event.marginSubjects.contains(certificate.account) {
                try CertificateVerifier.compare(certificate.claim, with: course.claim)
                isClaimed = true
            }
            do throws(StepFault) {
                try course.take(event)
            } catch {
                throw .step(place: certificate.events.entries[place].place, error)
            }
        }
        return events
    }

    /// That everything is of one chain, and of the block of the second header.
    private func check(
        _ certificate: MarginCallCertificate, _ before: HeaderCommitment,
        _ header: HeaderCommitment
    ) throws(CertificateFault) {
        guard certificate.chain == chain else { throw .chain(.certificate) }
        guard before.chain == chain else { throw .chain(.headerBefore) }
        guard header.chain == chain else { throw .chain(.header) }
        guard header.height == before.height &+ 1, header.previous == before.hash,
            header.time > before.time
        else { throw .headersNotConsecutive }
        guard certificate.height == header.height else {
            throw .height(expected: header.height, found: certificate.height)
        }
    }

    /// The account as the block before left it.
    private func account(
        of certificate: MarginCallCertificate, under root: Digest
    ) throws(CertificateFault) -> Account {
        let account: Account
        do throws(DecodingFault) {
            account = try Account(canonicalBytes: certificate.before.value)
        } catch {
            throw .accountMalformed
        }
        guard genesis.catalogue.compartment(account.compartment) != nil else {
            throw .accountMalformed
        }
        let key = LeafKey.account(certificate.account).canonicalBytes
        let path = SparseMerkleTree.path(of: key)
        let siblings = certificate.before.siblings
        var steps: [ProofStep] = []
        for (height, sibling) in siblings.enumerated() where siblings.count <= Self.longestPath {
            let goesRight = path.storage.bit(siblings.count - 1 - height)
            steps.append(ProofStep(side: goesRight ? .right : .left, sibling: sibling))
        }
        let proof = ExistenceProof(key: key, value: certificate.before.value, path: steps)
        do throws(ProofRefusal) {
            try proof.verify(root: root)
        } catch {
            throw .accountLeaf
        }
        return account
    }

    /// The bits of a path.
    private static let longestPath = 256

    /// The leaves, all of them under the header's root.
    private func state(
        of certificate: MarginCallCertificate, _ header: HeaderCommitment
    ) throws(CertificateFault) -> CertifiedState {
        let state = try CertifiedState(certificate.state, genesis: genesis)
        guard state.facts.height == header.height, state.facts.time == header.time,
            state.facts.nextEvent >= header.firstEvent
        else { throw .chainFacts }
        if let stale = state.staleUnderlying { throw .stalePrice(stale) }
        let leaves = certificate.state.entries.map {
            ProvenLeaf(
                path: SparseMerkleTree.path(of: $0.key), valueDigest: SHA256.digest($0.value),
                depth: Int($0.depth))
        }
        let root = SparseMerkleTree.root(
            ofSeveral: leaves, siblings: certificate.state.siblings)
        guard root == header.root else { throw .leaves }
        return state
    }

    /// The events, all of them in the block and about the account.
    private func events(
        of certificate: MarginCallCertificate, _ state: CertifiedState, _ header: HeaderCommitment
    ) throws(CertificateFault) -> [Event] {
        var events: [Event] = []
        for entry in certificate.events.entries {
            do throws(DecodingFault) {
                events.append(try Event(canonicalBytes: entry.bytes))
            } catch {
                throw .eventMalformed(place: entry.place)
            }
        }
        let entries = certificate.events.entries
        let root = MerkleList.root(
            certificate.events.siblings, of: entries.map { $0.bytes },
            at: entries.map { Int($0.place) },
            count: Int(clamping: state.facts.nextEvent - header.firstEvent))
        guard root == state.facts.eventsRoot else { throw .events }
        for place in events.indices
        where !events[place].movedAccounts.contains(certificate.account) {
            throw .eventForeign(place: entries[place].place)
        }
        guard events.contains(where: { $0.marginSubjects.contains(certificate.account) }) else {
            throw .nothingDone
        }
        return events
    }

    private static func compare(
        _ claim: MarginClaim, with made: MarginClaim
    ) throws(CertificateFault) {
        guard claim.equity == made.equity else { throw .claim(.equity) }
        guard claim.losses.map({ $0.underlying }) == made.losses.map({ $0.underlying }) else {
            throw .claim(.underlyings)
        }
        for (claimed, loss) in zip(claim.losses, made.losses) {
            guard claimed.scenario == loss.scenario else {
                throw .claim(.scenario(loss.underlying))
            }
            guard claimed.loss == loss.loss else { throw .claim(.loss(loss.underlying)) }
        }
        guard claim.charges == made.charges else { throw .claim(.charges) }
    }
}
