/// The fuzzer's program: arbitrary bytes go to every decoder and into the machine (`Input.try`).
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

    /// Runs one input.
    static func run(_ bytes: [UInt8]) {
        guard let mode = bytes.first else { return }
        let rest = Array(bytes.dropFirst())
        guard mode >= venueMode else {
            return Decoders.all[Int(mode) % Decoders.all.count](rest)
        }
        var reader = ByteReader(rest)
        FuzzVenue().run(&reader)
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
        unsafe Input.run(Array(UnsafeBufferPointer(start: start, count: length)))
        return 0
    })
