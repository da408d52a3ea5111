/// Certificates of one test run, made by the `openssl` command.

import Foundation

/// An authority, a server's and a client's certificate, each with its key, in a folder that goes
/// with it.
final class Certificates {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("rampart-certificates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try makeAuthority("authority")
        try makeAuthority("stranger")
        try issue("server", extensions: "subjectAltName=IP:127.0.0.1,DNS:localhost")
        try issue("elsewhere", extensions: "subjectAltName=DNS:elsewhere.example")
        try issue("desk", extensions: "extendedKeyUsage=clientAuth")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func certificate(_ name: String) -> String { file("\(name).pem") }
    func key(_ name: String) -> String { file("\(name).key") }

    private func file(_ name: String) -> String { folder.appendingPathComponent(name).path }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

    private func makeAuthority(_ name: String) throws {
        try openssl(
            ["req", "-x509"] + Certificates.newKey + [
                "-days", "2", "-subj", "/CN=\(name)", "-keyout", key(name), "-out",
                certificate(name),
            ])
    }

    private func issue(_ name: String, extensions: String) throws {
        let request = file("\(name).csr")
        let extra = file("\(name).ext")
        try (extensions + "\n").write(toFile: extra, atomically: true, encoding: .utf8)
        try openssl(
            ["req"] + Certificates.newKey + [
                "-subj", "/CN=\(name)", "-keyout", key(name), "-out", request,
            ])
        try openssl([
            "x509", "-req", "-in", request, "-CA", certificate("authority"), "-CAkey",
            key("authority"), "-CAcreateserial", "-days", "2", "-extfile", extra, "-out",
            certificate(name),
        ])
    }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw SocketFault(what: "openssl \(arguments.first ?? "")")
        }
    }
}
