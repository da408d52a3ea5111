/// The raw path: signed transactions in, receipts out; and the state behind everything, leaf by
/// leaf, with the proof that it is under the root.

import Accounts
import Canonical
import Catalogue
import Cryptography
import FixedPoint
import JSON
import Ledger
import Oracle

enum ChainMethods {
    static let all: [Method] = [submit, observe, attest, leaf, account, chain, nonce]

    /// A transaction's credits do not depend on its commands: admission has limits of its own.
    static let submit = Method(
        "public/submit_transaction",
        """
        Puts a signed transaction on the chain. The answer comes when its block is on disk, with a \
        receipt for each command; one that is refused as a whole is an error.
        """,
        [
            .required(
                "transaction", .text(2...(3 * Transaction.byteLimit)),
                "The canonical bytes, signature included."),
            .optional("encoding", .oneOf(["hex", "base64"]), "hex by default."),
            .optional("details", .boolean, "Whether to say what became of orders and withdrawals."),
        ],
        result: .object([
            .required("height", .integer()), .required("timestamp", .integer()),
            .required("place", .integer(), "In the block."),
            .required(
                "receipts",
                .list(
                    .object(
                        [
                            .required("command", .integer()), .required("accepted", .boolean),
                            .optional("order_id", .text()), .optional("reason", .text()),
                            .optional("refusal", .integer()),
                        ] + Schema.receiptDetails))), Schema.withdrawalDetails,
        ])
    ) { gateway, call, writer throws(APIError) in
        let text = try call.requiredText("transaction")
        let isBase64 = call.text("encoding") == "base64"
        guard let bytes = isBase64 ? Base64.bytes(text) : Hexadecimal.bytes(text),
            bytes.count <= Transaction.byteLimit
        else { throw .parameter("transaction", "wrong format") }
        let account = call.boolean("details") == true ? signer(of: bytes) : nil
        return try gateway.submit(bytes, from: call.session) {
            gateway, transaction, ledger, writer throws(APIError) in
            try ChainMethods.write(transaction, detailsOf: account, ledger, &writer)
        }
    }

    /// The account for which a transaction is signed; nil where it is none.
    private static func signer(of bytes: [UInt8]) -> AccountIdentifier? {
        do throws(DecodingFault) {
            return try Transaction(canonicalBytes: bytes).signer.account
        } catch {
            return nil
        }
    }

    /// - Parameter account: whose orders and withdrawals are told of; nil is told nothing.
    private static func write(
        _ transaction: CommittedTransaction, detailsOf account: AccountIdentifier?,
        _ ledger: Ledger, _ writer: inout JSONWriter
    ) throws(APIError) {
        if let whole = transaction.receipts.first(where: { $0.command == nil }),
            let refusal = whole.refusal
        {
            throw APIError(refusal)
        }
        writer.beginObject()
        writer.name("height")
        writer.integer(transaction.block.outcome.height)
        writer.name("timestamp")
        writer.integer(transaction.block.time.milliseconds)
        writer.name("place")
        writer.integer(transaction.place)
        writer.name("receipts")
        writer.beginArray()
        for receipt in transaction.receipts {
            writer.beginObject()
            writer.name("command")
            writer.integer(receipt.command ?? 0)
            writer.name("accepted")
            writer.boolean(receipt.refusal == nil)
            if let order = receipt.order { writer.member("order_id", String(order.number)) }
            if let refusal = receipt.refusal {
                writer.member("reason", String(describing: refusal))
                writer.name("refusal")
                writer.integer(refusal.rawValue)
            }
            if account != nil, let order = receipt.order {
                let details = OrderDetails(order, transaction.block.outcome.events)
                if let instrument = details.instrument {
                    writer.details(
                        details, ledger.catalogue.instruments[Int(instrument.number)])
                }
            }
            writer.endObject()
        }
        writer.endArray()
        if let account { writer.withdrawals(of: account, transaction.block.outcome.events) }
        writer.endObject()
    }

    static let leaf = Method(
        "public/get_leaf",
        """
        A leaf of the state tree with its Merkle proof, at the last block. Hash the tag 00 with \
        the hashes of key and value, then with the tag 01 each sibling on its side: that is the \
        root.
        """,
        [.required("key", .text(2...256), "The canonical bytes of the leaf's name, in hex.")],
        result: .object([
            .required("key", .text()), .required("value", .text(1...(1 << 20))),
            .required("height", .integer()), .required("root", .text()),
            .required("proof", proofShape),
        ])
    ) { gateway, call, writer throws(APIError) in
        guard let bytes = Hexadecimal.bytes(try call.requiredText("key")) else {
            throw .parameter("key", "wrong format")
        }
        try ChainMethods.writeLeaf(bytes, call.ledger, &writer)
        return .done
    }

    private static func writeLeaf(
        _ bytes: [UInt8], _ ledger: Ledger, _ writer: inout JSONWriter
    ) throws(APIError) {
        let key: LeafKey
        do throws(DecodingFault) {
            key = try LeafKey(canonicalBytes: bytes)
        } catch {
            throw .parameter("key", "not the name of a leaf")
        }
        guard let value = ledger.value(of: key) else {
            throw APIError(.notFound, reason: "there is no such leaf")
        }
        let proof = try proof(of: bytes, value: value, ledger)
        writer.beginObject()
        writer.member("key", Hexadecimal.text(bytes))
        writer.member("value", Hexadecimal.text(value))
        writer.name("height")
        writer.integer(ledger.height)
        writer.member("root", Hexadecimal.text(ledger.root.storage.bytes))
        writer.name("proof")
        writer.steps(of: proof)
        writer.endObject()
    }

    static let chain = Method(
        "public/get_chain", "Which chain this is and where it stands.",
        result: .object([
            .required("name", .text()),
            .required("chain_id", .text(), "The hash of the genesis: what transactions name."),
            .required("height", .integer()), .required("timestamp", .integer()),
            .required("root", .text()), .required("genesis_timestamp", .integer()),
        ])
    ) { gateway, call, writer throws(APIError) in
        let ledger = call.ledger
        var fields = Fields()
        fields.add("name", ledger.genesis.name.text)
        fields.add("chain_id", Hexadecimal.text(ledger.chain.storage.bytes))
        fields.add("height", .integer(Int64(clamping: ledger.height)))
        fields.add("timestamp", .instant(ledger.time))
        fields.add("root", Hexadecimal.text(ledger.root.storage.bytes))
        fields.add("genesis_timestamp", .instant(ledger.genesis.time))
        writer.value(fields.value)
        return .done
    }

    static let nonce = Method(
        "public/get_nonce", "The highest nonce that a key of an account has used.",
        [
            .required("account", .integer(0...Int64(UInt32.max))),
            .optional(
                "slot",
                .integer(Int64(AccountKeys.slots.lowerBound)...Int64(AccountKeys.slots.upperBound)),
                "Of the agent key; the master key where it is missing."),
        ],
        result: .object([
            .required("account", .integer()), .required("last_nonce", .integer()),
            .required("next_nonce", .integer()),
        ])
    ) { gateway, call, writer throws(APIError) in
        let number = UInt32(truncatingIfNeeded: try call.requiredInteger("account"))
        let account = AccountIdentifier(number)
        let signer: Signer =
            call.integer("slot").map {
                .agent(account, slot: UInt8(truncatingIfNeeded: $0))
            } ?? .account(account)
        guard let window = call.ledger.nonces(of: signer) else {
            throw APIError(.notFound, reason: "there is no such account")
        }
        writer.beginObject()
        writer.name("account")
        writer.integer(number)
        writer.name("last_nonce")
        writer.integer(window.highest)
        writer.name("next_nonce")
        writer.integer(window.highest &+ 1)
        writer.endObject()
        return .done
    }

    /// Takes no credits beyond a request's: who signs is known, and bundles replace each other.
    static let observe = Method(
        "public/submit_observation",
        """
        Takes a publisher's signed prices. They go into the next block, unless newer ones of the \
        same publisher come first.
        """,
        [.required("observation", .text(2...(1 << 18)), "The canonical bytes in hex.")],
        result: .text()
    ) { gateway, call, writer throws(APIError) in
        guard let bytes = Hexadecimal.bytes(try call.requiredText("observation")),
            let bundle = try? ObservationBundle(canonicalBytes: bytes)
        else { throw .parameter("observation", "wrong format") }
        let publishers = call.ledger.genesis.publishers
        guard Int(bundle.publisher.number) < publishers.count,
            publishers[Int(bundle.publisher.number)].kind == .signer
        else {
            throw APIError(Refusal.unknownPublisher)
        }
        let statement = SignedStatement(
            key: publishers[Int(bundle.publisher.number)].key,
            message: SignedMessage(
                label: .observation, bundle.signedBytes(chain: call.ledger.chain)),
            signature: bundle.signature)
        guard PortableVerifier().verify([statement]) == [true] else {
            throw APIError(Refusal.badObservationSignature)
        }
        gateway.act(.observe(bundle, statement))
        writer.string("ok")
        return .done
    }
}
