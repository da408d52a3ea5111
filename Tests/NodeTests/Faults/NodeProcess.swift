/// The `rampart` program in a process of its own, so that it can be killed: started, listened to,
/// sent signals and waited for.
import Foundation
import Testing

/// Why a test of processes cannot go on.
struct ProcessFault: Error, CustomStringConvertible {
    let description: String
}

/// One run of the program.
final class NodeProcess: @unchecked Sendable {
    private let process = Process()
    private let condition = NSCondition()
    // Both only under the lock.
    private var lines: [String] = []
    private var isOver = false

    /// The program of this build, beside the tests.
    static func program() throws -> String {
        let folder =
            CommandLine.arguments.first { $0.contains(".xctest") }
            .map { String($0.prefix(upTo: $0.range(of: ".xctest")?.lowerBound ?? $0.endIndex)) }
            .map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
            ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().path
        let path = folder + "/rampart"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw ProcessFault(description: "\(path) is not built")
        }
        return path
    }

    /// - Parameters:
    ///   - fileBlocks: the most that a file may grow to, in KiB, in place of a full disk.
    ///   - environment: more of it.
    init(
        _ arguments: [String], fileBlocks: Int? = nil, environment: [String: String] = [:]
    ) throws {
        let program = try NodeProcess.program()
        if let fileBlocks {
            process.executableURL = URL(fileURLWithPath: "/bin/bash")
            process.arguments =
                ["-c", "ulimit -f \(fileBlocks); exec \"$@\"", "bash", program] + arguments
        } else {
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
        }
        process.environment = [
            "RAMPART_PASSPHRASE": CommandBench.passphrase, "PATH": "/usr/bin:/bin",
            "SWIFT_BACKTRACE": "enable=no",
        ].merging(environment) { $1 }
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let thread = Thread { self.read(pipe.fileHandleForReading) }
        thread.start()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    private func read(_ handle: FileHandle) {
        var rest = ""
        while true {
            let data = handle.availableData
            if data.isEmpty { break }
            rest += String(decoding: data, as: UTF8.self)
            var parts = rest.split(separator: "\n", omittingEmptySubsequences: false)
            rest = String(parts.removeLast())
            condition.withLock {
                lines += parts.map(String.init)
                condition.broadcast()
            }
        }
        condition.withLock {
            isOver = true
            condition.broadcast()
        }
    }

    /// Everything that it has logged.
    var text: String { condition.withLock { lines.joined(separator: "\n") } }

    /// The first line with these words; waits for it.
    @discardableResult
    func line(_ words: String) throws -> String {
        let deadline = Date(timeIntervalSinceNow: 120)
        return try condition.withLock {
            while true {
                if let line = lines.first(where: { $0.contains(words) }) { return line }
                guard !isOver, condition.wait(until: deadline) else {
                    let all = lines.joined(separator: "\n")
                    throw ProcessFault(description: "no line says '\(words)': \(all)")
                }
            }
        }
    }

    /// The port that a line names; waits for the line.
    func port(_ words: String = " serving ") throws -> UInt16 {
        let line = try line(words)
        let address = line.split(separator: " ").first { $0.hasPrefix("address=") } ?? ""
        guard let port = address.split(separator: ":").last.flatMap({ UInt16($0) }) else {
            throw ProcessFault(description: "no port in '\(line)'")
        }
        return port
    }

    /// Its number in the system.
    var identifier: Int32 { process.processIdentifier }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// How it ended: its exit code, or the signal that killed it as a negative number.
    @discardableResult
    func end() -> Int32 {
        process.waitUntilExit()
        condition.withLock { while !isOver { condition.wait() } }
        return process.terminationReason == .exit
            ? process.terminationStatus : -process.terminationStatus
    }
}
