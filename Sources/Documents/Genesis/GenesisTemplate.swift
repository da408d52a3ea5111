/// The genesis file that `rampart init` writes: a venue for perpetuals, futures and options on BTC
/// and ETH, settled in USDC, with every block explained where it stands. The margins, oracles and
/// liquidation are Rampart's defaults (docs/margin.md); sizes suit a venue that begins.

package import Canonical

/// What a new venue fills in.
package struct GenesisTemplate {
    /// Most publishers that it makes keys for. Ours.
    package static let mostPublishers = 16

    private let name: Symbol
    /// Seconds since 1970.
    private let time: UInt64
    private let custodian: PublicKey
    private let `operator`: PublicKey
    private let publishers: [PublicKey]

    /// - Parameters:
    ///   - time: seconds since 1970, before 2100.
    ///   - publishers: each of weight 1.
    package init(
        name: Symbol, time: UInt64, custodian: PublicKey, operator: PublicKey,
        publishers: [PublicKey]
    ) {
        self.name = name
        self.time = time
        self.custodian = custodian
        self.operator = `operator`
        self.publishers = publishers
    }

    /// The text of the file.
    package var text: String {
        let markets = MarketTemplate.all
        return [
            chain, compartments,
            list(
                "underlyings", markets.map { $0.underlying(publishers: publishers.count) },
                why: underlyings),
            list("instruments", markets.map(\.perpetualInstrument), why: instruments),
            list("listings", markets.map(\.listing), why: listings), liquidation,
            safeguards,
        ].joined(separator: "\n")
    }

    private var chain: String {
        let keys = publishers.map { key in
            "    { \"key\": \"\(key.storage.hexadecimal)\", \"weight\": 1 }"
        }
        return """
            // The genesis of a venue. Its hash is the chain's identifier, which every signature
            // names: change anything here and it is another chain. So change what you like before
            // the first start and nothing after it. Every field is required; decimals are exact;
            // amounts are in the collateral's units and shares are fractions (0.01 is 1 %).
            {
              // For people; 1 to \(Symbol.limit) of A-Z a-z 0-9 - . / _
              "name": "\(name.text)",
              // Seconds since 1970. No block is earlier than this.
              "time": \(time),
              // Time passes for option prices in steps of this length.
              "pricingStepSeconds": 1,
              // Most open orders of one account, over all instruments.
              "orderLimit": 400,
              // How long markets collect orders before they open at one price; 0 opens at once.
              "openingAuctionSeconds": 0,

              // Opens accounts and credits deposits that have arrived. Whoever holds this key can
              // make money out of nothing: keep it apart from the operator's.
              "custodian": "\(custodian.storage.hexadecimal)",
              // Lists contracts, halts and reopens markets, sets fee tiers. It cannot touch money.
              "operator": "\(`operator`.storage.hexadecimal)",

              // Who signs prices. The index is the median by weight of what is fresh and near the
              // others, and needs 'quorum' of all weight and 'minimumVenues' (both below): with
              // three publishers all must speak, with five one may fail or lie.
              // 'rampart publish --publisher N' counts them from 1, in this order.
              "publishers": [
            \(keys.joined(separator: ",\n"))
              ],

            """
    }

    private var compartments: String {
        """
          // Closed rooms of money: collateral, fund and losses of one never reach another.
          "compartments": [
            {
              "symbol": "MAIN",
              "asset": "USDC",
              // A deposit beyond this is refused.
              "vaultLimit": 1000000000,
              // The share of fees that fills the insurance fund, until it holds 'insuranceTarget'.
              "insuranceShare": 0.2,
              "insuranceTarget": 5000000,
              // The most that the fund pays in a day, of what it held when the day began; and for
              // one account, of the notional that is closed.
              "insuranceDailyShare": 0.05,
              "insuranceAccountShare": 0.005,
              // How far cash may go below zero, covered by other collateral: an account, all of
              // them as a share of the vault, and the interest of a year.
              "debtLimit": 100000,
              "debtShare": 0.25,
              "debtInterest": 0.1
            }
          ],

          // The operator moves accounts between these; new ones begin in the first. A negative fee
          // is a rebate, and every trade must leave the venue at least half a basis point.
          "feeTiers": [
            { "maker": 0.0001, "taker": 0.0005 },
            { "maker": -0.00005, "taker": 0.0004 }
          ],

        """
    }

    private let underlyings = """
          // What prices are published of, how an index is made of them, and the margin on it.
        """
    private let instruments = """
          // What is listed from the first block. Prices are whole ticks, sizes whole lots, and one
          // tick on one lot must be a whole number of millionths.
        """
    private let listings = """
          // What lists itself as time and the index move, always expiring at 08:00 UTC. Contracts
          // can also be listed one by one: 'rampart help send', list-contract.
        """

    private func list(_ name: String, _ items: [String], why: String) -> String {
        "\(why)\n  \"\(name)\": [\n" + items.joined(separator: ",\n") + "\n  ],\n"
    }

    private var liquidation: String {
        """
          // An account below its maintenance margin is closed on the book, from 'firstBand' to
          // 'lastBand' of the position's margin away from the mark, which takes 'bandSeconds', and
          // takes no more than 'depthShare' of what the book shows in each 'depthSeconds'.
          "liquidation": {
            // Below this part of maintenance margin, slices of the portfolio are auctioned, at a
            // discount that goes from 'firstDiscount' to 'lastDiscount' of the equity that is left.
            // What nobody takes is closed against the other side.
            "auctionLevel": 0.666666667,
            "auctionSeconds": 60,
            "bandSeconds": 30,
            "depthSeconds": 10,
            "depthShare": 0.2,
            // It ends at this multiple of maintenance margin.
            "exitLevel": 1.2,
            // Of what is closed, to the insurance fund.
            "fee": 0.001,
            "firstBand": 0.25,
            "firstDiscount": 0.1,
            "lastBand": 0.75,
            "lastDiscount": 0.9,
            "optionDepthShare": 0.1
          },

        """
    }

    private var safeguards: String {
        let sources = publishers.indices.map { place in
            "      { \"name\": \"source-\(place + 1)\", \"venue\": \(place + 1) }"
        }
        return """
              // What keeps prices from being bought, and stops markets by themselves.
              "safeguards": {
                // A key that may hold markets back for up to 72 hours and never let go; keep it
                // apart from the operator's. Without it nobody may. "guardian": "...64 hexadecimal
                // digits...",

                // Prices that others attest, left out here, are the word of a publisher without a
                // key: { "kind": "pyth", "weight": 1 } among the publishers, as the fourth say, and
                // here
                // "pull": {
                //   "wormhole": { "set": 4, "guardians": ["0x5893…"] }, all guardians in force,
                //   "pyth": {
                //     "chain": 26, "address": "e101…",
                //     "feeds": [
                //       { "feed": "e62d…", "underlying": "BTC", "source": "pyth", "publisher": 4 }
                //     ]
                //   }
                // }, as docs/pull-oracles.md spells out, with Chainlink too.

                // Where publishers see prices: a market of a venue. Sources of one venue number
                // share its cap of weight. What is quoted in another currency names, as 'quote',
                // the underlying that is its price. Each publisher names one for every price; give
                // these the names and numbers of the markets that yours read.
                "sources": [
            \(sources.joined(separator: ",\n"))
                ],
                // How much may be open, so that moving an index costs more than anyone could win by
                // it; an entry for each underlying (docs/economics.md).
                "economics": [
            \(MarketTemplate.all.map(\.economics).joined(separator: ",\n"))
                ],
            \(BreakerTemplate.text),
            \(BackstopTemplate.text),
                // How far ahead an agent's key may sign an order: what rests by then stays, what
                // comes later is refused. How far from the mark it trades and what it may lose in
                // a day, its owner says with each grant.
                "agentOrderSeconds": 120
              }
            }

            """
    }
}
