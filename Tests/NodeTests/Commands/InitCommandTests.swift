/// The folder of a new venue: complete, private, and never overwritten by accident.
import Canonical
import Custody
import Documents
import FixedPoint
import Ledger
import Oracle
import Testing

@testable import Node

@Test func aNewVenueHasAValidGenesisOfItsOwnKeys() throws {
    let bench = try CommandBench()
    try bench.makeVenue()
    let genesis = try GenesisReader.read(bench.path("venue/genesis.json"))
    #expect(genesis.name.text == "harbour")
    #expect(genesis.time == Timestamp(nanoseconds: CommandBench.now))
    var keys: [String] = []
    for name in ["custodian", "operator", "publisher-1"] {
        let shown = bench.run("keys", "show", bench.path("venue/keys/\(name).key"))
        keys.append(String(shown.output.dropLast()))
        #expect(try bench.mode(of: "venue/keys/\(name).key") == 0o600)
    }
    #expect(
        keys == [
            genesis.custodian.storage.hexadecimal, genesis.operator.storage.hexadecimal,
            genesis.publishers[0].key.storage.hexadecimal,
        ])
    #expect(try bench.mode(of: "venue/keys") == 0o700)
}

@Test func itsConfigurationIsValidAndNamesItsFiles() throws {
    let bench = try CommandBench()
    try bench.makeVenue()
    var source = ConfigurationSource()
    try source.read(file: try bench.bytes("venue/rampart.conf"), named: "rampart.conf")
    let configuration = try NodeConfiguration(source)
    #expect(configuration.genesis == bench.path("venue/genesis.json"))
    #expect(configuration.data == bench.path("venue/data"))
    #expect(configuration.credentials == bench.path("venue/credentials.sealed"))
    #expect(configuration.listen.text == Setting.listen.standard)
}

@Test func aVenueIsNotOverwrittenUnlessForced() throws {
    let bench = try CommandBench()
    try bench.makeVenue()
    let before = try bench.bytes("venue/keys/custodian.key")
    expectRefusal(
        bench.run("init", bench.path("venue")), ExitCode.cannotWrite, "genesis.json", "--force")
    #expect(try bench.bytes("venue/keys/custodian.key") == before)
    let forced = bench.run("init", bench.path("venue"), "--publishers", "1", "--force")
    #expect(forced.exit == ExitCode.done)
    #expect(try bench.bytes("venue/keys/custodian.key") != before)
    #expect(try bench.text("venue/genesis.json").contains("\"name\": \"venue\""))
}

@Test func whatCannotBeAVenueIsRefused() throws {
    let bench = try CommandBench()
    try bench.write("", to: "file")
    expectRefusal(
        bench.run("init", bench.path("file")), ExitCode.cannotWrite, "is a file, not a folder")
    expectRefusal(
        bench.run("init", bench.path("a"), "--name", "no spaces"), ExitCode.usage, "'no spaces'")
    expectRefusal(
        bench.run("init", bench.path("a"), "--name", String(repeating: "x", count: 33)),
        ExitCode.usage, "1 to 32")
    expectRefusal(
        bench.run("init", bench.path("a#b"), "--name", "x"), ExitCode.usage, "'#'")
    expectRefusal(
        bench.run("init", "/proc/no/venue"), ExitCode.cannotWrite, "cannot be written")
}

@Test func aPassphraseIsAskedTwiceWhereNothingElseGivesIt() throws {
    let bench = try CommandBench()
    bench.environment = [:]
    bench.typed = ["eight or more", "eight or more"]
    #expect(bench.run("keys", "new", bench.path("a.key")).exit == ExitCode.done)
    bench.typed = ["eight or more", "eight or less"]
    expectRefusal(
        bench.run("keys", "new", bench.path("b.key")), ExitCode.badInput, "differ")
    bench.typed = ["seven77", "seven77"]
    expectRefusal(
        bench.run("keys", "new", bench.path("b.key")), ExitCode.badInput, "fewer than 8")
    bench.typed = []
    expectRefusal(
        bench.run("keys", "new", bench.path("b.key")), ExitCode.usage, "RAMPART_PASSPHRASE",
        "--passphrase-file")
    bench.typed = ["eight or more"]
    #expect(bench.run("keys", "show", bench.path("a.key")).exit == ExitCode.done)
}

@Test func aPassphraseFileGoesBeforeTheEnvironmentAndLosesItsLineEnd() throws {
    let bench = try CommandBench()
    try bench.write("from the file\n", to: "passphrase")
    let made = bench.run(
        "keys", "new", bench.path("a.key"), "--passphrase-file", bench.path("passphrase"))
    #expect(made.exit == ExitCode.done)
    expectRefusal(
        bench.run("keys", "show", bench.path("a.key")), ExitCode.noPermission,
        "passphrase is wrong")
    bench.environment = ["RAMPART_PASSPHRASE": "from the file"]
    #expect(bench.run("keys", "show", bench.path("a.key")).output == made.output)
    try bench.write("\n", to: "empty")
    expectRefusal(
        bench.run("keys", "show", bench.path("a.key"), "--passphrase-file", bench.path("empty")),
        ExitCode.badInput, "is empty")
    expectRefusal(
        bench.run("keys", "show", bench.path("a.key"), "--passphrase-file", bench.path("none")),
        ExitCode.noInput, "no such file")
}

@Test(arguments: KeyKind.allCases)
func aKeyIsShownAsItWasMade(_ kind: KeyKind) throws {
    let bench = try CommandBench()
    let made = bench.run("keys", "new", bench.path("a.key"), "--kind", kind.word)
    #expect(made.exit == ExitCode.done)
    let key = try #require(SignerKey(text: String(made.output.dropLast())))
    #expect(key.kind == kind)
    #expect(bench.run("keys", "show", bench.path("a.key")).output == made.output)
    #expect(try bench.mode(of: "a.key") == 0o600)
    expectRefusal(
        bench.run("keys", "new", bench.path("a.key")), ExitCode.cannotWrite, "is there already")
}

@Test func whatIsNoKeyFileIsRefused() throws {
    let bench = try CommandBench()
    expectRefusal(
        bench.run("keys", "new", bench.path("a.key"), "--kind", "rsa"), ExitCode.usage, "'rsa'")
    expectRefusal(
        bench.run("keys", "show", bench.path("a.key")), ExitCode.noInput, "cannot be read")
    try bench.write("hello", to: "a.key")
    expectRefusal(
        bench.run("keys", "show", bench.path("a.key")), ExitCode.badInput, "no sealed file")
    _ = bench.run("keys", "new", bench.path("b.key"))
    var bytes = try bench.bytes("b.key")
    bytes[bytes.count - 1] ^= 1
    try FileAccess.write(bytes, to: bench.path("b.key"))
    expectRefusal(bench.run("keys", "show", bench.path("b.key")), ExitCode.badInput, "damaged")
    let other = Secret(copying: Array("no key".utf8))
    try SealedFile.write(
        other, to: bench.path("c.key"),
        passphrase: Secret(copying: Array(CommandBench.passphrase.utf8)))
    expectRefusal(
        bench.run("keys", "show", bench.path("c.key")), ExitCode.badInput, "holds no key")
}
