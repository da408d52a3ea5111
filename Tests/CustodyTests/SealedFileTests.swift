// Sealed files: what goes in comes out, every way of damaging one is named, and what is on disk is
// whole and private.
import Canonical
import Cryptography
import Foundation
import TestKit
import Testing

@testable import Custody

struct SealedFileTests {
    private static let content = Array("a seed of thirty-two bytes, say.".utf8)

    private func sealed(_ content: [UInt8] = Self.content) throws -> [UInt8] {
        try SealedFile.seal(
            Secret(copying: content), passphrase: Secret(copying: Array("open sesame".utf8)),
            cost: .least)
    }

    private func opened(
        _ file: [UInt8], passphrase: String = "open sesame"
    ) throws(SealedFile.Fault) -> [UInt8] {
        revealed(
            try SealedFile.open(file, passphrase: Secret(copying: Array(passphrase.utf8))))
    }

    private func fault(of file: [UInt8], passphrase: String = "open sesame") -> SealedFile.Fault? {
        do {
            _ = try opened(file, passphrase: passphrase)
            return nil
        } catch {
            return error
        }
    }

    /// The file with its checksum made right again, as an attacker would.
    private func rechecked(_ file: [UInt8]) -> [UInt8] {
        let body = Array(file.dropLast(32))
        return body + SHA256.digest(body).storage.bytes
    }

    @Test func `what was sealed is opened, from nothing to the longest`() throws {
        let longest = [UInt8](repeating: 7, count: SealedFile.longestContent)
        for content in [[], [0], Self.content, longest] {
            let file = try sealed(content)
            #expect(file.count == content.count + 118)
            #expect(try opened(file) == content)
        }
    }

    @Test func `content beyond the longest is refused`() {
        let count = SealedFile.longestContent + 1
        #expect(throws: SealedFile.Fault.tooLong(count: count)) {
            _ = try sealed([UInt8](repeating: 7, count: count))
        }
    }

    @Test func `the same content is sealed differently each time, and does not show`() throws {
        let first = try sealed()
        let second = try sealed()
        #expect(first != second)
        #expect(first.dropFirst(70).prefix(32) != second.dropFirst(70).prefix(32))
        #expect(!String(decoding: first, as: UTF8.self).contains("seed of"))
    }

    @Test func `another passphrase is named as such`() throws {
        let file = try sealed()
        for wrong in ["", "open sesame ", "Open sesame", "open"] {
            #expect(fault(of: file, passphrase: wrong) == .wrongPassphrase)
        }
    }

    @Test func `a file cut anywhere is truncated, or is no sealed file`() throws {
        let file = try sealed()
        #expect(fault(of: []) == .notSealed)
        for count in 1..<file.count {
            #expect(fault(of: Array(file.prefix(count))) == .truncated(count: count))
        }
    }

    @Test func `a bit flipped anywhere is found`() throws {
        let file = try sealed()
        for place in file.indices {
            var damaged = file
            damaged[place] ^= 0x10
            let expected: [SealedFile.Fault] =
                switch place {
                case 0..<8: [.notSealed]
                case 8..<10: [.unknownVersion(1 ^ 0x10), .unknownVersion(1 ^ 0x1000)]
                case 26..<30:
                    // The length: longer than the file, or more than any.
                    [.truncated(count: file.count), .corrupted]
                default: [.corrupted]
                }
            let found = try #require(fault(of: damaged), "at \(place)")
            #expect(expected.contains(found), "\(found) at \(place)")
        }
    }

    @Test func `a file changed together with its checksum does not open`() throws {
        let file = try sealed()
        for place in [30, 45, 46, 69, 70, 100, file.count - 33] {
            var forged = file
            forged[place] ^= 1
            #expect(fault(of: rechecked(forged)) == .wrongPassphrase, "at \(place)")
        }
        // Fewer operations or less memory would make guessing cheaper; that fails too.
        var forged = file
        forged[10] = 2
        #expect(fault(of: rechecked(forged)) == .wrongPassphrase)
    }

    @Test func `a cost that would exhaust the host is refused before it is paid`() throws {
        let file = try sealed()
        for (place, value) in [(10, UInt8(0)), (10, 17), (17, 1), (25, 1), (22, 1), (19, 0)] {
            var forged = file
            forged[place] = value
            #expect(fault(of: rechecked(forged)) == .corrupted, "at \(place)")
        }
    }

    @Test func `bytes behind the end are found`() throws {
        #expect(fault(of: try sealed() + [0]) == .corrupted)
    }

    @Test func `other files are not taken for sealed ones`() {
        #expect(fault(of: Array("hello".utf8)) == .notSealed)
        #expect(fault(of: [UInt8](repeating: 0, count: 500)) == .notSealed)
        #expect(fault(of: Array("RAMPSEAL".utf8) + [2, 0]) == .unknownVersion(2))
    }

    @Test func `the standard cost is what RFC 9106 recommends and opens`() throws {
        #expect(SealedFile.Cost.standard == SealedFile.Cost(operations: 3, memory: 1 << 26))
        let passphrase = Secret(copying: [1])
        let file = try SealedFile.seal(Secret(copying: [9]), passphrase: passphrase)
        let content = revealed(try SealedFile.open(file, passphrase: passphrase))
        #expect(content == [9])
    }
}

/// Files in a folder of their own, which goes with the test.
final class SealedFileDiskTests {
    private let folder: String
    private let passphrase = Array("open sesame".utf8)

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/rampart-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func write(_ content: [UInt8], to path: String) throws(SealedFile.Fault) {
        try SealedFile.write(
            Secret(copying: content), to: path, passphrase: Secret(copying: passphrase),
            cost: .least)
    }

    private func read(_ path: String) throws(SealedFile.Fault) -> [UInt8] {
        revealed(try SealedFile.read(from: path, passphrase: Secret(copying: passphrase)))
    }

    @Test func `what was written is read, and a second write replaces the first`() throws {
        let path = folder + "/keys"
        try write([1, 2, 3], to: path)
        #expect(try read(path) == [1, 2, 3])
        try write([4], to: path)
        #expect(try read(path) == [4])
    }

    @Test func `only the owner may read the file, and nothing is left beside it`() throws {
        let path = folder + "/keys"
        try write([1], to: path)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["keys"])
    }

    @Test func `a write that fails leaves the old file and no other`() throws {
        // A folder stands where the file should go: the rename at the very end fails.
        let path = folder + "/keys"
        try FileManager.default.createDirectory(
            atPath: path + "/inside", withIntermediateDirectories: true)
        #expect(throws: SealedFile.Fault.notWritten(errorNumber: EISDIR)) {
            try write([1], to: path)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["keys"])
        #expect(throws: SealedFile.Fault.notWritten(errorNumber: ENOENT)) {
            try write([1], to: folder + "/nowhere/keys")
        }
    }

    @Test func `what cannot be read is named by the system's number`() {
        #expect(throws: SealedFile.Fault.notRead(errorNumber: ENOENT)) {
            _ = try read(folder + "/nothing")
        }
        #expect(throws: SealedFile.Fault.notRead(errorNumber: EISDIR)) { _ = try read(folder) }
    }

    @Test func `a file longer than any sealed file is refused without being read whole`() throws {
        let path = folder + "/long"
        try write([1], to: path)
        let start = try Data(contentsOf: URL(fileURLWithPath: path))
        try (start + Data(count: 2 << 20)).write(to: URL(fileURLWithPath: path))
        #expect(throws: SealedFile.Fault.corrupted) { _ = try read(path) }
    }
}
