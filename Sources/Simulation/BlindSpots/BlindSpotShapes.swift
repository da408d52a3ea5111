/// Where the search for blind spots starts: packages of options that gain where rules look and
/// lose where they do not, with strikes anywhere between the points of a grid; and small changes
/// to them.

/// The packages that the search draws from.
enum BlindSpotShape: CaseIterable {
    case butterfly, condor, ratioSpread, calendar, riskReversal, strangle, box, straddle, mixture

    /// A package of this kind.
    ///
    /// - Parameter range: of the strikes, in thousandths of the index to each side.
    func portfolio(
        range: Int64, _ generator: inout SimulationGenerator
    ) -> BlindSpotPortfolio {
        let grid = BlindSpotPortfolio.grid
        let hours = BlindSpotShape.hours(&generator)
        let isCall = generator.integer(in: 0...1) == 1
        let center = grid + generator.integer(in: -range...range)
        let width = generator.integer(in: 2...60)
        let further = generator.integer(in: 2...60)
        let ratio = generator.integer(in: 11...40)
        var portfolio = BlindSpotPortfolio(
            legs: [], volatility: generator.integer(in: BlindSpotShape.volatilities))
        func add(_ strike: Int64, _ isCall: Bool, _ tenths: Int64, hours: Int64) {
            portfolio.legs.append(
                BlindSpotPortfolio.Leg(
                    hours: hours, strike: strike, isCall: isCall, tenths: tenths))
        }
        switch self {
        case .butterfly:
            add(center - width, isCall, -10, hours: hours)
            add(center, isCall, 20, hours: hours)
            add(center + width, isCall, -10, hours: hours)
        case .condor:
            add(center - width - further, isCall, -10, hours: hours)
            add(center - width, isCall, 10, hours: hours)
            add(center + width, isCall, 10, hours: hours)
            add(center + width + further, isCall, -10, hours: hours)
        case .ratioSpread:
            add(center, isCall, 10, hours: hours)
            add(center + (isCall ? width : -width), isCall, -ratio, hours: hours)
        case .calendar:
            add(center, isCall, 10, hours: hours)
            add(center + width - 30, isCall, -ratio / 2, hours: BlindSpotShape.hours(&generator))
        case .riskReversal:
            add(center + width, true, 10, hours: hours)
            add(center - further, false, -10, hours: hours)
            portfolio.perpetual = generator.integer(in: -10...10)
        case .strangle:
            add(center + width, true, -10, hours: hours)
            add(center - further, false, -10, hours: hours)
        case .box:
            add(center, true, 10, hours: hours)
            add(center, false, -10, hours: hours)
            add(center + width, true, -10, hours: hours)
            add(center + width, false, 10, hours: hours)
            portfolio.perpetual = generator.integer(in: -5...5)
        case .straddle:
            add(center, true, 10, hours: hours)
            add(center, false, ratio / 2, hours: hours)
        case .mixture:
            for _ in 0..<generator.integer(in: 2...6) {
                add(
                    grid + generator.integer(in: -range...range), generator.integer(in: 0...1) == 1,
                    generator.integer(in: -30...30), hours: hours)
            }
            portfolio.perpetual = generator.integer(in: -20...20)
        }
        return portfolio.netted
    }

    /// Percent: bitcoin's from its calmest to its wildest months (`shared/facts/risk.md` has more).
    static let volatilities: ClosedRange<Int64> = 30...90
    /// From two hours to half a year.
    private static let leastHours: Int64 = 2
    private static let mostHours: Int64 = 180 * 24

    /// Half of them within three days, where options are sharpest.
    static func hours(_ generator: inout SimulationGenerator) -> Int64 {
        switch generator.integer(in: 0...3) {
        case 0: return generator.integer(in: leastHours...48)
        case 1: return generator.integer(in: 48...72)
        case 2: return 24 * generator.integer(in: 3...30)
        default: return 24 * generator.integer(in: 30...180)
        }
    }

    /// The portfolio with one thing changed.
    static func changed(
        _ portfolio: BlindSpotPortfolio, range: Int64, _ generator: inout SimulationGenerator
    ) -> BlindSpotPortfolio {
        var result = portfolio
        guard !result.legs.isEmpty else { return result }
        let place = Int(generator.integer(in: 0...Int64(result.legs.count - 1)))
        switch generator.integer(in: 0...8) {
        case 0, 1:
            result.legs[place].strike += generator.integer(in: -10...10)
        case 2:
            let shift = generator.integer(in: -20...20)
            for leg in result.legs.indices { result.legs[leg].strike += shift }
        case 3:
            result.legs[place].tenths += generator.integer(in: -5...5)
        case 4:
            result.perpetual += generator.integer(in: -5...5)
        case 5:
            let shared = result.legs[place].hours
            let other = generator.integer(in: 0...1) == 0
            let next =
                other ? hours(&generator) : max(leastHours, shared + generator.integer(in: -6...6))
            for leg in result.legs.indices where result.legs[leg].hours == shared {
                result.legs[leg].hours = min(mostHours, next)
            }
        case 6:
            let next = result.volatility + generator.integer(in: -10...10)
            result.volatility = min(max(next, volatilities.lowerBound), volatilities.upperBound)
        case 7:
            var leg = result.legs[place]
            leg.strike += generator.integer(in: -range...range)
            leg.tenths = generator.integer(in: -10...10)
            leg.isCall = generator.integer(in: 0...1) == 1
            if result.legs.count < mostLegs { result.legs.append(leg) }
        default:
            if result.legs.count > 1 { result.legs.remove(at: place) }
        }
        for leg in result.legs.indices {
            result.legs[leg].strike = min(
                max(result.legs[leg].strike, leastStrike), mostStrike)
            result.legs[leg].tenths = min(max(result.legs[leg].tenths, -mostTenths), mostTenths)
        }
        result.perpetual = min(max(result.perpetual, -mostTenths), mostTenths)
        return result.netted
    }

    private static let mostLegs = 8
    private static let mostTenths: Int64 = 60
    /// Thousandths of the index.
    private static let leastStrike: Int64 = 600
    private static let mostStrike: Int64 = 1_500
}
