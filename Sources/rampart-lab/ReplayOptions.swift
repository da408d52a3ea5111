/// The command line of `rampart-lab`, read into values that cannot be wrong, or refused with the
/// flag and the reason.

import Canonical

/// What the user asked for.
enum LabCommand: Equatable {
    case help
    /// Run a venue with simulated traders (the words are read by `DemoOptions`).
    case demo(arguments: [String])
    case replay(ReplayOptions)
    /// Print a genesis file that fits these price files, or the built-in day.
    case genesis(prices: [String])
    /// Fit real option chains, vote on them, and report the surface that results.
    case surface(SurfaceOptions)
    case margin(MarginOptions)
    /// Search for portfolios that lose more than their margin.
    case blindSpots(BlindSpotOptions)
    /// Replay incidents of other venues with and without the defences that they lacked.
    case attack(AttackOptions)

    /// For messages.
    private static let known =
        "known are demo, replay, genesis, surface, margin, blindspots, attack"

    /// Reads the arguments after the program's name.
    init(arguments: [String]) throws(UsageFault) {
        guard let command = arguments.first else {
            throw UsageFault("no command given; \(LabCommand.known)")
        }
        if arguments.contains("--help") || arguments.contains("-h") || command == "help" {
            self = .help
            return
        }
        let rest = Array(arguments.dropFirst())
        switch command {
        case "demo": self = .demo(arguments: rest)
        case "replay": self = .replay(try ReplayOptions(arguments: rest))
        case "genesis":
            let options = try ReplayOptions(arguments: rest, flags: ["--prices"])
            self = .genesis(prices: options.prices)
        case "surface": self = .surface(try SurfaceOptions(arguments: rest))
        case "margin": self = .margin(try MarginOptions(arguments: rest))
        case "blindspots": self = .blindSpots(try BlindSpotOptions(arguments: rest))
        case "attack": self = .attack(try AttackOptions(arguments: rest))
        default: throw UsageFault("unknown command '\(command)'; \(LabCommand.known)")
        }
    }

    /// The text of `--help`.
    static let helpText = """
        rampart-lab demo runs a venue with simulated traders, to try clients on;
        rampart-lab replay runs prices through the clearing engine;
        rampart-lab margin says what the engine asks for a portfolio.

        Usage: rampart-lab demo [--from HH:MM] [--speed N] [--seed N] [--api.listen ADDRESS:PORT]
                                [any other setting of a node: rampart help node]
               rampart-lab replay [--genesis FILE] [--prices FILE]… [--seed N] [--quote NAME]
                                  [--without DEFENCE]…
                                  [--html FILE] [--json FILE] [--blocks FILE] [--audit]
                                  [--certificates FOLDER]
               rampart-lab replay --orders FILE [--seed N] [--json FILE]
               rampart-lab genesis [--prices FILE]…    print a genesis file to start from
               rampart-lab surface FILE… [--seed N] [--html FILE]
                                                       fit option chains, vote, aggregate
               rampart-lab margin PORTFOLIO.json [--preset NAME] [--html FILE] [--json FILE]
               rampart-lab blindspots [--preset NAME] [--portfolios N] [--seed N] [--html FILE]
                                                       search for what margin rules do not see
               rampart-lab attack FILE|NAME [--without DEFENCE…] [--html FILE] [--json FILE]
               rampart-lab attack --list | --all       incidents of other venues, replayed

          --genesis FILE  the chain's genesis file; without it one is made that fits the prices
          --prices FILE…  price files, CSV or CSV in gzip; may be repeated or given several names.
                          Without it the built-in day runs: BTC and ETH on five venues, with a crash
          --orders FILE   an order-by-order file instead of prices: its flow goes through the
                          engine, whose best prices are compared with the file's
          --seed N        whole number from 0 to 18446744073709551615 that the traders' choices
                          come from; 1 if not given. Same files and seed, same state root
          --quote NAME    the currency of indices, such as USD: prices in other currencies become
                          sources of the same index, converted by a price of their currency
          --without NAME… a defence of the engine that is off in this run; may be repeated
          --html FILE     write a page with charts
          --json FILE     write the results as JSON
          --blocks FILE   write the genesis and every block, each behind its 32-bit length
          --certificates FOLDER
                          write the certificates of margin calls with their headers, and the
                          genesis: rampart verify margin-call checks them
          --audit         after every block make all that is kept incrementally again from
                          scratch and compare; stops at the first difference. Slow
          --preset NAME   the margin rules: \(MarginOptions.presets.joined(separator: ", "))
          --portfolios N  adversarial portfolios for each preset; 1,000 if not given
          --without D…    the defences that are off in the second run of a scenario, in place of
                          those that the file names
          --list, --all   name the shipped scenarios; run all of them, a line each
          --help          this text

        Price files have a header line. Known shapes, each with optional 'venue' (or 'exchange') and
        'symbol' columns; without them both are taken from the file's name:
          bars    time,open,high,low,close[,volume]
          quotes  time,bid_open,bid_high,bid_low,bid_close,ask_open,…  (the middle is used)
          trades  timestamp,price[,amount]                             (made into minutes)
        The time column may be called time, timestamp, open_time or minute; it holds seconds,
        milliseconds, microseconds or nanoseconds since 1970, or YYYY-MM-DD HH:MM:SS in UTC.

        Option chains of surface: CSV, plain or gzip, one row per option and snapshot, with the
        columns of Deribit's chains (snapshot, strike, expiry_datetime, futures_price,
        implied_volatility, delta, …). Five publishers fit every snapshot, a sixth lies.

        A scenario file holds a venue, prices, accounts, orders, faults and what must come of them:
        docs/scenarios.md. Shipped ones are found by name in the folder Scenarios above the program,
        or in the one that RAMPART_SCENARIOS names.

        A portfolio file holds prices, volatilities and positions: docs/portfolio.md.

        Order files, plain or gzip: LOBSTER messages (with …_orderbook_… beside …_messages_…),
        Bitstamp order events, CME market by order (Databento), Binance depth streams.

        Exit codes: 0 done · 1 a scenario did not come as it expects · 2 wrong usage ·
                    65 a file is malformed · 74 a file cannot be written

        """
}

/// A refused command line.
struct UsageFault: Error, Equatable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}

/// The options of `replay`.
struct ReplayOptions: Equatable {
    static let defaultSeed: UInt64 = 1

    private(set) var genesis: String?
    private(set) var prices: [String] = []
    private(set) var orders: String?
    private(set) var seed = ReplayOptions.defaultSeed
    private(set) var html: String?
    private(set) var json: String?
    private(set) var blocks: String?
    private(set) var certificates: String?
    private(set) var audit = false
    private(set) var quote: String?
    private(set) var without: [Defence] = []

    private static let flags = [
        "--genesis", "--prices", "--orders", "--seed", "--html", "--json", "--blocks", "--audit",
        "--quote", "--without", "--certificates",
    ]
    /// Flags that may be given again, and take several values.
    private static let lists = ["--prices", "--without"]

    /// Reads the arguments after `replay`.
    ///
    /// - Throws: for an unknown flag, a missing or empty value, a flag given twice that may be
    ///   given once, a seed that is no number, a stray word, or an output that is also another
    ///   file.
    ///
    /// - Parameter flags: those that the command knows.
    init(
        arguments: [String], flags: [String] = ReplayOptions.flags
    ) throws(UsageFault) {
        var seen: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = String(parts.first ?? "")
            guard flags.contains(flag) else {
                throw ReplayOptions.unknown(argument, known: flags)
            }
            if !ReplayOptions.lists.contains(flag) && seen.contains(flag) {
                throw UsageFault("\(flag) is given twice; it may be given once")
            }
            seen.append(flag)
            if flag == "--audit" {
                guard parts.count == 1 else { throw UsageFault("--audit takes no value") }
                audit = true
            } else if parts.count == 2 {
                try take(String(parts[1]), for: flag)
            } else {
                try take(ReplayOptions.value(of: flag, from: &rest), for: flag)
                while ReplayOptions.lists.contains(flag), let next = rest.first,
                    !next.hasPrefix("-")
                {
                    rest.removeFirst()
                    try take(next, for: flag)
                }
            }
        }
        if orders != nil {
            for flag in [
                "--prices", "--genesis", "--html", "--blocks", "--audit", "--quote", "--without",
                "--certificates",
            ] where seen.contains(flag) {
                throw UsageFault("--orders and \(flag) exclude each other")
            }
        }
        try checkFilesDiffer()
    }

    private static func value(
        of flag: String, from rest: inout ArraySlice<String>
    ) throws(UsageFault) -> String {
        guard let next = rest.first, !next.hasPrefix("--") else {
            throw UsageFault("\(flag) needs a value: \(expected(flag))")
        }
        rest.removeFirst()
        return next
    }

    private static func expected(_ flag: String) -> String {
        switch flag {
        case "--seed": "a whole number from 0 to \(UInt64.max)"
        case "--quote": "a currency in capital letters, such as USD"
        case "--without":
            "one of " + Defence.allCases.map { "\($0)" }.joined(separator: ", ")
        default: "the name of a file"
        }
    }

    private static func unknown(_ argument: String, known: [String]) -> UsageFault {
        argument.hasPrefix("-")
            ? UsageFault(
                "unknown flag '\(argument)'; known are \(known.joined(separator: ", "))")
            : UsageFault("'\(argument)' belongs to no flag; price files follow --prices")
    }

    private mutating func take(_ value: String, for flag: String) throws(UsageFault) {
        guard !value.isEmpty else {
            throw UsageFault("\(flag) needs a value: \(ReplayOptions.expected(flag))")
        }
        switch flag {
        case "--genesis": genesis = value
        case "--prices":
            guard !prices.contains(value) else {
                throw UsageFault("--prices names '\(value)' twice")
            }
            prices.append(value)
        case "--orders": orders = value
        case "--html": html = value
        case "--json": json = value
        case "--blocks": blocks = value
        case "--certificates": certificates = value
        case "--quote":
            guard value.utf8.allSatisfy({ $0 >= 0x41 && $0 <= 0x5a }) else {
                throw UsageFault("--quote is '\(value)', not \(ReplayOptions.expected(flag))")
            }
            quote = value
        case "--without":
            guard let defence = Defence.allCases.first(where: { "\($0)" == value }) else {
                throw UsageFault("--without is '\(value)', not \(ReplayOptions.expected(flag))")
            }
            without.append(defence)
        default:
            // `UInt64(_:)` alone would also take "+1".
            guard value.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = UInt64(value)
            else {
                throw UsageFault("--seed is '\(value)', not \(ReplayOptions.expected(flag))")
            }
            seed = number
        }
    }

    private func checkFilesDiffer() throws(UsageFault) {
        for (flag, output) in [("--html", html), ("--json", json), ("--blocks", blocks)] {
            guard let output else { continue }
            if prices.contains(output) || genesis == output || orders == output {
                throw UsageFault("\(flag) would overwrite the input '\(output)'")
            }
        }
        let outputs = [html, json, blocks].compactMap { $0 }
        for (place, output) in outputs.enumerated() where outputs[..<place].contains(output) {
            throw UsageFault("two outputs name the same file '\(output)'")
        }
    }

    /// The arguments of `rampart-lab` that repeat this replay, outputs left out.
    var repeatingArguments: [String] {
        var arguments = ["replay"]
        if let orders { arguments += ["--orders", orders] }
        if let genesis { arguments += ["--genesis", genesis] }
        for file in prices { arguments += ["--prices", file] }
        if let quote { arguments += ["--quote", quote] }
        for defence in without { arguments += ["--without", "\(defence)"] }
        return arguments + ["--seed", String(seed)]
    }
}
