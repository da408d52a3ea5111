/// A venue that owns its whole consensus and writes whatever it likes: its own events, leaves and
/// headers around a real account. What it cannot write is arithmetic that comes out.

import Accounts
import Canonical
import Catalogue
@testable import Certificates
import Cryptography
import FixedPoint
import Ledger

struct Forgery {
    var certificate: MarginCallCertificate
    var before: HeaderCommitment
    var header: HeaderCommitment
}

extension CertificateVenue {
    /// A certificate of the last block that says what it likes of an account, under headers that
    /// commit to it.
    ///
    /// - Parameters:
    ///   - claim: what the certificate claims; nil is what the leaves give.
    ///   - change: rewrites the values of leaves after the block.
    func forge(
        _ events: [Event], of account: AccountIdentifier, claim: MarginClaim? = nil,
        change: (LeafKey, [UInt8]) -> [UInt8] = { $1 }
    ) throws -> Forgery {
        let bytes = events.map { $0.canonicalBytes }
        let facts = try ChainFacts(
            canonicalBytes: ledger.value(of: .chain) ?? [])
        var forged = facts
        forged.eventsRoot = MerkleList.root(of: bytes)
        forged.nextEvent = header.firstEvent + UInt64(events.count)
        var tree = ledger.tree
        func content(of key: LeafKey) -> [UInt8] {
            key == .chain ? forged.canonicalBytes : change(key, ledger.value(of: key) ?? [])
        }
        let value = accountsBefore[Int(account.number)]
        let held = try Account(canonicalBytes: value)
        let needed = CertificateNeeds.keys(of: held, events, genesis: ledger.genesis) {
            self.ledger.catalogue.instrument($0).map { ($0, false) }
        }
        let keys = (needed ?? []).sorted {
            SparseMerkleTree.path(of: $0.canonicalBytes)
                < SparseMerkleTree.path(of: $1.canonicalBytes)
        }
        tree.update(keys.map { LeafChange(key: $0.canonicalBytes, value: content(of: $0)) })
        let proof = tree.proof(
            ofSeveral: keys.map { SparseMerkleTree.path(of: $0.canonicalBytes) })
        var header = header
        header.root = tree.root
        let name = LeafKey.account(account).canonicalBytes
        let way = try treeBefore.existenceProof(of: name) { _ in
            LeafPreimage(key: name, value: value)
        }
        let bundle = LeafBundle(
            entries: keys.enumerated().map { place, key in
                LeafBundle.Entry(
                    key: key.canonicalBytes, value: content(of: key),
                    depth: UInt16(proof?.depths[place] ?? 0))
            }, siblings: proof?.siblings ?? [])
        let course = try AccountCourse.start(
            held, as: account, events: events,
            state: try CertifiedState(bundle, genesis: ledger.genesis), genesis: ledger.genesis,
            time: header.time, lastTime: headerBefore.time)
        let made = course.claim
        return Forgery(
            certificate: MarginCallCertificate(
                chain: ledger.chain, height: header.height, account: account,
                claim: claim ?? made,
                before: AccountProof(value: value, siblings: way.path.map { $0.sibling }),
                state: bundle,
                events: EventBundle(
                    entries: bytes.enumerated().map {
                        EventBundle.Entry(place: UInt32($0), bytes: $1)
                    },
                    siblings: MerkleLevels(bytes).inclusionProof(of: Array(bytes.indices)) ?? [])),
            before: headerBefore, header: header)
    }

    /// Why a forgery does not convince.
    func fault(of forgery: Forgery) -> CertificateFault? {
        do throws(CertificateFault) {
            try verifier.verify(
                forgery.certificate, before: forgery.before, header: forgery.header)
            return nil
        } catch {
            return error
        }
    }

    /// Why a certificate of the last block does not convince.
    func fault(of certificate: MarginCallCertificate) -> CertificateFault? {
        fault(of: Forgery(certificate: certificate, before: headerBefore, header: header))
    }
}
