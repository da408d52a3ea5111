/// A leaf of the state with the proof that it stands under a root, as a node hands it out and as
/// files keep it. Nothing of it is believed: the proof is checked here, and a root is only worth
/// something if it comes from whom one trusts.

import Canonical
import Certificates
import Cryptography
import JSON
import Ledger

/// A root that the user has from elsewhere.
struct TrustedRoot: Equatable {
    let root: Digest
    /// Nil where only the root is known.
    let height: UInt64?
    /// Where it comes from, for messages.
    let source: String

    static let flags = [
        CommandFlag("--root", "HEX", "a root that you trust, to compare the node's with"),
        CommandFlag("--headers", "FILE", "the same from the headers of a block and the one before"),
    ]

    /// What the flags name; nil where they name none.
    ///
    /// - Throws: `CommandFault` for a root that is none, and for both at once.
    static func read(_ arguments: CommandArguments) throws(CommandFault) -> TrustedRoot? {
        if let text = arguments["--root"] {
            guard !arguments.has("--headers") else {
                throw .usage("--root and --headers both name a root; give one of them")
            }
            guard let bytes = HexText.bytes(text), bytes.count == Bytes32.byteCount else {
                throw .usage("--root is '\(text)', not 64 hexadecimal digits")
            }
            return TrustedRoot(root: Digest(Bytes32(bytes)), height: nil, source: "--root")
        }
        guard let path = arguments["--headers"] else { return nil }
        let header = HeaderCommitment(try CertificateHeaders.read(path).header)
        return TrustedRoot(root: header.root, height: header.height, source: path)
    }

    /// Refuses another block's proof.
    ///
    /// - Throws: `CommandFault`.
    func check(_ root: Digest, height: UInt64) throws(CommandFault) {
        if let expected = self.height, expected != height {
            throw CommandFault(
                "the proof is of block \(height) and \(source) of block \(expected); take the "
                    + "header of block \(height), or a proof that was saved at block \(expected)",
                exit: ExitCode.refused)
        }
        guard root == self.root else {
            throw CommandFault(
                "the proof is under root \(HexText.text(root.storage.bytes)), which is not that of "
                    + "\(source); if both are of block \(height), the node lies: do not use it",
                exit: ExitCode.refused)
        }
    }
}

/// A leaf with its way to the root.
struct LeafProof {
    let key: LeafKey
    let value: [UInt8]
    let path: [ProofStep]

    /// Reads a leaf as the API writes it.
    ///
    /// - Throws: `CommandFault` where it is none.
    init(_ json: JSON.Value, from source: String) throws(CommandFault) {
        guard let keyBytes = json["key"]?.text.flatMap(HexText.bytes),
            let value = json["value"]?.text.flatMap(HexText.bytes),
            let steps = json["proof"]?.elements
        else { throw LeafProof.malformed(source, "it has no key, value and proof") }
        do throws(DecodingFault) {
            key = try LeafKey(canonicalBytes: keyBytes)
        } catch {
            throw LeafProof.malformed(source, "its key is not the name of a leaf")
        }
        self.value = value
        var path: [ProofStep] = []
        for step in steps {
            guard let side = LeafProof.side(step["side"]?.text),
                let sibling = step["sibling"]?.text.flatMap(HexText.bytes),
                sibling.count == Bytes32.byteCount
            else { throw LeafProof.malformed(source, "a step has no side and sibling") }
            path.append(ProofStep(side: side, sibling: Digest(Bytes32(sibling))))
        }
        self.path = path
    }

    private static func side(_ text: String?) -> ProofStep.Side? {
        switch text {
        case "left": .left
        case "right": .right
        default: nil
        }
    }

    private static func malformed(_ source: String, _ what: String) -> CommandFault {
        CommandFault(
            "\(source) is no proof: \(what); take the file that 'rampart proof … --save FILE' "
                + "writes, or a node of this version", exit: ExitCode.badInput)
    }

    /// Returns if the leaf stands under `root`.
    ///
    /// - Throws: `CommandFault` that names the leaf.
    func verify(root: Digest) throws(CommandFault) {
        let proof = ExistenceProof(key: key.canonicalBytes, value: value, path: path)
        do throws(ProofRefusal) {
            try proof.verify(root: root)
        } catch {
            throw CommandFault(
                "the proof of \(key.words) does not lead to the root (\(error)); what the node "
                    + "says of it is not in the state: ask another node", exit: ExitCode.refused)
        }
    }

    /// The value as what it must be.
    ///
    /// - Throws: `CommandFault` where it is not.
    func decoded<Value: CanonicalValue>() throws(CommandFault) -> Value {
        do throws(DecodingFault) {
            return try Value(canonicalBytes: value)
        } catch {
            throw CommandFault(
                "the leaf of \(key.words) is proven, but cannot be read (\(error.reason)); the "
                    + "chain is of another version than this program", exit: ExitCode.protocolFault)
        }
    }

    /// Height and root that a proof states.
    ///
    /// - Throws: `CommandFault` where it states none.
    static func statement(
        _ json: JSON.Value, from source: String
    ) throws(CommandFault) -> (height: UInt64, root: Digest) {
        guard let height = json["height"]?.number.flatMap({ UInt64($0.text) }),
            let root = json["root"]?.text.flatMap(HexText.bytes), root.count == Bytes32.byteCount
        else { throw malformed(source, "it has no height and root") }
        return (height, Digest(Bytes32(root)))
    }
}

extension LeafKey {
    /// For people.
    var words: String {
        switch self {
        case .chain: "the chain"
        case .account(let account): "account \(account.number)"
        case .keys(let account): "the keys of account \(account.number)"
        case .order(let order): "order \(order.number)"
        case .instrument(let instrument): "instrument \(instrument.number)"
        case .underlying(let underlying): "underlying \(underlying.number)"
        case .compartment(let compartment): "compartment \(compartment.number)"
        case .price(let underlying): "the price of underlying \(underlying.number)"
        default: "leaf \(HexText.text(canonicalBytes))"
        }
    }
}
