/// The markets of the genesis file that `rampart init` writes: one shape, filled in for BTC with
/// every field explained, and for ETH without saying it again.

import Estimation

/// The figures of one market, as they stand in the file. All sizes are in whole units of the
/// underlying, all prices in USD.
struct MarketTemplate {
    let symbol: String
    let listingPrice: String
    let highestPrice: String
    let tick: String
    let lot: String
    let perpetual: Sizes
    let future: Sizes
    let option: Sizes
    let perpetualBand: String
    let strikeStep: String
    let move: String
    let grossFloor: String
    let dailyVolatility: String
    let dailyVolume: String
    let referenceVolatility: String
    let baseMargin: String
    let hardLimit: String
    let float: String
    let openingDepth: String
    let model: MarginModelParameters
    let isExplained: Bool

    /// Of one instrument: the largest order, position and open interest.
    struct Sizes {
        let order: String
        let position: String
        let interest: String
    }

    static let all = [bitcoin, ether]

    private static let bitcoin = MarketTemplate(
        symbol: "BTC", listingPrice: "97000", highestPrice: "500000", tick: "1", lot: "0.0001",
        perpetual: Sizes(order: "50", position: "200", interest: "1000"),
        future: Sizes(order: "25", position: "100", interest: "1000"),
        option: Sizes(order: "5", position: "20", interest: "200"), perpetualBand: "0.02",
        strikeStep: "2000", move: "0.12", grossFloor: "0.005", dailyVolatility: "0.03",
        dailyVolume: "20000000000", referenceVolatility: "0.5", baseMargin: "0.156",
        hardLimit: "100000000", float: "1000000000000",
        openingDepth: "200000000", model: .bitcoin.withOptions, isExplained: true)

    private static let ether = MarketTemplate(
        symbol: "ETH", listingPrice: "3400", highestPrice: "20000", tick: "0.1", lot: "0.001",
        perpetual: Sizes(order: "1250", position: "5000", interest: "25000"),
        future: Sizes(order: "625", position: "2500", interest: "25000"),
        option: Sizes(order: "125", position: "500", interest: "5000"), perpetualBand: "0.025",
        strikeStep: "100", move: "0.15", grossFloor: "0.00625", dailyVolatility: "0.04",
        dailyVolume: "10000000000", referenceVolatility: "0.7", baseMargin: "0.195",
        hardLimit: "60000000", float: "400000000000",
        openingDepth: "100000000", model: .ether.withOptions, isExplained: false)

    /// - Parameter publishers: each is taken to read a venue of its own.
    func underlying(publishers: Int) -> String {
        explained(
            """
                {
                  "symbol": "\(symbol)",
                  "quoteCurrency": "USD",
                  // Extra bits in which risk is counted; fewer leave room for larger limits.
                  "fractionBits": 5,
                  // Nothing is ever priced above this: choose it several times the market.
                  "maximumIndexPrice": \(highestPrice),
                  // About where it trades now; only for checks of tick, lot and limits.
                  "listingPrice": \(listingPrice),
                  "oracle": {
                    // The share of the publishers' weight that must be fresh, above one half.
                    "quorum": 0.666666666,
                    // The age in seconds past which a price liquidates nobody, admits only orders
                    // that reduce, and admits no order.
                    "liquidationAgeSeconds": 5,
                    "reduceOnlyAgeSeconds": 15,
                    "haltAgeSeconds": 60,
                    // How far the stable price, which values new risk, follows in an hour.
                    "stableHourlyMove": 0.2,
                    // The volatility where nobody has published any yet, for a year.
                    "referenceVolatility": \(referenceVolatility),
                    // How far marks follow the books: at most this share away from the model,
                    // smoothed over these seconds, from the price of this notional.
                    "future": {
                      "impactNotional": 20000, "premiumAveragingSeconds": 30, "premiumClamp": 0.005
                    },
                    "option": {
                      "impactNotional": 500, "premiumAveragingSeconds": 30, "premiumClamp": 0.1
                    },
                    // Expiries settle at the average index of the window, if so much of it is
                    // covered; an observation covers the seconds after it.
                    "settlement": {
                      "coverage": 0.8, "observationSeconds": 15, "windowSeconds": 1800
                    },
            \(aggregation(publishers: publishers))
                  },
                  // By preset: rampart-options here; rampart without options; deribit, paradex,
                  // span (docs/margin.md). 'move' is the largest price move that is covered; with
                  // a model, the one that haircuts and daily volatility are stated for.
                  "margin": {
                    "preset": "rampart-options",
                    "move": \(move),
                    // Initial margin is this multiple of the covered loss.
                    "initialFactor": 1.3,
                    // The least margin of a position, as a share of its notional.
                    "grossFloor": \(grossFloor),
                    // Large positions pay for what they are of the usual day in this market.
                    "dailyVolatility": \(dailyVolatility),
                    "dailyVolume": \(dailyVolume),
            \(model.text)
                  }
                }
            """)
    }

    /// The rules by which the words of so many publishers become a price.
    private func aggregation(publishers: Int) -> String {
        """
                // How many sources become one price (docs/oracle.md).
                "aggregation": {
                  // So many venues must be left after the cuts; none weighs more than its cap
                  // of what all weigh together.
                  "minimumVenues": \(min(publishers, 3)),
                  "venueCap": \(publishers < 3 ? publishers < 2 ? "1" : "0.5" : "0.4"),
                  // What lies farther from the median than so many median deviations is cut;
                  // the deviation counts as the floor, a share of the price, at least.
                  "outlierFactor": 5,
                  "outlierFloor": 0.0005,
                  // How far the index moves in a second and in a minute, as shares of itself.
                  "secondMove": 0.005,
                  "minuteMove": 0.15,
                  // An index that may be off by more liquidates nobody and lets nothing out.
                  "widestConfidence": 0.02,
                  // A price that stands still for so long, while the index moves by so much,
                  // is frozen; one this near to ten, a hundred, … times the index, or a tenth,
                  // has the wrong unit.
                  "frozenSeconds": 120,
                  "frozenMove": 0.005,
                  "unitTolerance": 0.1
                }
        """
    }

    var perpetualInstrument: String {
        explained(
            """
                {
                  "symbol": "\(symbol)-PERP",
                  "kind": "perpetual",
                  "underlying": "\(symbol)",
            \(terms(perpetual, band: perpetualBand, indent: "      ")),
                  // The mark stays within this share of the index, smoothed over these seconds, and
                  // follows the book's price for this notional.
                  "premiumClamp": 0.005,
                  "premiumAveragingSeconds": 30,
                  "impactNotional": 20000,
                  // Funding of eight hours: interest, how far it pulls, and the most of all.
                  "interest": 0.0001,
                  "interestClamp": 0.0005,
                  "fundingCap": 0.0075
                }
            """)
    }

    /// What an attack costs, and how much may be open.
    var economics: String {
        explained(
            """
                  {
                    "underlying": "\(symbol)",
                    // The share of the depth that sources report that is there when it matters, how
                    // long books take to fill again, and how long a price must be held.
                    "depthShare": 0.2,
                    "replenishmentSeconds": 600,
                    "windowSeconds": 30,
                    // By how much an attack must cost more than it wins, what going in and out
                    // costs, and the most that one owner may have of the cap.
                    "safety": 3,
                    "tradingCost": 0.002,
                    "ownerShare": 0.1,
                    // The usual initial margin, from which the largest owners' rises to 1.
                    "baseMargin": \(baseMargin),
                    // What a gap beyond maintenance costs the insurance fund, one time in 1000.
                    "gapLoss": 0.05,
                    // The cap is never above the first nor below the second: what the venue
                    // risks while its fund is young.
                    "hardLimit": \(hardLimit),
                    "leastCap": 5000000,
                    // What trades in a median day everywhere, and what all of it is worth.
                    "dailyVolume": \(dailyVolume),
                    "float": \(float),
                    // The depth for 2 % before it has been measured.
                    "openingDepth": \(openingDepth),
                    // How fast caps may move.
                    "hourlyFall": 0.1,
                    "hourlyRise": 0.05
                  }
            """)
    }

    var listing: String {
        explained(
            """
                {
                  "underlying": "\(symbol)",
                  "futures": {
                    // The next days, Fridays, last Fridays of months and of quarters.
                    "days": 0, "weeks": 2, "months": 2, "quarters": 2,
            \(terms(future, band: "0.03", indent: "        "))
                  },
                  "options": {
                    "days": 2, "weeks": 2, "months": 2, "quarters": 1,
                    // Strikes are multiples of the step, so many below and above the index.
                    "strikeStep": \(strikeStep), "strikesEachSide": 6,
            \(terms(option, band: "0.2", indent: "        "))
                  }
                }
            """)
    }

    private func terms(_ sizes: Sizes, band: String, indent: String) -> String {
        """
        "compartment": "MAIN",
        "tickSize": \(tick), "lotSize": \(lot), "maximumPrice": \(highestPrice),
        // Of one order; of one account; of all long positions.
        "maximumOrderQuantity": \(sizes.order),
        "positionLimit": \(sizes.position),
        "openInterestLimit": \(sizes.interest),
        // How far through the mark an order may reach.
        "priceBand": \(band)
        """.split(separator: "\n").map { indent + $0 }.joined(separator: "\n")
    }

    /// The text, without its comments where another market has them already.
    private func explained(_ text: String) -> String {
        guard !isExplained else { return text }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
    }
}
