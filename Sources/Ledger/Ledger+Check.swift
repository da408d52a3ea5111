/// Before the stages: is the block canonical, and what has to be verified? Nothing changes here.

import Accounts
import Canonical
public import Cryptography
import FixedPoint
import Oracle

/// A canonical block, its transactions decoded, its signatures listed for one verdict each.
@usableFromInline
struct CheckedBlock {
    /// A transaction as far as it can be judged without a signature.
    enum Candidate {
        case refused(Refusal)
        /// `statement` is the place of its signature in `statements`.
        case decoded(Transaction, statement: Int)
    }

    let block: Block
    /// By transaction.
    var candidates: [Candidate] = []
    /// By bundle; nil for an unknown publisher.
    var bundleStatements: [Int?] = []
    @usableFromInline
    var statements: [SignedStatement] = []
}

extension Ledger {
    /// Judges the form of a block.
    ///
    /// - Throws: `BlockFault`.
    @usableFromInline
    func check(_ block: Block) throws(BlockFault) -> CheckedBlock {
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
        var checked = CheckedBlock(block: block)
        for bundle in block.observations {
            let place = Int(bundle.publisher.number)
            guard place < genesis.publishers.count else {
                checked.bundleStatements.append(nil)
                continue
            }
            checked.bundleStatements.append(checked.statements.count)
            checked.statements.append(
                SignedStatement(
                    key: genesis.publishers[place].key,
                    message: HashLabel.observation.header + bundle.signedBytes(chain: chain),
                    signature: bundle.signature))
        }
        for bytes in block.transactions { examine(bytes, into: &checked) }
        return checked
    }

    private func examine(_ bytes: [UInt8], into checked: inout CheckedBlock) {
        guard bytes.count <= Transaction.byteLimit,
            let transaction = decodedTransaction(bytes)
        else {
            checked.candidates.append(.refused(.malformed))
            return
        }
        guard transaction.chain == chain else {
            checked.candidates.append(.refused(.wrongChain))
            return
        }
        guard let key = key(of: transaction.signer) else {
            checked.candidates.append(.refused(.unknownSigner))
            return
        }
        checked.candidates.append(.decoded(transaction, statement: checked.statements.count))
        checked.statements.append(
            SignedStatement(
                key: key, message: transaction.signedBytes, signature: transaction.signature))
    }

    private func decodedTransaction(_ bytes: [UInt8]) -> Transaction? {
        do {
            return try Transaction(canonicalBytes: bytes)
        } catch {
            return nil
        }
    }

    private func key(of signer: Signer) -> PublicKey? {
        switch signer {
        case .account(let identifier): accounts.account(identifier)?.owner
        case .custodian: genesis.custodian
        case .operator: genesis.operator
        }
    }
}
