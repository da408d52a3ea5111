/// What a command may touch of the process: the environment, the clock, the terminal and where it
/// writes. Tests put their own in its place.

import Custody
import Foundation
import Glibc
import Transport

/// The process as a command sees it.
struct CommandContext {
    /// A page of a node.
    struct Page: Equatable {
        let status: UInt16
        let text: String
    }

    /// The variables of the environment.
    var environment: [String: String] = [:]
    /// Nanoseconds since 1970-01-01 UTC.
    var now: () -> UInt64 = CommandContext.clock
    /// Takes what the command answers.
    var write: (String) -> Void = CommandContext.toStandardOutput
    /// Takes what a person should know meanwhile.
    var note: (String) -> Void = CommandContext.toStandardError
    /// Asks for a line that does not show; nil where there is no terminal.
    var ask: (String) -> [UInt8]? = Terminal.hiddenLine
    /// What a guess at the passphrase of a file that is made shall cost.
    var sealingCost = SealedFile.Cost.standard
    /// Sends a request to a node.
    var post: RemoteNode.Post = RemoteNode.overHTTP
    /// What the answers are written on, as it is now.
    var screen: () -> Screen = { Screen() }
    /// Fetches a page of a node; nil where it does not answer.
    var get: (Endpoint) -> Page? = CommandContext.overHTTP
    /// What a program of the system answers, in a line; nil where it is not there, or fails.
    var tool: (String, [String]) -> String? = CommandContext.runTool

    static func clock() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Seconds that a page may take.
    private static let patience: UInt32 = 5

    private static func overHTTP(_ endpoint: Endpoint) -> Page? {
        guard let answer = try? HTTPClient.get(endpoint, seconds: patience) else { return nil }
        return Page(status: answer.status, text: String(decoding: answer.body, as: UTF8.self))
    }

    private static func runTool(_ name: String, _ arguments: [String]) -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }

    static func toStandardOutput(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    static func toStandardError(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
