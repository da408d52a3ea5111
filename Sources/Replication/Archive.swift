/// The frame of files that carry a chain from one machine to another: snapshots and block logs.
///
/// A file is a magic of eight bytes, a version, and chunks; each chunk is its length in 32 bits,
/// its bytes, and SHA-256 of the digest before and these bytes. The first digest is that of magic
/// and version. A length of zero and the digest of the number of chunks end the file. So a cut, a
/// flip, a chunk left out, repeated or moved is found at the chunk where it is, with one chunk in
/// memory.

import Canonical
import Cryptography
import Glibc

/// Which kind of file, and what a reader puts up with.
struct ArchiveKind: Sendable {
    /// Eight bytes.
    let magic: [UInt8]
    let version: UInt32
    /// Most bytes of a chunk.
    let mostChunkBytes: Int

    static let snapshot = ArchiveKind(
        magic: Array("RAMPSNAP".utf8), version: 1, mostChunkBytes: 160 << 20)
    static let blockLog = ArchiveKind(
        magic: Array("RAMPLOGS".utf8), version: 1, mostChunkBytes: 2 * BlockRecord.sizeLimit + 1_024
    )

    var head: [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.append(uncounted: magic)
        encoder.append(version)
        return encoder.bytes
    }
}

/// The digests that tie chunks to each other.
struct ArchiveDigest {
    static let bytes = 32

    private(set) var last: Digest
    private var chunks: UInt64 = 0

    init(_ kind: ArchiveKind) { last = SHA256.digest(kind.head) }

    mutating func take(_ chunk: [UInt8]) {
        var hash = SHA256()
        hash.update(last)
        hash.update(chunk)
        last = hash.finalize()
        chunks += 1
    }

    /// The digest at the end of the file.
    var end: Digest {
        var encoder = CanonicalEncoder()
        encoder.append(last)
        encoder.append(chunks)
        return SHA256.digest(encoder.bytes)
    }
}

/// A file that is being written. It has its name only when it is complete.
struct ArchiveWriter: ~Copyable {
    private let path: String
    private let file: File
    private var digest: ArchiveDigest

    private static func unfinished(_ path: String) -> String { path + ".unfinished" }

    /// - Throws: `StorageFault.notEmpty` where there is a file of that name.
    init(_ path: String, _ kind: ArchiveKind) throws(StorageFault) {
        guard !Folder.exists(path) else { throw .notEmpty(folder: path) }
        // What an export that was interrupted has left.
        unsafe unlink(ArchiveWriter.unfinished(path))
        let file = try File(ArchiveWriter.unfinished(path), .creating)
        try file.write(kind.head)
        self.init(path, file, ArchiveDigest(kind))
    }

    private init(_ path: String, _ file: consuming File, _ digest: ArchiveDigest) {
        self.path = path
        self.file = file
        self.digest = digest
    }

    /// Appends a chunk of one byte or more.
    mutating func write(_ chunk: [UInt8]) throws(StorageFault) {
        digest.take(chunk)
        var encoder = CanonicalEncoder(reservingCapacity: chunk.count + 4 + ArchiveDigest.bytes)
        encoder.append(bytes: chunk)
        encoder.append(digest.last)
        try file.write(encoder.bytes)
    }

    /// Ends the file and gives it its name; on disk when this returns.
    consuming func finish() throws(StorageFault) {
        var encoder = CanonicalEncoder()
        encoder.append(UInt32(0))
        encoder.append(digest.end)
        try file.write(encoder.bytes)
        try file.synchronize()
        try Folder.rename(ArchiveWriter.unfinished(path), to: path)
    }
}

/// A file that is being read.
struct ArchiveReader: ~Copyable {
    let path: String
    private let file: File
    private let kind: ArchiveKind
    private var digest: ArchiveDigest
    private var remaining: Int
    private var isFinished = false

    private static let lengthBytes = 4

    /// - Throws: `StorageFault.absent`, `.corrupted` where it is of another kind,
    ///   `.unknownVersion`.
    init(_ path: String, _ kind: ArchiveKind) throws(StorageFault) {
        let file = try File(path, .reading)
        let size = try file.size()
        let head = try file.read(upTo: kind.head.count)
        guard head.count == kind.head.count else { throw .truncated(file: path) }
        guard Array(head[..<kind.magic.count]) == kind.magic else {
            throw .corrupted(file: path, reason: "it does not begin as such a file does")
        }
        guard head == kind.head else {
            throw .unknownVersion(
                file: path, found: ArchiveReader.number(Array(head[kind.magic.count...])))
        }
        self.init(path, file, kind, remaining: size - head.count)
    }

    private init(_ path: String, _ file: consuming File, _ kind: ArchiveKind, remaining: Int) {
        self.path = path
        self.file = file
        self.kind = kind
        self.remaining = remaining
        digest = ArchiveDigest(kind)
    }

    private static func number(_ bytes: [UInt8]) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << UInt32(UInt8.bitWidth) | UInt32($1) }
    }

    /// The next chunk; nil after the last one, when the end of the file has been found right too.
    ///
    /// - Throws: `StorageFault.truncated` or `.corrupted`.
    mutating func next() throws(StorageFault) -> [UInt8]? {
        guard !isFinished else { return nil }
        let length = Int(ArchiveReader.number(try read(ArchiveReader.lengthBytes)))
        guard length <= kind.mostChunkBytes else {
            throw .corrupted(file: path, reason: "a chunk says that it has \(length) bytes")
        }
        let chunk = try read(length)
        let found = Digest(Bytes32(try read(ArchiveDigest.bytes)))
        if length > 0 { digest.take(chunk) }
        guard found == (length > 0 ? digest.last : digest.end) else {
            throw .corrupted(file: path, reason: "a checksum does not fit")
        }
        guard length == 0 else { return chunk }
        guard remaining == 0 else {
            throw .corrupted(file: path, reason: "bytes follow its end")
        }
        isFinished = true
        return nil
    }

    private mutating func read(_ count: Int) throws(StorageFault) -> [UInt8] {
        guard count <= remaining else { throw .truncated(file: path) }
        let bytes = try file.read(upTo: count)
        guard bytes.count == count else { throw .truncated(file: path) }
        remaining -= count
        return bytes
    }
}
