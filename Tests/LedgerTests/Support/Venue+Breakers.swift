/// Venues with circuit breakers, and words for what they do.

import Accounts
import Breakers
import Canonical
import FixedPoint
import Ledger
import Markets
import Oracle
import Testing

extension TestGenesis.Options {
    /// The standard breakers on both underlyings, and a guardian.
    static func watched(_ change: (inout Safeguards) -> Void = { _ in }) -> TestGenesis.Options {
        var options = TestGenesis.Options()
        options.safeguards.breakers = [.standard, .standard]
        options.safeguards.guardian = TestKeys.guardian
        change(&options.safeguards)
        return options
    }

    /// Everything on, with rates and limits that chance meets.
    static func guarded() -> TestGenesis.Options {
        var options = TestGenesis.Options.watched {
            $0.flow = .standard
            $0.flow?.burst = 12
            $0.flow?.leastCount = 20
            $0.flow?.ordersPerFill = 5
            $0.flow?.selfTrades = 3
            $0.vaults = .standard
            $0.vaults?.smallAmount = .dollars(100)
            for place in $0.breakers.indices {
                $0.breakers[place].cooling = .seconds(30)
                $0.breakers[place].liquidationFloor = .dollars(5_000)
            }
        }
        options.orderFloor = Ratio(basisPoints: 100)
        return options
    }
}

extension Command {
    /// Holds BTC-PERP back for an hour, or as long as is said.
    static func raise(
        _ level: MarketLevel, _ scope: BreakerScope = .instrument(TestGenesis.bitcoin),
        seconds: UInt64 = 3_600
    ) -> Command {
        .raiseLevel(scope, level, for: .seconds(seconds))
    }
}

extension BlockOutcome {
    /// What breakers did.
    var certificates: [BreakerCertificate] {
        events.compactMap { event in
            if case .breakerChanged(let certificate) = event { certificate } else { nil }
        }
    }

    /// What left a vault, by account.
    var withdrawn: [Amount] {
        events.compactMap { event in
            if case .withdrawn(_, let amount, _) = event { amount } else { nil }
        }
    }
}

extension Venue {
    var level: MarketLevel { ledger.level(of: TestGenesis.bitcoin) }

    /// A block in which the publishers see three prices of BTC, in dollars.
    @discardableResult
    func publish(_ dollars: [Int64], milliseconds: UInt64 = 1_000) throws -> BlockOutcome {
        let time = time.advanced(by: Duration(nanoseconds: milliseconds * 1_000_000))
        let bundles = dollars.enumerated().map { place, price in
            bundle(
                by: place, at: time,
                prices: [(0, price * TestGenesis.million), (1, 2_500 * TestGenesis.million)])
        }
        return try apply(milliseconds: milliseconds, observations: bundles)
    }
}

extension RandomVenue {
    /// Refusals and events that the stopper must bring about.
    static let effectsOfStopping = [
        "breakerChanged", "throttled", "withdrawalQueued", "reduceOnlyMarket", "marketHalted",
        "heldByBreaker", "makerCommitted", "suspicionsChanged", "levelNotRaised",
    ]

    /// One transaction of the stopper.
    func stopperSend(_ account: AccountIdentifier, _ count: Int) -> Send {
        switch integer(in: 0...9) {
        case 0:
            return .guardian(
                .raiseLevel(
                    pick([
                        .instrument(InstrumentIdentifier(UInt16(integer(in: 0...3)))),
                        .underlying(UnderlyingIdentifier(UInt16(integer(in: 0...2)))),
                        .compartment(CompartmentIdentifier(UInt16(integer(in: 0...2)))),
                    ]), pick(MarketLevel.allCases), for: .seconds(UInt64(integer(in: 50...200)))))
        case 1:
            let instrument = InstrumentIdentifier(UInt16(integer(in: 0...2)))
            return .operator(
                .setMaker(chance(1, in: 2), of: account),
                .startAuction(instrument, length: .seconds(5)),
                chance(1, in: 8) ? .halt(instrument) : .setMaker(true, of: account))
        case 2...4:
            let amount = Amount.dollars(integer(in: 1...20_000))
            return .by(
                account,
                chance(1, in: 4)
                    ? .cancelWithdrawal : .withdraw(amount, destination: Bytes32()))
        default:
            return Send(
                signer: .account(accounts[0]),
                commands: (0..<max(count, 4)).map { _ in
                    .buy(1, at: markTicks(0) / 2 + integer(in: -20...20), reduceOnly: false)
                })
        }
    }
}
