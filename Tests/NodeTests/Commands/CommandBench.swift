/// A folder of its own, and the program run in it with everything of the process replaced: the
/// environment, the clock, the terminal and the network.
import Foundation
import Testing
import Transport

@testable import Custody
@testable import Node

/// What a run of the program left.
struct CommandRun {
    let exit: Int32
    let output: String
    let notes: String
}

/// Runs the program for a test; its folder goes with it.
final class CommandBench {
    static let passphrase = "correct horse battery staple"
    /// 2027-01-15 08:00:00 UTC, in nanoseconds.
    static let now: UInt64 = 1_800_000_000_000_000_000

    let folder: String
    var environment = ["RAMPART_PASSPHRASE": CommandBench.passphrase]
    var now = CommandBench.now
    /// What the terminal answers, in order; without any there is none.
    var typed: [String] = []
    /// Answers a body of JSON-RPC.
    var node: (String) throws(CommandFault) -> String = { body throws(CommandFault) in
        throw CommandFault("nobody should ask: \(body)", exit: ExitCode.unavailable)
    }

    /// What programs of the system answer.
    var tools: [String: String] = [:]
    /// The pages of the node that runs here, by path.
    var pages: [String: CommandContext.Page] = [:]

    init() throws {
        folder =
            FileManager.default.temporaryDirectory.path
            + "/rampart-command-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    }

    func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try bytes(name), as: UTF8.self)
    }

    func setMode(_ mode: Int, of name: String) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: path(name))
    }

    func mode(of name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path(name))
        return try #require(attributes[.posixPermissions] as? Int)
    }

    /// Runs the program with these arguments.
    func run(
        _ arguments: [String],
        starting entry: NodeEntry = NodeEntry(run: { _ in 0 }, takeOver: { _ in 0 })
    ) -> CommandRun {
        var output = ""
        var notes = ""
        var context = CommandContext()
        context.environment = environment
        context.now = { self.now }
        context.sealingCost = .least
        context.write = { output += $0 }
        context.note = { notes += $0 }
        context.ask = { _ in
            self.typed.isEmpty ? nil : Array(self.typed.removeFirst().utf8)
        }
        context.post = { (_, body) throws(CommandFault) in
            Array(try self.node(String(decoding: body, as: UTF8.self)).utf8)
        }
        context.tool = { name, _ in self.tools[name] }
        context.get = { self.pages[$0.path] }
        let exit = RampartProgram.run(arguments, context, entry)
        return CommandRun(exit: exit, output: output, notes: notes)
    }

    func run(_ arguments: String...) -> CommandRun { run(arguments) }

    /// Makes a venue with one publisher in the folder `venue`.
    func makeVenue() throws {
        let made = run("init", path("venue"), "--name", "harbour", "--publishers", "1")
        #expect(made.exit == ExitCode.done, "\(made.notes)")
    }
}

/// Expects a run that refuses with these words.
func expectRefusal(
    _ run: CommandRun, _ exit: Int32, _ words: String...,
    at place: SourceLocation = #_sourceLocation
) {
    #expect(run.exit == exit, "\(run.notes)", sourceLocation: place)
    for word in words {
        #expect(run.notes.contains(word), "\(run.notes)", sourceLocation: place)
    }
    #expect(run.output.isEmpty, sourceLocation: place)
}
