/// The fuzzer's program: arbitrary bytes go to every decoder and into the machine (`Input.run`).
///
///     rampart-fuzz seeds FOLDER      writes inputs to start from
///     rampart-fuzz FILE...           runs inputs again, such as one that failed
///     rampart-fuzz FOLDER [-OPTION]  looks for inputs that fail; all other options are libFuzzer's
///
/// libFuzzer's own `main` cannot be used, since the package manager renames that of a program, so
/// its driver is called.

import Glibc

/// The driver behind libFuzzer's `main` (compiler-rt, FuzzerInterface.h).
@_extern(c, "LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Says what is wrong and stops the way libFuzzer notices.
func fail(_ words: String) -> Never {
    fatalError(words)
}

enum Input {
    /// From this first byte on the input steers a venue; below, it chooses a decoder.
    static let venueMode: UInt8 = 128
    /// From this first byte on the input is a message to the API.
    static let messageMode: UInt8 = 224

    /// RAMPART_FUZZ_ONLY: `decoders` takes what runs no ledger, and is a hundred times as fast;
    /// `ledger` what runs one, `api` messages to the gateway; all when it is not set.
    private static let only: String = {
        guard let only = unsafe getenv("RAMPART_FUZZ_ONLY") else { return "" }
        return unsafe String(cString: only)
    }()

    /// Runs one input.
    ///
    /// - Returns: false for an input of the kind that is left out.
    static func run(_ bytes: [UInt8]) -> Bool {
        guard let mode = bytes.first else { return false }
        let place = Int(mode) % Decoders.all.count
        let isQuick = mode < venueMode && place < Decoders.quickCount
        let kind = mode >= messageMode ? "api" : isQuick ? "decoders" : "ledger"
        if !only.isEmpty, only != kind { return false }
        let rest = Array(bytes.dropFirst())
        if mode >= messageMode {
            Messages.all[Int(mode) % Messages.all.count](rest)
            return true
        }
        guard mode >= venueMode else {
            Decoders.all[place](rest)
            return true
        }
        var reader = ByteReader(rest)
        FuzzVenue().run(&reader)
        return true
    }
}

if CommandLine.argc == 3, CommandLine.arguments[1] == "seeds" {
    Seeds.write(to: CommandLine.arguments[2])
    exit(0)
}
var count = CommandLine.argc
var arguments = unsafe CommandLine.unsafeArgv
exit(
    unsafe runDriver(&count, &arguments) { start, length in
        // An input that returns -1 is not mutated any further.
        unsafe Input.run(Array(UnsafeBufferPointer(start: start, count: length))) ? 0 : -1
    })
