/// Secrets at rest: one file, sealed under a passphrase. Argon2id makes a key of the passphrase,
/// XChaCha20-Poly1305 seals the content under it, and the header, with the cost of Argon2id in it,
/// is authenticated too.
///
/// ```
/// "RAMPSEAL" | version 1 | operations | memory | length | salt | nonce | ciphertext, tag | SHA-256
///     8      |    2      |     8      |   8    |   4    |  16  |  24   | length + 16     |   32
/// ```
///
/// Integers are little-endian. The SHA-256 is of everything before it: it tells damage from a wrong
/// passphrase, which the tag alone cannot, and protects nothing. Who changes a file and its
/// checksum makes it look like one with a wrong passphrase. Sources: RFC 9106;
/// draft-irtf-cfrg-xchacha-03.
import CSodium
import Canonical
import Cryptography

/// Seals secrets under a passphrase, and opens them.
package enum SealedFile {
    /// Why a file could not be sealed, written, read or opened. None holds a secret.
    package enum Fault: Error, Equatable, Sendable {
        /// The system refused to write: its error number.
        case notWritten(errorNumber: Int32)
        /// The system refused to read: its error number.
        case notRead(errorNumber: Int32)
        /// The content is longer than `SealedFile.longestContent`.
        case tooLong(count: Int)
        /// The file does not begin as a sealed file does.
        case notSealed
        /// The file's format is one that this program does not know.
        case unknownVersion(UInt16)
        /// The file is shorter than its header says.
        case truncated(count: Int)
        /// The file's checksum or length is wrong, or its cost is outside `Cost.allowed`.
        case corrupted
        /// The passphrase is another one.
        case wrongPassphrase
        /// There is not enough memory for Argon2id at this cost.
        case notEnoughMemory(bytes: UInt64)
    }

    /// What one guess at the passphrase costs.
    package struct Cost: Equatable, Sendable {
        /// Passes over the memory, `1 ... 16`.
        package let operations: UInt64
        /// Bytes of memory, 8 KiB to 1 GiB.
        package let memory: UInt64

        /// Three passes over 64 MiB, the second recommendation of RFC 9106, section 4: a tenth of a
        /// second for us.
        package static let standard = Cost(operations: 3, memory: 64 << 20)
        /// The least that Argon2id can do; for tests.
        static let least = Cost(operations: 1, memory: 8 << 10)

        /// Whether this program opens files of that cost: more would let a file exhaust the host.
        var isAllowed: Bool {
            (1...16).contains(operations) && (8 << 10...1 << 30).contains(memory)
        }
    }

    /// The most bytes of content.
    package static let longestContent = 1 << 20

    static let magic = Array("RAMPSEAL".utf8)
    static let version: UInt16 = 1
    static let headerSize = 70
    private static let nonceSize = 24
    private static let saltSize = 16
    private static let keySize = 32
    private static let tagSize = 16
    private static let checksumSize = 32

    /// The most bytes of a file.
    static var longestFile: Int { headerSize + longestContent + tagSize + checksumSize }

    /// The bytes of a file that holds `content`. Takes as long as `cost` says.
    ///
    /// - Throws: `tooLong`, `notEnoughMemory`.
    package static func seal(
        _ content: borrowing Secret, passphrase: borrowing Secret, cost: Cost = .standard
    ) throws(Fault) -> [UInt8] {
        let count = content.count
        guard count <= longestContent else { throw .tooLong(count: count) }
        Sodium.prepare()
        var encoder = CanonicalEncoder()
        encoder.append(uncounted: magic)
        encoder.append(version)
        encoder.append(cost.operations)
        encoder.append(cost.memory)
        encoder.append(UInt32(count))
        var random = [UInt8](repeating: 0, count: saltSize + nonceSize)
        unsafe randombytes_buf(&random, random.count)
        encoder.append(uncounted: random)
        let header = encoder.bytes
        let key = try derivedKey(passphrase, salt: Array(random.prefix(saltSize)), cost: cost)
        let nonce = Array(random.dropFirst(saltSize))
        var sealed = [UInt8](repeating: 0, count: count + tagSize)
        unsafe key.withAddress { key in
            _ = unsafe content.withAddress { content in
                unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
                    &sealed, nil, content, UInt64(count), header, UInt64(header.count), nil, nonce,
                    key)
            }
        }
        let body = header + sealed
        return body + SHA256.digest(body).storage.bytes
    }

    /// The content of the file whose bytes are `file`. Takes as long as its cost says.
    ///
    /// - Throws: `notSealed`, `unknownVersion`, `truncated`, `corrupted`, `wrongPassphrase`,
    ///   `notEnoughMemory`.
    package static func open(
        _ file: [UInt8], passphrase: borrowing Secret
    ) throws(Fault) -> Secret {
        let (cost, count) = try parameters(of: file)
        let saltStart = headerSize - nonceSize - saltSize
        let key = try derivedKey(
            passphrase, salt: Array(file[saltStart..<saltStart + saltSize]), cost: cost)
        let header = Array(file[..<headerSize])
        let nonce = Array(header.suffix(nonceSize))
        let sealed = Array(file[headerSize..<headerSize + count + tagSize])
        var isOpen = false
        let content = unsafe Secret(count: count) { memory in
            unsafe key.withAddress { key in
                isOpen =
                    unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                        memory, nil, nil, sealed, UInt64(sealed.count), header,
                        UInt64(header.count), nonce, key) == 0
            }
        }
        guard isOpen else { throw .wrongPassphrase }
        return content
    }

    /// The cost and the length of the content that the header states, of an undamaged file.
    private static func parameters(
        of file: [UInt8]
    ) throws(Fault) -> (cost: Cost, count: Int) {
        guard file.starts(with: magic.prefix(file.count)), !file.isEmpty else { throw .notSealed }
        var decoder = CanonicalDecoder(file, in: min(magic.count, file.count)..<file.count)
        guard let version = try? decoder.uint16() else { throw .truncated(count: file.count) }
        guard version == self.version else { throw .unknownVersion(version) }
        guard let operations = try? decoder.uint64(), let memory = try? decoder.uint64(),
            let length = try? decoder.uint32()
        else { throw .truncated(count: file.count) }
        let count = Int(length)
        let end = headerSize + count + tagSize
        guard count <= longestContent else { throw .corrupted }
        guard file.count >= end + checksumSize else { throw .truncated(count: file.count) }
        let cost = Cost(operations: operations, memory: memory)
        guard file.count == end + checksumSize, cost.isAllowed,
            SHA256.digest(Array(file[..<end])).storage == Bytes32(file, at: end)
        else { throw .corrupted }
        return (cost, count)
    }

    /// Argon2id of the passphrase.
    private static func derivedKey(
        _ passphrase: borrowing Secret, salt: [UInt8], cost: Cost
    ) throws(Fault) -> Secret {
        let count = passphrase.count
        var isDerived = false
        let key = unsafe Secret(count: keySize) { memory in
            unsafe passphrase.withAddress { bytes in
                isDerived =
                    unsafe crypto_pwhash(
                        memory, UInt64(keySize),
                        UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self),
                        UInt64(count), salt, cost.operations, Int(cost.memory),
                        crypto_pwhash_ALG_ARGON2ID13) == 0
            }
        }
        guard isDerived else { throw .notEnoughMemory(bytes: cost.memory) }
        return key
    }
}
