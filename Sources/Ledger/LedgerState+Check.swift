/// Before the stages: is the block canonical, and what has to be verified? Of the state nothing
/// changes here; what was read goes into buffers that the ledger keeps from block to block.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import Oracle
import PullOracle

/// A canonical block taken apart: its transactions decoded, all their commands in one array, its
/// signatures listed for one verdict each.
struct CheckedBlock {
    /// A transaction as far as it can be judged without a signature.
    enum Candidate {
        case refused(Refusal)
        /// `statement` is the place of its signature in `statements`.
        case decoded(TransactionHeader, commands: Range<Int>, statement: Int)
    }

    /// By transaction.
    var candidates: [Candidate] = []
    /// Of all decoded transactions, in the order of the block.
    var commands = CommandList()
    /// By bundle; nil for an unknown publisher.
    var bundleStatements: [Int?] = []
    var statements: [SignedStatement] = []
    /// By attested payload.
    var attested: [CheckedAttestation] = []
    /// The signatures of all attested payloads, in order.
    var attestedSignatures: [RecoverableSignature] = []
    /// By bundle: room for what its publisher signed, which lasts from block to block.
    private var signed: [ByteStrings] = []

    /// What the publisher of the bundle at a place signed.
    mutating func message(_ bundle: ObservationBundle, at place: Int, chain: Digest)
        -> SignedMessage
    {
        while signed.count <= place { signed.append(ByteStrings()) }
        signed[place].removeAll()
        signed[place].append { bundle.encodeSigned(chain: chain, into: &$0) }
        let bytes = signed[place].storage
        return SignedMessage(
            label: .observation, bytes,
            unsigned: bytes.count - signed[place].range(of: 0).upperBound)
    }

    /// Forgets the block and keeps the room.
    mutating func removeAll() {
        candidates.removeAll(keepingCapacity: true)
        commands.removeAll()
        bundleStatements.removeAll(keepingCapacity: true)
        statements.removeAll(keepingCapacity: true)
        attested.removeAll(keepingCapacity: true)
        attestedSignatures.removeAll(keepingCapacity: true)
    }
}

extension LedgerState {
    /// Judges the form of a block and takes it apart.
    ///
    /// - Returns: what has to be verified.
    /// - Throws: `BlockFault`.
    mutating func check(_ block: Block) throws(BlockFault) -> [SignedStatement] {
        guard block.height == facts.height + 1 else {
            throw .wrongHeight(expected: facts.height + 1, found: block.height)
        }
        guard block.time > facts.time else {
            throw .timeNotLater(last: facts.time, found: block.time)
        }
        for place in block.observations.indices.dropFirst()
        where block.observations[place].publisher <= block.observations[place - 1].publisher {
            throw .observationsOutOfOrder(place: place)
        }
        guard block.transactions.count <= Block.transactionLimit else {
            throw .tooManyTransactions(block.transactions.count)
        }
        guard block.attested.count <= Block.attestedLimit else {
            throw .tooManyAttested(block.attested.count)
        }
        // Taken out while it is filled: what fills it reads the rest of the state.
        var filled = CheckedBlock()
        swap(&filled, &checked)
        filled.removeAll()
        for bundle in block.observations { list(bundle, in: &filled) }
        for payload in block.attested { list(payload, at: block.time, in: &filled) }
        for place in block.transactions.indices {
            let candidate = examine(block.transactions[place], into: &filled)
            filled.candidates.append(candidate)
        }
        swap(&filled, &checked)
        return checked.statements
    }

    /// Lists the signature of a bundle whose publisher is known.
    private mutating func list(_ bundle: ObservationBundle, in checked: inout CheckedBlock) {
        let place = Int(bundle.publisher.number)
        guard place < genesis.publishers.count, genesis.publishers[place].kind == .signer else {
            checked.bundleStatements.append(nil)
            return
        }
        checked.bundleStatements.append(checked.statements.count)
        checked.statements.append(
            SignedStatement(
                key: genesis.publishers[place].key,
                message: checked.message(
                    bundle, at: checked.bundleStatements.count - 1, chain: chain),
                signature: bundle.signature))
    }

    /// Decodes a transaction, and lists its commands and its signature if it is not refused.
    private mutating func examine(
        _ bytes: [UInt8], into checked: inout CheckedBlock
    ) -> CheckedBlock.Candidate {
        let mark = checked.commands.mark
        let first = checked.commands.count
        guard bytes.count <= Transaction.byteLimit,
            let (header, signature) = decode(bytes, into: &checked.commands)
        else { return refuse(.malformed, after: mark, &checked.commands) }
        guard header.chain == chain else {
            return refuse(.wrongChain, after: mark, &checked.commands)
        }
        guard let key = key(of: header.signer) else {
            return refuse(.unknownSigner, after: mark, &checked.commands)
        }
        guard let statement = statement(ofEncoded: bytes, by: key, signature) else {
            return refuse(.badSignature, after: mark, &checked.commands)
        }
        checked.statements.append(statement)
        return .decoded(
            header, commands: first..<checked.commands.count,
            statement: checked.statements.count - 1)
    }

    private mutating func decode(
        _ bytes: [UInt8], into commands: inout CommandList
    ) -> (TransactionHeader, SignerSignature)? {
        var decoder = CanonicalDecoder(bytes)
        do throws(DecodingFault) {
            let header = try TransactionHeader(from: &decoder)
            try commands.appendBatch(from: &decoder)
            let signature: SignerSignature = try decoder.value()
            try decoder.finish()
            return (header, signature)
        } catch {
            return nil
        }
    }

    /// Takes the commands of a refused transaction back out.
    private mutating func refuse(
        _ refusal: Refusal, after mark: CommandList.Mark, _ commands: inout CommandList
    ) -> CheckedBlock.Candidate {
        commands.remove(after: mark)
        return .refused(refusal)
    }

    /// What has to be verified of an encoded transaction; nil where key and signature are of
    /// different kinds.
    ///
    /// - Precondition: `bytes` is the encoding of a transaction that ends with `signature`.
    func statement(
        ofEncoded bytes: [UInt8], by key: SignerKey, _ signature: SignerSignature
    ) -> SignedStatement? {
        switch (key, signature) {
        case (.ed25519, .ed25519):
            return SignedStatement(
                key: key, message: Transaction.signedMessage(ofEncoded: bytes, signature),
                signature: signature)
        case (.ethereum, .ethereum):
            guard let digest = typedData.digest(ofEncoded: bytes) else { return nil }
            return SignedStatement(
                key: key, message: SignedMessage(digest.bytes), signature: signature)
        default: return nil
        }
    }
}
