/// Scripts for shells: read by the shells themselves, and tried out in a bash.
import Foundation
import Testing

@testable import Node

/// Runs a program, and gives what it writes.
private func output(_ program: String, _ arguments: [String]) throws -> (Int32, String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

/// A bench with the script of a shell, and a program of the name that lists two markets.
private func bench(_ shell: String) throws -> CommandBench {
    let bench = try CommandBench()
    let run = bench.run("completion", shell)
    #expect(run.exit == ExitCode.done)
    try bench.write(run.output, to: "script")
    try bench.write(
        "#!/bin/bash\n[[ \"$1 $2\" == 'markets --names' ]] && printf '%s\\n' BTC-A BTC-B ${@:4}\n",
        to: "rampart")
    try bench.setMode(0o755, of: "rampart")
    return bench
}

/// What bash offers at the end of a line.
private func offers(_ bench: CommandBench, _ words: [String]) throws -> [String] {
    let list = ([bench.path("rampart")] + words).map { "'\($0)'" }.joined(separator: " ")
    let test = """
        source '\(bench.path("script"))'
        cd '\(bench.folder)'
        COMP_WORDS=(\(list)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _rampart
        printf '%s\\n' "${COMPREPLY[@]}"
        """
    let (exit, text) = try output("/bin/bash", ["-u", "-c", test])
    #expect(exit == 0, "\(text)")
    return text.split(separator: "\n").map(String.init)
}

@Test func bashReadsItsScript() throws {
    let bench = try bench("bash")
    let (exit, text) = try output("/bin/bash", ["-n", bench.path("script")])
    #expect(exit == 0 && text.isEmpty, "\(text)")
}

@Test(arguments: [
    (["or"], ["order", "orders"]), (["order", ""], ["buy", "sell"]),
    (["order", "buy", ""], ["BTC-A", "BTC-B"]),
    (["order", "buy", "--node", "x", "BTC-"], ["BTC-A", "BTC-B"]),
    (["order", "buy", "--post-only", "BTC-"], ["BTC-A", "BTC-B"]),
    (["order", "buy", "BTC-A", "1", "m"], ["market"]), (["order", "--pos"], ["--post-only"]),
    (["order", "buy", "--lab"], ["--label"]), (["order", "--key", "scr"], ["script"]),
    (["keys", ""], ["new", "show"]), (["keys", "new", "--ki"], ["--kind"]),
    (["verify", "p"], ["proof"]), (["verify", "proof", "scr"], ["script"]),
    (["book", ""], ["BTC-A", "BTC-B"]), (["cancel", "--instrument", ""], ["BTC-A", "BTC-B"]),
    (["completion", ""], ["bash", "zsh", "fish"]), (["help", "wi"], ["withdraw"]),
    (["proof", "ch"], ["chain"]), (["node", "--api.lis"], ["--api.listen"]),
    (["markets", "--kind", "o"], ["option"]), (["order", "buy", "x", "1", "--label", ""], []),
])
func bashCompletes(_ words: [String], _ expected: [String]) throws {
    let offered = try offers(try bench("bash"), words)
    #expect(offered == expected, "\(words): \(offered)")
}

@Test func bashOffersEveryCommandAndFlag() throws {
    let bench = try bench("bash")
    let first = try offers(bench, [""])
    for shape in RampartProgram.shapes {
        let words = shape.name.split(separator: " ").map(String.init)
        #expect(first.contains(words[0]))
        guard shape.name == "order" || shape.name == "verify chain" else { continue }
        let flags = try offers(bench, words + ["--"])
        for flag in shape.flags { #expect(flags.contains(flag.name), "\(shape.name)") }
    }
}

@Test(arguments: ["zsh", "fish"])
func otherShellsReadTheirScripts(_ shell: String) throws {
    let bench = try bench(shell)
    let text = try bench.text("script")
    for shape in RampartProgram.shapes { #expect(text.contains(shape.name)) }
    let places = ["/bin", "/usr/bin"].map { "\($0)/\(shell)" }
    guard let program = places.first(where: FileManager.default.isExecutableFile) else { return }
    let (exit, output) = try output(program, ["-n", bench.path("script")])
    #expect(exit == 0 && output.isEmpty, "\(output)")
}

@Test func anUnknownShellIsRefused() throws {
    expectRefusal(
        try CommandBench().run("completion", "bsh"), ExitCode.usage, "did you mean 'bash'?")
    expectRefusal(try CommandBench().run("completion"), ExitCode.usage, "needs bash|zsh|fish")
}

@Test(arguments: [
    ("FILE", CompletionKind.files), ("FOLDER", .folders), ("[INSTRUMENT]", .instruments),
    ("buy|sell", .words(["buy", "sell"])), ("[PRICE|market] [TERM]…", .words(["market"])),
    ("N", .anything), ("[ORDER]…", .anything), ("", .anything), ("A|B", .anything),
])
func placesAreKnownByTheirNames(_ name: String, _ kind: CompletionKind) {
    #expect(CompletionKind(name) == kind)
}
