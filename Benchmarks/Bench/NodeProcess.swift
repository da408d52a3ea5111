/// A node under test, from the side that measures: starts the process, knows its port and password,
/// asks what it spent its time with, and ends it.

import Foundation
import Yardstick

final class NodeProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    let setup: NodeSetup
    let port: UInt16
    let identifier: String
    let secret: String
    /// Seconds from starting the process until it answered.
    let startSeconds: Double

    /// A folder for one run on the disk of the working folder.
    static func folder(_ name: String) -> String {
        let path = ".build/bench-node/\(name)-\(ProcessInfo.processInfo.processIdentifier)"
        try? FileManager.default.removeItem(atPath: path)
        try? FileManager.default.createDirectory(
            atPath: ".build/bench-node", withIntermediateDirectories: true)
        return path
    }

    init(_ setup: NodeSetup) throws {
        self.setup = setup
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [NodeUnderTest.flag] + setup.arguments
        process.standardInput = input
        process.standardOutput = output
        let began = ContinuousClock.now
        try process.run()
        let words = NodeProcess.line(from: output).split(separator: " ").map(String.init)
        guard words.count == 3, let port = UInt16(words[0]) else {
            process.terminate()
            throw NodeProcessFault(reason: "the node did not start")
        }
        (self.port, identifier, secret) = (port, words[1], words[2])
        // It serves when it answers.
        unsafe yardstick_sockets_close(yardstick_sockets_open(port, 1))
        let (seconds, attoseconds) = (ContinuousClock.now - began).components
        startSeconds = Double(seconds) + Double(attoseconds) / 1e18
    }

    private static func line(from pipe: Pipe) -> String {
        var bytes: [UInt8] = []
        while true {
            let data = pipe.fileHandleForReading.readData(ofLength: 1)
            guard let byte = data.first, byte != UInt8(ascii: "\n") else { break }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Totals of the node's own histograms: seconds and counts by stage.
    func stages() -> String {
        input.fileHandleForWriting.write(Data("metrics\n".utf8))
        return NodeProcess.line(from: output)
    }

    /// Bytes that the node's process holds.
    var residentBytes: Int {
        let path = "/proc/\(process.processIdentifier)/statm"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return 0 }
        return pages * 4_096
    }

    /// Seconds that it has kept cores busy.
    var processorSeconds: Double {
        let path = "/proc/\(process.processIdentifier)/stat"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        // Fields 14 and 15, counted behind the name in brackets; in hundredths.
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        return fields.dropFirst(11).prefix(2).reduce(0) { $0 + (Double($1) ?? 0) } / 100
    }

    /// Ends it in order.
    func stop() {
        input.fileHandleForWriting.closeFile()
        process.waitUntilExit()
    }

    /// Ends it and deletes what it wrote.
    func remove() {
        stop()
        try? FileManager.default.removeItem(atPath: setup.folder)
    }
}

struct NodeProcessFault: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
}
