/// Reads a file line by line, plain or gzip (told by its first two bytes, not by its name), holding
/// only a window of it in memory.
import Foundation

/// A forward reader of lines. After `next()` returns true, `bytes[line]` is the line without its
/// end.
struct LineReader {
    /// Bytes; real price rows are below 200.
    static let longestLine = 4_096
    private static let pieceSize = 262_144
    private static let gzipMagic: [UInt8] = [0x1f, 0x8b]

    /// The window of the file that holds the current line.
    private(set) var bytes: [UInt8] = []
    /// Where the current line stands in `bytes`.
    private(set) var line = 0..<0
    /// The number of the current line, from 1.
    private(set) var number = 0

    private let handle: FileHandle
    private let longestLine: Int
    private var inflater: Inflater?
    private var pieceOfStart = true
    private var memberComplete = false
    private var atEnd = false
    private var position = 0

    /// - Parameter longestLine: in bytes; a longer one is refused.
    /// - Throws: `.unreadable` when there is no such file, or it is a folder, or may not be read.
    init(
        path: String, longestLine: Int = LineReader.longestLine
    ) throws(PriceFileReason) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw .unreadable("there is no such file")
        }
        guard !URL(fileURLWithPath: path).hasDirectoryPath else {
            throw .unreadable("it is a folder")
        }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw .unreadable("permission denied")
        }
        self.handle = handle
        self.longestLine = longestLine
    }

    /// Moves to the next line; false at the end of the file. LF and CRLF both end a line.
    ///
    /// - Throws: `.unreadable`, `.gzipTruncated`, `.gzipCorrupt`, `.nulByte` or `.lineTooLong`.
    mutating func next() throws(PriceFileReason) -> Bool {
        var scan = position
        while true {
            while scan < bytes.count && bytes[scan] != UInt8(ascii: "\n") {
                if bytes[scan] == 0 {
                    number += 1
                    throw .nulByte
                }
                scan += 1
            }
            let isEnded = scan < bytes.count
            if scan - position > longestLine {
                number += 1
                throw .lineTooLong
            }
            if !isEnded && !atEnd {
                scan -= try refill()
                continue
            }
            if !isEnded && scan == position { return false }
            var upper = scan
            if upper > position && bytes[upper - 1] == UInt8(ascii: "\r") { upper -= 1 }
            line = position..<upper
            number += 1
            position = isEnded ? scan + 1 : scan
            return true
        }
    }

    /// Drops what has been read and appends the next piece; returns by how much the window moved.
    private mutating func refill() throws(PriceFileReason) -> Int {
        let moved = position
        bytes.removeSubrange(..<position)
        position = 0
        var piece: [UInt8] = []
        do {
            piece = try handle.read(upToCount: LineReader.pieceSize).map { [UInt8]($0) } ?? []
        } catch {
            throw .unreadable("reading stopped: \(error.localizedDescription)")
        }
        if pieceOfStart {
            pieceOfStart = false
            if piece.starts(with: LineReader.gzipMagic) {
                inflater = Inflater()
                if inflater == nil { throw .unreadable("out of memory for gzip") }
            }
        }
        guard !piece.isEmpty else {
            atEnd = true
            if inflater != nil && !memberComplete { throw .gzipTruncated }
            return moved
        }
        guard let inflater else {
            bytes.append(contentsOf: piece)
            return moved
        }
        switch inflater.append(piece, to: &bytes) {
        case .needsMore: memberComplete = false
        case .complete: memberComplete = true
        case .corrupt: throw .gzipCorrupt
        }
        return moved
    }
}
