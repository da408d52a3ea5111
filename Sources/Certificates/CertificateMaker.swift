/// Makes the certificates of a block that has just been applied, from what the ledger kept of the
/// accounts before it and what the tree holds after it. It states and judges nothing: where a venue
/// has not kept to its rules, it gets a paper that nobody accepts.

import Accounts
import Canonical
import Catalogue
import Cryptography
package import FixedPoint
package import Ledger
import Markets

package enum CertificateMaker {
    /// The certificates of the last block, ascending by account. The work is that of the accounts
    /// that it was hard on; a block without any costs nothing.
    ///
    /// - Parameters:
    ///   - ledger: with `collectsEvidence`, and no block applied since.
    ///   - lastTime: of the block before.
    /// - Throws: where a leaf is not what the venue's own rules make of it.
    package static func certificates(
        of outcome: BlockOutcome, from ledger: Ledger, lastTime: Timestamp
    ) throws(CertificateFault) -> [MarginCallCertificate] {
        guard !ledger.evidence.isEmpty else { return [] }
        let levels = MerkleLevels(outcome.events.map { $0.canonicalBytes })
        let moves = moves(in: outcome.events, of: ledger.evidence)
        var made: [MarginCallCertificate] = []
        for (evidence, places) in zip(ledger.evidence, moves) {
            made.append(
                try certificate(of: outcome, places, evidence, levels, ledger, lastTime))
        }
        return made
    }

    /// The places of the events that move each account, up to the last that a certificate tells.
    private static func moves(
        in events: [Event], of evidence: [AccountEvidence]
    ) -> [[Int]] {
        var all = [[Int]](repeating: [], count: evidence.count)
        var told = [Int](repeating: 0, count: evidence.count)
        for (place, event) in events.enumerated() {
            let subjects = event.marginSubjects
            for account in event.movedAccounts {
                guard let row = row(of: account, in: evidence) else { continue }
                all[row].append(place)
                if subjects.contains(account) { told[row] = all[row].count }
            }
        }
        return zip(all, told).map { Array($0.prefix($1)) }
    }

    private static func row(
        of account: AccountIdentifier, in evidence: [AccountEvidence]
    ) -> Int? {
        var low = 0
        var high = evidence.count
        while low < high {
            let middle = (low + high) >> 1
            if evidence[middle].account < account { low = middle + 1 } else { high = middle }
        }
        return low < evidence.count && evidence[low].account == account ? low : nil
    }

    private static func certificate(
        of outcome: BlockOutcome, _ places: [Int], _ evidence: AccountEvidence,
        _ levels: MerkleLevels, _ ledger: Ledger, _ lastTime: Timestamp
    ) throws(CertificateFault) -> MarginCallCertificate {
        let events = places.map { outcome.events[$0] }
        let account: Account
        do throws(DecodingFault) {
            account = try Account(canonicalBytes: evidence.value)
        } catch {
            throw .accountMalformed
        }
        let bundle = try bundle(for: account, events, ledger)
        let genesis = ledger.genesis
        var course = try AccountCourse.start(
            account, as: evidence.account, events: events,
            state: try CertifiedState(bundle, genesis: genesis), genesis: genesis,
            time: ledger.time, lastTime: lastTime)
        for (place, event) in events.enumerated() {
            if event.marginSubjects.contains(evidence.account) { break }
            do throws(StepFault) {
                try course.take(event)
            } catch {
                throw .step(place: UInt32(places[place]), error)
            }
        }
        return MarginCallCertificate(
            chain: ledger.chain, height: outcome.height, account: evidence.account,
            claim: course.claim,
            before: AccountProof(
                value: evidence.value, siblings: evidence.path.map { $0.sibling }),
            state: bundle,
            events: EventBundle(
                entries: places.map {
                    EventBundle.Entry(
                        place: UInt32($0), bytes: outcome.events[$0].canonicalBytes)
                },
                siblings: levels.inclusionProof(of: places) ?? []))
    }

    /// The leaves that an account's certificate needs, with their proof under the root.
    private static func bundle(
        for account: Account, _ events: [Event], _ ledger: Ledger
    ) throws(CertificateFault) -> LeafBundle {
        let phases = ledger.phases
        let needed = CertificateNeeds.keys(of: account, events, genesis: ledger.genesis) {
            (identifier) -> (instrument: Instrument, isSettled: Bool)? in
            guard let instrument = ledger.catalogue.instrument(identifier) else { return nil }
            if case .settled = phases[Int(identifier.number)] { return (instrument, true) }
            return (instrument, false)
        }
        var keys: [(key: LeafKey, path: Digest)] = []
        for key in needed ?? [] {
            keys.append((key, SparseMerkleTree.path(of: key.canonicalBytes)))
        }
        keys.sort { $0.path < $1.path }
        guard let proof = ledger.tree.proof(ofSeveral: keys.map { $0.path }) else {
            throw .leaves
        }
        var entries: [LeafBundle.Entry] = []
        for (place, entry) in keys.enumerated() {
            let key = entry.key.canonicalBytes
            guard let value = ledger.value(of: entry.key) else { throw .leafMissing(key: key) }
            entries.append(
                LeafBundle.Entry(
                    key: key, value: value, depth: UInt16(proof.depths[place])))
        }
        return LeafBundle(entries: entries, siblings: proof.siblings)
    }
}
