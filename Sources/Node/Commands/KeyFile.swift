/// Keys as they lie on disk: a sealed file that holds the kind of a key and its secret. Only who
/// knows the passphrase can sign, or even see whose key it is.

import Canonical
import Custody
import Documents
import Ledger

/// The kinds of keys that the program makes.
enum KeyKind: UInt8, CaseIterable {
    case ed25519 = 1
    case ethereum = 2

    /// As `--kind` names it.
    var word: String {
        switch self {
        case .ed25519: "ed25519"
        case .ethereum: "ethereum"
        }
    }
}

/// A secret key of either kind.
enum HeldKey: ~Copyable {
    case ed25519(SigningKey)
    case ethereum(EthereumKey)

    /// A new one from the system's randomness.
    static func generate(_ kind: KeyKind) -> HeldKey {
        switch kind {
        case .ed25519: .ed25519(.generate())
        case .ethereum: .ethereum(.generate())
        }
    }

    /// What others know it by.
    var publicKey: SignerKey {
        switch self {
        case .ed25519(let key): .ed25519(key.publicKey)
        case .ethereum(let key): .ethereum(key.address)
        }
    }

    /// The signature of a transaction: of its bytes, or of its typed data.
    ///
    /// - Throws: `CommandFault` where an Ethereum key would sign for the venue, which it cannot.
    borrowing func sign(_ transaction: inout Transaction) throws(CommandFault) {
        switch self {
        case .ed25519(let key):
            // The length of the signature counts: put one of the kind there first.
            transaction.signature = .ed25519(Signature(r: Bytes32(), s: Bytes32()))
            transaction.signature = .ed25519(key.sign(transaction.signedBytes))
        case .ethereum(let key):
            guard let digest = transaction.typedDataDigest else {
                throw .usage(
                    "an Ethereum key signs for accounts and agents only; the custodian and the "
                        + "operator have Ed25519 keys")
            }
            transaction.signature = key.sign(digest)
        }
    }

    /// The key, if it is an Ed25519 one.
    consuming func signingKey() -> SigningKey? {
        switch consume self {
        case .ed25519(let key): key
        case .ethereum: nil
        }
    }

    /// The kind, then the secret.
    private borrowing func content() -> Secret {
        var bytes: [UInt8] = []
        switch self {
        case .ed25519(let key):
            bytes.append(KeyKind.ed25519.rawValue)
            key.seed().withBytes { span in for place in span.indices { bytes.append(span[place]) } }
        case .ethereum(let key):
            bytes.append(KeyKind.ethereum.rawValue)
            key.exported().withBytes { span in
                for place in span.indices { bytes.append(span[place]) }
            }
        }
        return Secret(taking: &bytes)
    }

    /// Seals it into a file.
    ///
    /// - Throws: `CommandFault`.
    borrowing func write(
        to path: String, passphrase: borrowing Secret, cost: SealedFile.Cost
    ) throws(CommandFault) {
        do throws(SealedFile.Fault) {
            try SealedFile.write(content(), to: path, passphrase: passphrase, cost: cost)
        } catch {
            throw error.commandFault(path)
        }
    }

    /// The key of a sealed file.
    ///
    /// - Throws: `CommandFault`.
    static func read(
        from path: String, passphrase: borrowing Secret
    ) throws(CommandFault) -> HeldKey {
        let content: Secret
        do throws(SealedFile.Fault) {
            content = try SealedFile.read(from: path, passphrase: passphrase)
        } catch {
            throw error.commandFault(path)
        }
        guard let key = HeldKey(content) else {
            throw CommandFault(
                "\(path): is sealed, but holds no key; is it the file of API credentials?",
                exit: ExitCode.badInput)
        }
        return key
    }

    /// The key of a file's content; nil where that is none.
    init?(_ content: borrowing Secret) {
        guard content.count == SigningKey.seedSize + 1 else { return nil }
        var bytes: [UInt8] = []
        let kind = content.withBytes { span in
            for place in 1..<span.count { bytes.append(span[place]) }
            return KeyKind(rawValue: span[0])
        }
        let secret = Secret(taking: &bytes)
        switch kind {
        case .ed25519: self = .ed25519(SigningKey(seed: secret))
        case .ethereum:
            guard let key = EthereumKey(secret) else { return nil }
            self = .ethereum(key)
        case nil: return nil
        }
    }
}

extension SignerKey {
    /// As commands and files write it: 64 hexadecimal digits, or an address of 40 behind `0x`.
    var text: String {
        switch self {
        case .ed25519(let key): key.storage.hexadecimal
        case .ethereum(let address): "0x" + HexText.text(address.bytes)
        }
    }

    var kind: KeyKind {
        switch self {
        case .ed25519: .ed25519
        case .ethereum: .ethereum
        }
    }

    /// What `text` names; nil where it is no key.
    init?(text: String) {
        let isAddress = text.hasPrefix("0x")
        guard let bytes = HexText.bytes(isAddress ? String(text.dropFirst(2)) : text) else {
            return nil
        }
        switch (isAddress, bytes.count) {
        case (false, SigningKey.seedSize): self = .ed25519(PublicKey(Bytes32(bytes)))
        case (true, EthereumAddress.byteCount): self = .ethereum(EthereumAddress(bytes))
        default: return nil
        }
    }
}

extension SealedFile.Fault {
    /// As the user reads it.
    func commandFault(_ path: String) -> CommandFault {
        switch self {
        case .notWritten(let number): FileAccess.cannotWrite(path, number)
        case .notRead(let number):
            CommandFault(
                "\(path): cannot be read: \(FileAccess.reason(number))", exit: ExitCode.noInput)
        case .tooLong(let count):
            CommandFault(
                "\(path): \(count) bytes are more than a sealed file holds",
                exit: ExitCode.cannotWrite)
        case .notSealed:
            CommandFault(
                "\(path): is no sealed file; 'rampart keys new' makes one",
                exit: ExitCode.badInput)
        case .unknownVersion(let version):
            CommandFault(
                "\(path): is sealed in format \(version), which this version does not know; take "
                    + "a newer one", exit: ExitCode.badInput)
        case .truncated, .corrupted:
            CommandFault(
                "\(path): is damaged; put it back from a copy", exit: ExitCode.badInput)
        case .wrongPassphrase:
            CommandFault("\(path): the passphrase is wrong", exit: ExitCode.noPermission)
        case .notEnoughMemory(let bytes):
            CommandFault(
                "\(path): opening it takes \(bytes >> 20) MiB of memory, which are not free",
                exit: ExitCode.unavailable)
        }
    }
}
