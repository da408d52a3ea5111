/// A real PostgreSQL for tests: a cluster of its own in a temporary folder, reached by a socket in
/// it and by nothing else.

import Foundation
import Glibc

final class PostgresServer {
    let folder: String
    private let programs: String
    private let prefix: [String]

    /// Where Debian puts the programs; nil where none are installed.
    static var programs: String? {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.sorted().last.map { "\(root)/\($0)/bin" }
    }

    static var isInstalled: Bool { programs != nil }

    struct Failure: Error {
        let text: String
    }

    /// Starts a server with an empty database `history` and a user `keeper`.
    init() throws {
        guard let programs = PostgresServer.programs else { throw Failure(text: "no PostgreSQL") }
        self.programs = programs
        // The server does not run as root.
        prefix = getuid() == 0 ? ["/usr/sbin/runuser", "-u", "postgres", "--"] : []
        folder = "/tmp/rampart-postgres-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        if getuid() == 0 { try PostgresServer.run(["/bin/chown", "postgres", folder]) }
        try start([
            "initdb", "-D", "\(folder)/data", "-U", "keeper", "--auth=trust", "-E", "UTF8",
            "--no-sync",
        ])
        try start([
            "pg_ctl", "-D", "\(folder)/data", "-w", "-s", "-l", "\(folder)/log", "-o",
            "-c listen_addresses='' -c unix_socket_directories=\(folder) -c fsync=off", "start",
        ])
        try start(["createdb", "-h", folder, "-U", "keeper", "history"])
    }

    deinit {
        try? start(["pg_ctl", "-D", "\(folder)/data", "-s", "-m", "immediate", "stop"])
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The URL of a database.
    func url(_ name: String = "history") -> String {
        let host = folder.replacing("/", with: "%2F")
        return "postgresql://keeper:verysecret@\(host)/\(name)"
    }

    /// One more empty database.
    func makeDatabase(_ name: String) throws -> String {
        try start(["createdb", "-h", folder, "-U", "keeper", name])
        return url(name)
    }

    private func start(_ words: [String]) throws {
        try PostgresServer.run(prefix + ["\(programs)/\(words[0])"] + words.dropFirst())
    }

    /// Runs a program to its end. Not by `Process`, which waits for every grandchild too, and a
    /// server is one that stays.
    private static func run(_ words: [String]) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for descriptor in 0...2 as ClosedRange<Int32> {
            unsafe posix_spawn_file_actions_addopen(
                &actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { unsafe arguments.forEach { unsafe free($0) } }
        var child: pid_t = 0
        var status: Int32 = -1
        let spawned = unsafe posix_spawn(
            &child, words[0], &actions, nil, &arguments, environ)
        guard spawned == 0, unsafe waitpid(child, &status, 0) == child, status == 0 else {
            throw Failure(text: words.joined(separator: " "))
        }
    }
}

/// A folder that is gone after the test.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = "/tmp/rampart-history-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
}
