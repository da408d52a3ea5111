/// The signature binds every field: each byte of each command and of the envelope is changed, for
/// both kinds of key, for the master and for an agent; and what a wallet is shown is the digest of
/// typed data that a general encoder makes of the same document.

import Canonical
import Cryptography
import FixedPoint
import Foundation
import TestKit
import Testing

@testable import Ledger

@Suite struct SignatureBindingTests {
    private static let forever = Timestamp(nanoseconds: .max)

    /// An account with a master of the kind that is asked for, and an agent of the same kind.
    private func venue(ethereum: Bool) throws -> (Venue, [Signer]) {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 100_000)[0]
        let (master, agent) =
            ethereum
            ? (TestKeys.ethereum(1), TestKeys.ethereum(2))
            : (TestKeys.usable(1), TestKeys.usable(2))
        let grant = AgentGrant(
            key: agent, scope: .trade, expiry: venue.time.advanced(by: .day))
        try venue.apply(.by(account, .setAgent(7, grant), .rotateMaster(master)))
        return (venue, [.account(account), .agent(account, slot: 7)])
    }

    @Test(arguments: [false, true])
    func `no byte of any command or of its envelope can be changed`(ethereum: Bool) throws {
        var random = SeededGenerator(seed: 71)
        let (venue, signers) = try venue(ethereum: ethereum)
        let expected: [Refusal] = [.malformed, .wrongChain, .unknownSigner, .badSignature]
        for signer in signers {
            for command in SampleCommands.all(&random) {
                let signed = venue.transaction(
                    Send(signer: signer, commands: [command], nonce: 1 << 40),
                    expiry: Self.forever
                ).canonicalBytes
                var block = venue.block([], observations: [])
                for place in signed.indices {
                    var bytes = signed
                    bytes[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
                    block.transactions.append(bytes)
                }
                let outcome = try venue.apply(block)
                #expect(outcome.receipts.count == signed.count)
                for receipt in outcome.receipts {
                    #expect(
                        receipt.refusal.map { expected.contains($0) } ?? false,
                        "\(signer) \(command), byte \(receipt.transaction)")
                }
                #expect(venue.ledger.nonces(of: signer)?.refusal(of: 1 << 40, at: .epoch) == nil)
            }
        }
    }

    @Test func `a signature of the other kind is refused`() throws {
        for ethereum in [false, true] {
            let (venue, signers) = try venue(ethereum: ethereum)
            for signer in signers + [.custodian, .operator] {
                var transaction = venue.transaction(
                    Send(signer: signer, commands: [.cancelAll(nil)]), expiry: Self.forever)
                let zero = Bytes32()
                if case .ethereum = transaction.signature {
                    transaction.signature = .ed25519(Signature(r: zero, s: zero))
                } else {
                    transaction.signature = .ethereum(r: zero, s: zero, parity: 0)
                }
                var block = venue.block([])
                block.transactions = [transaction.canonicalBytes]
                #expect(try venue.apply(block).refusals == [.badSignature])
                let key = try #require(venue.ledger.key(of: signer))
                let statement = SignedStatement(
                    key: key, message: SignedMessage([]), signature: transaction.signature)
                #expect(PortableVerifier().verify([statement]) == [false])
            }
        }
    }

    @Test func `what has to be verified is what a block asks for`() throws {
        for ethereum in [false, true] {
            let (venue, signers) = try venue(ethereum: ethereum)
            for signer in signers {
                let transaction = venue.transaction(
                    Send(signer: signer, commands: [.cancelAll(nil)]), expiry: Self.forever)
                let statement = try #require(
                    venue.ledger.statement(
                        of: transaction, encoded: transaction.canonicalBytes))
                #expect(TestSignatures().verify([statement]) == [true])
                var stranger = transaction
                stranger.signer = .account(AccountIdentifier(9))
                #expect(
                    venue.ledger.statement(of: stranger, encoded: stranger.canonicalBytes) == nil)
            }
        }
    }

    @Test func `the digest is that of the document a wallet is given`() throws {
        var random = SeededGenerator(seed: 72)
        let chain = Digest(SampleCommands.bytes32(&random))
        let typedData = TransactionTypedData(chain: chain)
        for slot in [nil, 1, 32] as [UInt8?] {
            let account = AccountIdentifier(.random(in: 0 ... .max, using: &random))
            let transaction = Transaction(
                chain: chain,
                signer: slot.map { .agent(account, slot: $0) } ?? .account(account),
                nonce: .random(in: 0...(1 << 50), using: &random),
                expiry: Timestamp(nanoseconds: .random(in: 0...(1 << 60), using: &random)),
                commands: SampleCommands.all(&random),
                signature: SampleCommands.signature(&random))
            let document = try TypedData(json: try json(transaction, account, slot ?? 0))
            let expected = try document.digest { Keccak256.hash($0).bytes }
            #expect(typedData.digest(of: transaction)?.bytes == expected)
            #expect(typedData.digest(ofEncoded: transaction.canonicalBytes)?.bytes == expected)
            #expect(transaction.typedDataDigest?.bytes == expected)
        }
        let venue = Transaction(
            chain: chain, signer: .custodian, nonce: 1, expiry: .epoch, commands: [],
            signature: SampleCommands.signature(&random))
        #expect(typedData.digest(of: venue) == nil)
        #expect(typedData.digest(ofEncoded: [1, 2, 3]) == nil)
    }

    /// The typed-data document of a transaction.
    private func json(
        _ transaction: Transaction, _ account: AccountIdentifier, _ key: UInt8
    ) throws -> Data {
        func hex(_ bytes: [UInt8]) -> String {
            "0x" + bytes.map { String(format: "%02x", $0) }.joined()
        }
        func fields(_ list: [(String, String)]) -> [[String: String]] {
            list.map { ["name": $0.1, "type": $0.0] }
        }
        let document: [String: Any] = [
            "types": [
                "EIP712Domain": fields([
                    ("string", "name"), ("string", "version"), ("bytes32", "salt"),
                ]),
                "Transaction": fields([
                    ("uint32", "account"), ("uint8", "key"), ("uint64", "nonce"),
                    ("uint64", "expiry"), ("Command[]", "commands"),
                ]),
                "Command": fields([("string", "summary"), ("bytes", "encoding")]),
            ],
            "primaryType": "Transaction",
            "domain": [
                "name": "Rampart", "version": "1", "salt": hex(transaction.chain.storage.bytes),
            ],
            "message": [
                "account": Int64(account.number), "key": Int64(key),
                "nonce": Int64(transaction.nonce),
                "expiry": Int64(transaction.expiry.nanoseconds),
                "commands": transaction.commands.map { command -> [String: String] in
                    [
                        "summary": String(decoding: command.summary, as: UTF8.self),
                        "encoding": hex(command.canonicalBytes),
                    ]
                },
            ] as [String: Any],
        ]
        return try JSONSerialization.data(withJSONObject: document)
    }
}
