/// The files of `Operations` against the program: everything that they name exists, systemd takes
/// them, and they lock the node in. They are looked at as `scripts/install.sh` leaves them.
import Foundation
import TestKit
import Testing

@testable import Node

@Suite struct UnitTests {
    private static let services = [
        "rampart.service", "rampart-standby.service", "rampart-publish@.service",
        "rampart-backup.service",
    ]
    private let bench: CommandBench

    init() throws { bench = try CommandBench() }

    private func text(_ path: String) throws -> String {
        try #require(PackageFiles.text(of: "\(PackageFiles.root)/\(path)"), "\(path)")
    }

    /// The values of a key in a unit, in order.
    private func values(_ key: String, _ unit: String) throws -> [String] {
        try text("Operations/systemd/\(unit)").split(separator: "\n")
            .filter { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
    }

    @Test(arguments: services)
    func `a unit starts the program with words that it knows`(unit: String) throws {
        let words = try #require(try values("ExecStart", unit).first).split(separator: " ")
            .map(String.init)
        #expect(words[0] == "/usr/bin/rampart")
        let arguments = Array(words.dropFirst())
        let shape = try #require(RampartProgram.shape(of: arguments))
        var source = ConfigurationSource()
        let given = Array(arguments.dropFirst())
        let rest = shape.takesSettings ? try source.read(arguments: given) : given
        _ = try CommandArguments(rest, shape: shape)
        for line in try values("Environment", unit) {
            let name = String(line.prefix { $0 != "=" })
            #expect(Setting.allCases.contains { $0.environmentName == name }, "\(name)")
        }
    }

    @Test func `what a restart cannot mend is not tried again, and what it can is`() throws {
        let never = [
            ExitCode.usage, ExitCode.badInput, ExitCode.noInput, ExitCode.unavailable,
            ExitCode.noPermission, ExitCode.badConfiguration,
        ]
        for unit in ["rampart.service", "rampart-standby.service"] {
            let codes = try values("RestartPreventExitStatus", unit).joined(separator: " ")
            #expect(codes.split(separator: " ").compactMap { Int32($0) } == never, "\(unit)")
            #expect(try values("Restart", unit) == ["on-failure"])
            #expect(try values("Type", unit) == ["notify"])
        }
        // A publisher waits for its node.
        let codes = try values("RestartPreventExitStatus", "rampart-publish@.service")
        #expect(!(codes.first ?? "").contains("\(ExitCode.unavailable)"))
    }

    @Test func `systemd takes the units as they are installed, and nothing stays of them`() throws {
        let destination = bench.path("root")
        let script = PackageFiles.root + "/scripts/install.sh"
        let program = try NodeProcess.program()
        let run = try Shell.run("/bin/bash", script, destination, environment: ["PROGRAM": program])
        #expect(run.exit == 0 && run.text.contains("What to do next"), "\(run.text)")
        let installed = PackageFiles.files(below: destination)
        #expect(installed.contains("usr/bin/rampart"))
        #expect(installed.contains("usr/share/doc/rampart/operations.md"))
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze") else {
            return
        }
        let units = destination + "/usr/lib/systemd/system"
        // The targets that units refer to are the system's.
        _ = try Shell.run("/bin/cp", "--no-clobber", "-r", "/usr/lib/systemd/system/.", units)
        for unit in UnitTests.services + ["rampart-backup.timer"] {
            let name = unit.replacing("@.", with: "@1.")
            let verified = try Shell.run(
                "/usr/bin/systemd-analyze", "verify", "--root=\(destination)", "--man=no",
                "--recursive-errors=no", name)
            #expect(verified.exit == 0 && verified.text.isEmpty, "\(unit): \(verified.text)")
        }
        let gone = try Shell.run(
            "/bin/bash", script, "--uninstall", destination, environment: ["PROGRAM": program])
        #expect(gone.exit == 0, "\(gone.text)")
        let left = PackageFiles.files(below: destination).filter { $0.contains("rampart") }
        #expect(left == [])
    }

    @Test(arguments: services)
    func `a unit locks the program in`(unit: String) throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze") else {
            return
        }
        // In tenths; systemd calls up to 2.0 the best kind but "safe".
        let run = try Shell.run(
            "/usr/bin/systemd-analyze", "security", "--offline=true", "--threshold=15",
            PackageFiles.root + "/Operations/systemd/" + unit)
        #expect(run.exit == 0, "\(run.text.suffix(200))")
    }

    @Test func `an installation without a program, or with a wrong word, says so`() throws {
        let script = PackageFiles.root + "/scripts/install.sh"
        let none = try Shell.run(
            "/bin/bash", script, bench.path("root"), environment: ["PROGRAM": "/nowhere/rampart"])
        #expect(none.exit == ExitCode.noInput && none.text.contains("swift build"))
        #expect(try Shell.run("/bin/bash", script, "--remove").exit == ExitCode.usage)
        #expect(!FileAccess.exists(bench.path("root")))
    }
}
