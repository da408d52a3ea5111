/// What a back-up says of itself: `backup.json` for the facts, and `SHA256SUMS`, which `sha256sum
/// -c` reads too, for every file of it.

import Canonical
import Cryptography
import Foundation
import Glibc
import JSON
import Replication

/// The facts of one back-up.
struct BackupFacts: Equatable {
    /// The version of the layout.
    static let format: UInt64 = 1
    static let fileName = "backup.json"
    static let sumsName = "SHA256SUMS"
    /// The folder of the store within it.
    static let storeName = "store"
    static let genesisName = "genesis.json"
    static let credentialsName = "credentials.sealed"

    /// The version of the program that made it.
    let program: String
    let chain: Digest
    /// The block at which it stands.
    let tip: ChainTip
    /// The root of the state there.
    let root: Digest
    /// Nanoseconds since 1970-01-01 UTC.
    let made: UInt64

    /// The text of `backup.json`.
    var text: String {
        let members: [JSON.Member] = [
            JSON.Member("format", .number(JSON.Number(Int64(BackupFacts.format)))),
            JSON.Member("program", .string(program)),
            JSON.Member("chain", .string(chain.hexadecimal)),
            JSON.Member("height", .string("\(tip.height)")),
            JSON.Member("hash", .string(tip.hash.hexadecimal)),
            JSON.Member("root", .string(root.hexadecimal)),
            JSON.Member("made", .string("\(made)")),
        ]
        return JSON.Value.object(members).indentedText + "\n"
    }

    init(program: String, chain: Digest, tip: ChainTip, root: Digest, made: UInt64) {
        self.program = program
        self.chain = chain
        self.tip = tip
        self.root = root
        self.made = made
    }

    /// Reads the facts of a back-up.
    ///
    /// - Throws: `CommandFault` that names the file.
    init(of folder: String) throws(CommandFault) {
        let path = FileAccess.path(BackupFacts.fileName, in: folder)
        let bytes = try FileAccess.read(path)
        func damaged(_ what: String) -> CommandFault {
            CommandFault(
                "\(path) is damaged: \(what). Take another back-up", exit: ExitCode.badInput)
        }
        let value: JSON.Value
        do throws(JSONFault) {
            value = try JSONParser().parse(bytes)
        } catch {
            throw damaged("it is no JSON (\(error))")
        }
        guard value["format"]?.number?.integer.map({ UInt64($0) }) == BackupFacts.format else {
            throw damaged("its format is not \(BackupFacts.format)")
        }
        func digest(_ name: String) throws(CommandFault) -> Digest {
            guard let bytes = value[name]?.text.flatMap(HexText.bytes),
                bytes.count == Bytes32.byteCount
            else { throw damaged("it has no '\(name)'") }
            return Digest(Bytes32(bytes))
        }
        func number(_ name: String) throws(CommandFault) -> UInt64 {
            guard let number = value[name]?.text.flatMap({ UInt64($0) }) else {
                throw damaged("it has no '\(name)'")
            }
            return number
        }
        program = value["program"]?.text ?? ""
        chain = try digest("chain")
        tip = ChainTip(height: try number("height"), hash: try digest("hash"))
        root = try digest("root")
        made = try number("made")
    }
}

/// The digests of all files of a folder.
enum FileSums {
    /// Bytes that are read at a time.
    private static let piece = 1 << 20

    /// The paths of the files below a folder, in order.
    ///
    /// - Throws: `CommandFault`.
    static func files(in folder: String) throws(CommandFault) -> [String] {
        guard let all = FileManager.default.enumerator(atPath: folder) else {
            throw CommandFault("\(folder): cannot be read", exit: ExitCode.noInput)
        }
        return all.compactMap { $0 as? String }
            .filter { !FileAccess.isFolder(FileAccess.path($0, in: folder)) }.sorted()
    }

    /// The digest of a file.
    ///
    /// - Throws: `CommandFault` that names it.
    static func digest(of path: String) throws(CommandFault) -> Digest {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw CommandFault("\(path): cannot be read", exit: ExitCode.noInput)
        }
        var hash = SHA256()
        do {
            while let data = try handle.read(upToCount: piece), !data.isEmpty {
                hash.update([UInt8](data))
            }
            try handle.close()
        } catch {
            throw CommandFault("\(path): cannot be read: \(error)", exit: ExitCode.noInput)
        }
        return hash.finalize()
    }

    /// A line for each file of a folder but the list itself, as `sha256sum` writes them.
    ///
    /// - Throws: `CommandFault`.
    static func text(of folder: String) throws(CommandFault) -> String {
        var text = ""
        for name in try files(in: folder) where name != BackupFacts.sumsName {
            let sum = try digest(of: FileAccess.path(name, in: folder)).hexadecimal
            text += "\(sum)  \(name)\n"
        }
        return text
    }

    /// Compares every file of a back-up with its list.
    ///
    /// - Returns: how many files there are.
    /// - Throws: `CommandFault` that names the first file that is not what it was.
    static func check(_ folder: String) throws(CommandFault) -> Int {
        let path = FileAccess.path(BackupFacts.sumsName, in: folder)
        let text = String(decoding: try FileAccess.read(path), as: UTF8.self)
        var listed: [String] = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let sum = HexText.bytes(String(parts[0])),
                sum.count == Bytes32.byteCount
            else { throw damaged(path, "'\(line.prefix(40))' is no line of it") }
            let name = String(parts[1].dropFirst())
            let file = FileAccess.path(name, in: folder)
            guard FileAccess.exists(file) else { throw damaged(file, "it is missing") }
            guard try digest(of: file) == Digest(Bytes32(sum)) else {
                throw damaged(file, "it is not what was written")
            }
            listed.append(name)
        }
        let needed = [
            BackupFacts.fileName, BackupFacts.genesisName, "\(BackupFacts.storeName)/TIP",
        ]
        if let missing = needed.first(where: { !listed.contains($0) }) {
            throw damaged(path, "it does not name \(missing)")
        }
        for name in try files(in: FileAccess.path(BackupFacts.storeName, in: folder)) {
            let whole = "\(BackupFacts.storeName)/\(name)"
            guard listed.contains(whole) else {
                throw damaged(FileAccess.path(whole, in: folder), "it does not belong there")
            }
        }
        return listed.count
    }

    private static func damaged(_ path: String, _ what: String) -> CommandFault {
        CommandFault(
            "\(path) is damaged: \(what). Take another back-up", exit: ExitCode.badInput)
    }
}
