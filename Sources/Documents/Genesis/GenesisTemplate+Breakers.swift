/// What stops markets, in the genesis file that `rampart init` writes: the defaults of
/// `docs/breakers.md`, explained once for BTC and repeated for ETH.

/// The blocks `breakers`, `flow`, `vaults` and `haircuts`.
enum BreakerTemplate {
    static let text = """
            // When a market stops by itself, by underlying, in their order (docs/breakers.md).
            "breakers": [
              {
                // A move of the index within one minute, or five, sends its markets into auctions.
                "minuteMove": 0.08,
                "fiveMinuteMove": 0.12,
                // So does a quorum of sources that no band of this width holds, and a book whose
                // best order stands so far beyond the index for so long.
                "sourceDivergence": 0.02,
                "bookDivergence": 0.04,
                "divergenceSeconds": 30,
                // So do liquidations of this share of open interest within five minutes; of at
                // least so much, however small the market.
                "liquidationShare": 0.1,
                "liquidationFloor": 1000000,
                // It ends when the trigger has been below this part of its limit for so long, or
                // was not renewed until 'expirySeconds'.
                "clearShare": 0.5,
                "coolingSeconds": 300,
                // The same when the index was too old and is fresh again.
                "quorumCoolingSeconds": 15,
                "expirySeconds": 900,
                // How long its auctions collect orders, and the one in which it reopens after a
                // halt; and how far from the mark they clear.
                "auctionSeconds": 10,
                "reopeningSeconds": 60,
                "auctionBand": 0.01,
                // The volume of a bucket of the published toxicity.
                "toxicityBucket": 1000000
              },
              {
                "minuteMove": 0.08,
                "fiveMinuteMove": 0.12,
                "sourceDivergence": 0.02,
                "bookDivergence": 0.04,
                "divergenceSeconds": 30,
                "liquidationShare": 0.1,
                "liquidationFloor": 1000000,
                "clearShare": 0.5,
                "coolingSeconds": 300,
                "quorumCoolingSeconds": 15,
                "expirySeconds": 900,
                "auctionSeconds": 10,
                "reopeningSeconds": 60,
                "auctionBand": 0.01,
                "toxicityBucket": 1000000
              }
            ],
            // What an owner may send, all accounts together. Quotes of one transaction are one
            // order; cancels always pass, and beyond their rate cost orders.
            "flow": {
              "ordersPerSecond": 10,
              "burst": 50,
              "cancelFactor": 2,
              // What makes an owner suspect, once there is so much of it: orders for each fill,
              // one-sided taking, meeting oneself, trading round with one other, bursts. Each
              // halves the rate while it lasts.
              "leastCount": 100,
              "ordersPerFill": 200,
              "oneSidedShare": 0.95,
              "selfTrades": 20,
              "ringShare": 0.6,
              "stuffingRate": 60,
              "stuffingSeconds": 5
            },
            // How fast a vault may empty, net by account: the rest waits and is let go pro rata.
            "vaults": {
              "hourlyOutflow": 0.03,
              "dailyOutflow": 0.1,
              // Up to so much a day an account need not wait, while no more than 'smallOutflow'
              // of the vault leaves that way in an hour.
              "smallAmount": 10000,
              "smallOutflow": 0.01,
              // Liquidations in all its markets send them into auctions; an insurance fund that
              // pays out this share of itself within an hour lets them only reduce.
              "liquidationShare": 0.1,
              "liquidationFloor": 2000000,
              "drawdownShare": 0.25,
              "drawdownFloor": 50000,
              "clearShare": 0.5,
              "coolingSeconds": 300,
              "expirySeconds": 900
            },
            // What is added to the haircuts of collateral (docs/protection.md): for each time that
            // the holdings are as large as the depth of its sources within 2 %, and for each unit
            // that an asset of 'pegged' stands below the threshold. 'quotePeg' may name the
            // underlying whose index is the price of the quote asset.
            "haircuts": {
              "depthCharge": 0.01,
              "pegThreshold": 0.995,
              "pegFactor": 4,
              // For initial margin this many times as much.
              "initialFactor": 1.5,
              "most": 0.5,
              // New risk meets it at once; what is there already at this rate an hour; it falls
              // again at the other.
              "hourlyRise": 0.1,
              "hourlyFall": 0.02
            }
        """
}
