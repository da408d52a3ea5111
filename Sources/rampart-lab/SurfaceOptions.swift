/// The options of `rampart-lab surface`.

/// Files of option chains, and where the page goes.
struct SurfaceOptions: Equatable {
    private(set) var files: [String] = []
    private(set) var html: String?
    private(set) var seed = ReplayOptions.defaultSeed

    /// Reads the arguments after `surface`.
    ///
    /// - Throws: for no file, an unknown flag, a flag twice or without its value, a seed that is no
    ///   number, or a page over a file.
    init(arguments: [String]) throws(UsageFault) {
        var rest = arguments[...]
        var seen: [String] = []
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-") else {
                guard !files.contains(argument) else {
                    throw UsageFault("'\(argument)' is given twice")
                }
                files.append(argument)
                continue
            }
            guard argument == "--html" || argument == "--seed" else {
                throw UsageFault("unknown flag '\(argument)'; known are --html, --seed")
            }
            guard !seen.contains(argument) else {
                throw UsageFault("\(argument) is given twice; it may be given once")
            }
            seen.append(argument)
            guard let value = rest.popFirst(), !value.isEmpty, !value.hasPrefix("--") else {
                throw UsageFault("\(argument) needs a value")
            }
            if argument == "--html" {
                html = value
            } else {
                guard value.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let seed = UInt64(value)
                else { throw UsageFault("--seed is '\(value)', not a whole number") }
                self.seed = seed
            }
        }
        guard !files.isEmpty else { throw UsageFault("surface needs at least one file") }
        if let html, files.contains(html) {
            throw UsageFault("--html would overwrite the input '\(html)'")
        }
    }
}
