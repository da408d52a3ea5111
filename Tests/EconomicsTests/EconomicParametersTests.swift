/// What genesis says of the room: written, read, and refused by the name of the field.

import Canonical
import Economics
import FixedPoint
import Testing

extension Amount {
    static func dollars(_ count: Int64) -> Amount { Amount(microunits: count * 1_000_000) }
}

extension EconomicParameters {
    /// BTC in round numbers: 10 % for an owner, 0.2 % to trade, $100 million at most.
    static let bitcoin = EconomicParameters.major(
        baseMargin: Ratio(basisPoints: 900), hardLimit: .dollars(100_000_000),
        leastCap: .dollars(1_000_000), openingDepth: .dollars(50_000_000))
    /// A small coin: 20 % for an owner, 1 % to trade, $1 million at most.
    static let smallCoin = EconomicParameters.longTail(
        baseMargin: Ratio(basisPoints: 4_000), hardLimit: .dollars(1_000_000),
        leastCap: .dollars(10_000), openingDepth: .dollars(200_000))
}

struct EconomicParametersTests {
    @Test(arguments: [EconomicParameters.bitcoin, .smallCoin])
    func `parameters read as they were written`(parameters: EconomicParameters) throws {
        #expect(parameters.faultyField == nil)
        #expect(try EconomicParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
    }

    typealias Change = @Sendable (inout EconomicParameters) -> Void

    /// The last value that is taken and the first that is not, of each bound of each field.
    static let bounds: [(field: String, last: Change, beyond: Change)] = [
        ("depthShare", { $0.depthShare = Ratio(units: 1) }, { $0.depthShare = .zero }),
        ("depthShare", { $0.depthShare = .one }, { $0.depthShare = .one + Ratio(units: 1) }),
        (
            "replenishment", { $0.replenishment = Duration(nanoseconds: 1) },
            { $0.replenishment = .zero }
        ),
        (
            "replenishment", { $0.replenishment = .day },
            { $0.replenishment = Duration(nanoseconds: Duration.day.nanoseconds + 1) }
        ),
        (
            "window", { $0.window = .day },
            { $0.window = Duration(nanoseconds: Duration.day.nanoseconds + 1) }
        ),
        ("safety", { $0.safety = .one }, { $0.safety = .one - Ratio(units: 1) }),
        (
            "safety", { $0.safety = Ratio(basisPoints: 1_000_000) },
            { $0.safety = Ratio(basisPoints: 1_000_000) + Ratio(units: 1) }
        ),
        ("tradingCost", { $0.tradingCost = Ratio(units: 1) }, { $0.tradingCost = .zero }),
        ("tradingCost", { $0.tradingCost = .one }, { $0.tradingCost = .one + Ratio(units: 1) }),
        ("ownerShare", { $0.ownerShare = .one }, { $0.ownerShare = .one + Ratio(units: 1) }),
        ("ownerShare", { $0.ownerShare = Ratio(units: 1) }, { $0.ownerShare = .zero }),
        ("baseMargin", { $0.baseMargin = .zero }, { $0.baseMargin = Ratio(units: -1) }),
        ("baseMargin", { $0.baseMargin = .one }, { $0.baseMargin = .one + Ratio(units: 1) }),
        ("gapLoss", { $0.gapLoss = Ratio(units: 1) }, { $0.gapLoss = .zero }),
        ("gapLoss", { $0.gapLoss = .one }, { $0.gapLoss = .one + Ratio(units: 1) }),
        (
            "hardLimit", { ($0.hardLimit, $0.leastCap) = (Amount(units: 1), Amount(units: 1)) },
            { $0.hardLimit = .zero }
        ),
        ("leastCap", { $0.leastCap = $0.hardLimit }, { $0.leastCap = .max }),
        ("leastCap", { $0.leastCap = Amount(units: 1) }, { $0.leastCap = .zero }),
        ("dailyVolume", { $0.dailyVolume = .zero }, { $0.dailyVolume = Amount(units: -1) }),
        ("float", { $0.float = .zero }, { $0.float = Amount(units: -1) }),
        ("openingDepth", { $0.openingDepth = Amount(units: 1) }, { $0.openingDepth = .zero }),
        (
            "hourlyFall", { $0.hourlyFall = Ratio(basisPoints: 1_000) },
            { $0.hourlyFall = Ratio(basisPoints: 1_000) + Ratio(units: 1) }
        ),
        ("hourlyFall", { $0.hourlyFall = Ratio(units: 1) }, { $0.hourlyFall = .zero }),
        ("hourlyRise", { $0.hourlyRise = .one }, { $0.hourlyRise = .one + Ratio(units: 1) }),
        ("hourlyRise", { $0.hourlyRise = Ratio(units: 1) }, { $0.hourlyRise = .zero }),
    ]

    @Test(arguments: bounds.indices)
    func `a field beyond its bound is named, and at its bound it is taken`(row: Int) {
        var parameters = EconomicParameters.bitcoin
        EconomicParametersTests.bounds[row].last(&parameters)
        #expect(parameters.faultyField == nil)
        EconomicParametersTests.bounds[row].beyond(&parameters)
        let field = EconomicParametersTests.bounds[row].field
        #expect(parameters.faultyField.map { "\($0)" } == field)
    }
}
