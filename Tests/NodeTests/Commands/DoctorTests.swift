/// The doctor: silent about what is in order, and clear about each thing that is not.
import Canonical
import Documents
import Foundation
import Glibc
import Ledger
import Testing

@testable import Node

private let ownPassphrase = CommandBench.passphrase

/// The doctor's line of a subject.
private func line(_ run: CommandRun, _ finding: Finding, _ subject: String) -> String? {
    run.output.split(separator: "\n").map(String.init).first {
        $0.hasPrefix(finding.rawValue.padded(to: "problem".count)) && $0.contains(" \(subject) ")
    }
}

private func doctor(_ bench: CommandBench, _ more: String...) -> CommandRun {
    bench.run(["doctor", "--config", bench.path("venue/rampart.conf")] + more)
}

/// A venue whose port nobody else takes.
private func venue() throws -> CommandBench {
    let bench = try CommandBench()
    try bench.makeVenue()
    bench.environment["RAMPART_API_LISTEN"] = "127.0.0.1:0"
    return bench
}

@Test func aNewVenueHasNoProblem() throws {
    let bench = try venue()
    let run = doctor(bench)
    #expect(run.exit == ExitCode.done, "\(run.output)")
    for subject in ["configuration", "genesis", "clock", "database", "listening", "address"] {
        #expect(line(run, .ok, subject) != nil, "\(subject): \(run.output)")
    }
    let genesis = try GenesisReader.read(bench.path("venue/genesis.json"))
    #expect(line(run, .ok, "genesis")?.contains(genesis.chain.storage.hexadecimal) == true)
    #expect(line(run, .warning, "credentials")?.contains("credentials new") == true)
    #expect(line(run, .warning, "keys")?.contains("custodian") == true)
}

@Test func aConfigurationWithAFaultIsAProblemAndItsLineIsNamed() throws {
    let bench = try venue()
    try bench.write("api.listne = 127.0.0.1:1\n", to: "venue/rampart.conf")
    let run = doctor(bench)
    #expect(run.exit == ExitCode.refused)
    #expect(line(run, .problem, "configuration")?.contains("line 1") == true, "\(run.output)")
    let none = bench.run("doctor", "--config", bench.path("none.conf"))
    #expect(none.exit == ExitCode.refused)
    #expect(line(none, .problem, "configuration")?.contains("no such file") == true)
}

@Test func aGenesisWithAFaultIsAProblemAndItsLineIsNamed() throws {
    let bench = try venue()
    let text = try bench.text("venue/genesis.json")
    try bench.write(
        text.replacing("\"orderLimit\": 400", with: "\"orderLimit\": 0"), to: "venue/genesis.json")
    let run = doctor(bench)
    #expect(run.exit == ExitCode.refused)
    #expect(line(run, .problem, "genesis")?.contains("orderLimit") == true, "\(run.output)")
    try FileManager.default.removeItem(atPath: bench.path("venue/genesis.json"))
    #expect(line(doctor(bench), .problem, "genesis")?.contains("chain.genesis") == true)
}

@Test func aGenesisWithoutADefenceIsNoVenues() throws {
    let bench = try venue()
    let text = try bench.text("venue/genesis.json")
    let open = text.replacing(
        "\"sources\": [", with: "\"defencesOff\": [\"indexClamp\"],\n\"sources\": [")
    #expect(open != text)
    try bench.write(open, to: "venue/genesis.json")
    let run = doctor(bench)
    #expect(run.exit == ExitCode.refused)
    #expect(line(run, .problem, "genesis")?.contains("laboratories") == true, "\(run.output)")
    #expect(run.output.contains("indexClamp"))
}

@Test func aClockBeforeTheGenesisIsAProblem() throws {
    let bench = try venue()
    #expect(line(doctor(bench), .ok, "clock") != nil)
    bench.now -= 1
    let run = doctor(bench)
    #expect(run.exit == ExitCode.refused)
    #expect(line(run, .problem, "clock") != nil)
}

@Test(arguments: ["keys/custodian.key", "keys/publisher-1.key"])
func aKeyThatOthersMayReadIsAProblem(_ name: String) throws {
    let bench = try venue()
    try bench.setMode(0o640, of: "venue/\(name)")
    let run = doctor(bench)
    #expect(run.exit == ExitCode.refused)
    #expect(line(run, .problem, "keys")?.contains("chmod 600") == true, "\(run.output)")
    #expect(line(run, .problem, "keys")?.contains(name) == true)
}

@Test func credentialsMustOpenAndBePrivate() throws {
    let bench = try venue()
    let made = bench.run(
        "credentials", "new", "--config", bench.path("venue/rampart.conf"), "--account", "0",
        "--scope", "read")
    #expect(made.exit == ExitCode.done, "\(made.notes)")
    #expect(line(doctor(bench), .ok, "credentials") != nil)
    bench.environment["RAMPART_PASSPHRASE"] = "another passphrase"
    #expect(
        line(doctor(bench), .problem, "credentials")?.contains("passphrase is wrong") == true)
    bench.environment["RAMPART_PASSPHRASE"] = nil
    #expect(line(doctor(bench), .warning, "credentials")?.contains("not opened") == true)
    try bench.setMode(0o644, of: "venue/credentials.sealed")
    #expect(line(doctor(bench), .problem, "credentials")?.contains("chmod 600") == true)
    try bench.setMode(0o600, of: "venue/credentials.sealed")
    bench.environment["RAMPART_PASSPHRASE"] = ownPassphrase
    try FileManager.default.removeItem(atPath: bench.path("venue/credentials.sealed"))
    try FileManager.default.copyItem(
        atPath: bench.path("venue/keys/operator.key"),
        toPath: bench.path("venue/credentials.sealed"))
    #expect(line(doctor(bench), .problem, "credentials")?.contains("no credentials") == true)
}

@Test func listeningOutsideNeedsTLS() throws {
    let bench = try venue()
    bench.environment["RAMPART_API_LISTEN"] = "0.0.0.0:0"
    let run = doctor(bench)
    #expect(run.exit == ExitCode.refused)
    #expect(line(run, .problem, "listening")?.contains("api.tls") == true)
    try bench.write(CertificateSamples.edwardsCertificate, to: "tls.pem")
    try bench.write(CertificateSamples.edwardsKey, to: "tls.key")
    try bench.setMode(0o600, of: "tls.key")
    bench.environment["RAMPART_API_TLS_CERTIFICATE"] = bench.path("tls.pem")
    bench.environment["RAMPART_API_TLS_KEY"] = bench.path("tls.key")
    let secure = doctor(bench)
    #expect(secure.exit == ExitCode.done, "\(secure.output)")
    #expect(line(secure, .ok, "tls key")?.contains("readable by its owner") == true)
    #expect(line(secure, .ok, "listening")?.contains("with TLS") == true)
}

@Test func anAddressThatIsTakenIsAWarningAndOneOfAnotherMachineAProblem() throws {
    let bench = try venue()
    let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(handle) }
    try #require(listen(handle, 1) == 0)
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
            unsafe getsockname(handle, pointer, &size)
        }
    }
    bench.environment["RAMPART_API_LISTEN"] = "127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
    #expect(line(doctor(bench), .warning, "address")?.contains("is taken") == true)
    bench.environment["RAMPART_API_LISTEN"] = "192.0.2.1:8645"
    #expect(line(doctor(bench), .problem, "address") != nil)
}

@Test func tooManyConnectionsForTheLimitOfOpenFilesAreAProblem() throws {
    var limit = rlimit()
    try #require(unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
    let bench = try venue()
    bench.environment["RAMPART_API_CONNECTIONS"] = "100"
    #expect(line(doctor(bench), .ok, "open files") != nil)
    guard limit.rlim_max < 100_000 else { return }
    bench.environment["RAMPART_API_CONNECTIONS"] = "100000"
    #expect(line(doctor(bench), .problem, "open files")?.contains("ulimit -n") == true)
}

@Test func dataThatIsAFileIsAProblem() throws {
    let bench = try venue()
    try bench.write("", to: "venue/data")
    #expect(line(doctor(bench), .problem, "data")?.contains("is a file") == true)
}

@Test(
    arguments: [
        ("processor : 0\nflags\t\t: fpu avx avx2 bmi1\n", true),
        ("flags\t\t: fpu avx avx2x\n", false), ("model name : avx2\n", false), ("", false),
    ])
func aProcessorIsJudgedByItsFlags(_ text: String, _ hasIt: Bool) {
    #expect(Doctor.hasAVX2(text) == hasIt)
}
