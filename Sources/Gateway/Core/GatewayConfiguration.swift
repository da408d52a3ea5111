/// What the node decides for the gateway: limits of memory and of haste, and what it calls itself.

package import FixedPoint

/// How much a caller may ask in a time. Figures of Deribit, where a request costs 500 credits.
package struct CreditTerms: Equatable, Sendable {
    /// The most credits that a caller saves up.
    package var capacity: UInt64 = 50_000
    /// Credits a second.
    package var refill: UInt64 = 10_000

    package init(capacity: UInt64 = 50_000, refill: UInt64 = 10_000) {
        self.capacity = capacity
        self.refill = refill
    }
}

/// The gateway's settings.
package struct GatewayConfiguration: Equatable, Sendable {
    /// Answers say so, and clients that hold real money refuse to speak with it.
    package var isTestNetwork = true
    /// What `public/test` and `public/hello` answer.
    package var version = "0.5.0"
    package var credits = CreditTerms()
    /// Most bytes of one message or body.
    package var messageBytes = 1 << 20
    /// Most channels that one session may hold.
    package var channelsPerSession = 500
    /// Most requests of one session that wait for their block.
    package var pendingPerSession = 1_000
    /// Most questions that wait for the history; 0 where the node keeps none.
    package var historyQuestions = 0
    /// Most of them of one session.
    package var historyQuestionsPerSession = 16
    /// How long an answer of the history is waited for.
    package var historyPatience = Duration.seconds(10)
    /// Trades that are remembered of each instrument.
    package var tradeHistory = 1_000
    /// Trades that are remembered of the whole venue.
    package var venueTradeHistory = 10_000
    /// Candles that are remembered of each instrument and resolution.
    package var candleHistory = 1_500
    /// Hours of funding that are remembered of each perpetual.
    package var fundingHistory = 24 * 31
    /// Settlements that are remembered.
    package var settlementHistory = 10_000
    /// Steps of liquidations that are remembered.
    package var liquidationHistory = 10_000
    /// Least time between two counts over all accounts, for each `surveyAccounts` that there are
    /// or part of them: so that a count takes a few percent of the ledger's time at most.
    package var surveyInterval = Duration.seconds(1)
    package var surveyAccounts = 20_000
    /// Messages of each channel that a client may ask for again.
    package var resumeMessages = 256
    /// How long a channel without subscribers goes on, for one who comes back.
    package var resumeTime = Duration.seconds(30)
    /// Channels without subscribers that go on at a time.
    package var idleChannels = 1_000

    package init() {}
}
