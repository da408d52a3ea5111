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
    /// Divide one shortfall among the winners of a day, by each rule.
    case deleveraging(DeleveragingOptions)
    /// Run crashes over seeds, with and without defences.
    case stress(StressOptions)
    /// Test on price histories what estimates margin.
    case backTest(BackTestOptions)
    /// Search for accounts that gain together what they should not.
    case collusion(CollusionOptions)

    /// For messages.
    private static let known =
        "known are demo, replay, genesis, surface, margin, blindspots, attack, "
        + "deleveraging, stress, backtest, collusion"

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
        case "deleveraging":
            self = .deleveraging(try DeleveragingOptions(arguments: rest))
        case "stress": self = .stress(try StressOptions(arguments: rest))
        case "backtest": self = .backTest(try BackTestOptions(arguments: rest))
        case "collusion": self = .collusion(try CollusionOptions(arguments: rest))
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
               rampart-lab deleveraging --users FILE --coins FILE [--shortfall DOLLARS]…
                                        [--html FILE] [--json FILE]
                                                       who pays for a bankruptcy, rule by rule
               rampart-lab attack FILE|NAME [--without DEFENCE…] [--html FILE] [--json FILE]
               rampart-lab attack --list | --all       incidents of other venues, replayed
               rampart-lab stress [CRASH]… [--prices FILE]… [--seeds N] [--first N]
                                  [--without DEFENCE…]… [--each] [--reverse] [--depth PERCENT]
                                  [--leverage NAME] [--jobs N] [--html FILE] [--json FILE]
               rampart-lab stress --calibrate FILE…    crashes over many seeds: docs/stress.md
               rampart-lab backtest FILE… [--asset NAME,…] [--memory N] [--window N] [--seed N]
                                  [--html FILE] [--json FILE]
                                                       what margin foresaw, and what came
               rampart-lab collusion [--starts N] [--steps N] [--seed N] [--ablate] [--save FILE]
                                                       search for accounts that cheat together

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
          --users, --coins  who was closed on a day, and where (docs/deleveraging.md)
          --shortfall N   whole dollars to divide; may be repeated; without it what the accounts
                          of the file lack
          --without D…    the defences that are off in the second run of a scenario, in place of
                          those that the file names
          --asset NAME,…  test these assets alone, such as BTC,ETH; may be repeated
          --memory N      what volatility remembers of a step, in place of the model's own: 0.94
          --window N      how many returns are remembered: 500 to 2000
          --starts, --steps N
                          how many plans a search begins with, and how often each is changed
          --ablate        search again with each defence off
          --save FILE     write the most gainful plan as a scenario file
          --list, --all   name the shipped scenarios; run all of them, a line each
          --seeds N, --first N  how many seeds (20), and the first (1)
          --each          every defence off, one after the other, beside all on
          --reverse       for each seed the smallest fall of an hour that goes beyond the fund
          --depth PERCENT of the depth that is usual, at every time; else it follows moves
          --leverage NAME eager (if not given) or calibrated: as liquidation data have it
          --jobs N        runs at a time; as many as there are cores if not given
          --calibrate F…  compare liquidations in files with those of the laboratory
          --help          this text

        Price files have a header line. Known shapes, each with optional 'venue' (or 'exchange') and
        'symbol' columns; without them both are taken from the file's name:
          bars    time,open,high,low,close[,volume]
          quotes  time,bid_open,bid_high,bid_low,bid_close,ask_open,…  (the middle is used)
          trades  timestamp,price[,amount]                             (made into minutes)
        The time column may be called time, timestamp, open_time, minute or date; it holds seconds,
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
