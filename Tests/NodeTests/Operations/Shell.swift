/// Programs of the system, and pages of a node, for tests that rehearse what an operator does.
import Foundation
import Testing
import Transport

@testable import Node

/// Runs programs.
enum Shell {
    /// Runs a program to its end.
    ///
    /// - Returns: its exit code, and all that it wrote.
    static func run(
        _ program: String, _ arguments: String..., environment: [String: String] = [:]
    ) throws -> (exit: Int32, text: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"].merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}

/// Fetches pages.
enum Page {
    /// The body at a path of a node of this machine; nil where it does not answer.
    static func get(_ path: String, _ port: UInt16) -> String? {
        let endpoint = Endpoint(host: "127.0.0.1", port: port, path: path)
        guard let answer = try? HTTPClient.get(endpoint), answer.status == 200 else { return nil }
        return String(decoding: answer.body, as: UTF8.self)
    }
}
