/// The published cases of Derive's portfolio margin 2: reads them from the shared archive and turns
/// each into the reference's portfolio and parameters. Nothing of them is kept in the repository.

import Foundation
import TestKit

/// One published case: what goes in and what came out at the venue.
struct DeriveCase {
    let name: String
    private let scenario: [String: Any]
    private let settings: [String: Any]
    /// The venue's results by name.
    let result: [String: Any]

    /// All cases, by name; nil where the archive is damaged.
    static func all() -> [DeriveCase]? {
        let path = SharedFiles.path("data/margin_vectors/derive_PMRM_2_portfolio_cases.tar.gz")
        guard let bytes = FileManager.default.contents(atPath: path),
            let files = Archive.files(ofTarGzip: Array(bytes))
        else { return nil }
        let cases = files.filter { $0.name.hasSuffix(".json") }.compactMap(DeriveCase.init)
        return cases.sorted { $0.name < $1.name }
    }

    init?(_ file: ArchivedFile) {
        let parsed = try? JSONSerialization.jsonObject(with: Data(file.bytes))
        guard let object = parsed as? [String: Any],
            let scenario = object["Scenario"] as? [String: Any],
            let settings = object["Parameters"] as? [String: Any],
            let result = object["Result"] as? [String: Any]
        else { return nil }
        name = file.name.split(separator: "/").last.map(String.init) ?? file.name
        self.scenario = scenario
        self.settings = settings
        self.result = result
    }

    /// A number of the results; nil where it is not there.
    func expected(_ key: String) -> Precise? { DeriveCase.number(result[key]) }

    /// A list of numbers of the results.
    func expectedList(_ key: String) -> [Precise] {
        (result[key] as? [Any] ?? []).compactMap(DeriveCase.number)
    }

    /// The last number of every row of a table of the results.
    func expectedRows(_ key: String) -> [Precise] {
        (result[key] as? [[Any]] ?? []).compactMap { DeriveCase.number($0.last) }
    }

    /// The numbers of every row of a table of the results.
    func expectedTable(_ key: String) -> [[Precise]] {
        (result[key] as? [[Any]] ?? []).map { $0.compactMap(DeriveCase.number) }
    }

    /// A number that the file holds as a number or as text.
    private static func number(_ value: Any?) -> Precise? {
        if let number = value as? NSNumber { return Precise(number.doubleValue) }
        if let text = value as? String { return Precise(text) }
        return nil
    }

    private func number(_ key: String) -> Precise { DeriveCase.number(scenario[key]) ?? 0 }

    private func setting(_ group: String, _ key: String) -> Precise {
        let values = settings[group] as? [String: Any]
        return DeriveCase.number(values?[key]) ?? .nan
    }

    // The portfolio.

    /// Seconds of the window over which the venue fixes the settlement price (docs/margin.md 3).
    private static let settlementWindow: Precise = 1_800

    /// The holdings and prices of the case. Expiries are in the order of the options.
    var portfolio: ReferencePortfolio {
        var portfolio = ReferencePortfolio(index: number("SpotPrice"))
        portfolio.indexConfidence = number("SpotConfidence")
        portfolio.perpetualConfidence = number("PerpConfidence")
        portfolio.quotePrice = number("StablePrice")
        portfolio.cash = number("Cash")
        let options = rows("Options")
        var times: [Precise] = []
        for option in options {
            let time = DeriveCase.number(option["Expiry"]) ?? 0
            if !times.contains(time) { times.append(time) }
        }
        portfolio.expiries = times.map(expiry)
        portfolio.options = options.map { option in
            let time = DeriveCase.number(option["Expiry"]) ?? 0
            return ReferenceOption(
                expiry: times.firstIndex(of: time) ?? 0,
                strike: DeriveCase.number(option["Strike"]) ?? 0,
                isCall: DeriveCase.number(option["IsCall"]) == 1,
                volatility: DeriveCase.number(option["MarkVol"]) ?? 0,
                quantity: DeriveCase.number(option["Amount"]) ?? 0)
        }
        if number("NumPerps") != 0 {
            portfolio.linears = [
                ReferenceLinear(
                    expiry: nil, mark: number("PerpPrice"), quantity: number("NumPerps"),
                    profit: number("UnrealisedPerpPNL") + number("UnrealisedFunding"))
            ]
        }
        portfolio.collaterals = rows("Collaterals").map(collateral)
        return portfolio
    }

    private func rows(_ key: String) -> [[String: Any]] {
        scenario[key] as? [[String: Any]] ?? []
    }

    private func expiry(seconds: Precise) -> ReferenceExpiry {
        let feed =
            rows("OptionFeeds").first { DeriveCase.number($0["FeedExpiry"]) == seconds } ?? [:]
        let forward = DeriveCase.number(feed["Forward"]) ?? 0
        let confidences = ["ForwardConfidence", "RateConfidence", "OptionVolConfidences"]
            .compactMap { DeriveCase.number(feed[$0]) }
        return ReferenceExpiry(
            seconds: seconds, forward: forward, rate: DeriveCase.number(feed["Rate"]) ?? 0,
            fixedShare: 1 - min(1, seconds / DeriveCase.settlementWindow), fixedAverage: forward,
            confidence: confidences.min() ?? 1)
    }

    /// A holding of collateral. The venue states its price in dollars and what initial margin
    /// takes beyond maintenance.
    private func collateral(_ row: [String: Any]) -> ReferenceCollateral {
        let maintenance = DeriveCase.number(row["MMHaircut"]) ?? 0
        let price = DeriveCase.number(row["Price"]) ?? 0
        return ReferenceCollateral(
            price: price / number("StablePrice"),
            quantity: DeriveCase.number(row["Amount"]) ?? 0,
            isUnderlying: row["IsRiskCancelling"] as? Bool ?? false,
            initialHaircut: maintenance + (DeriveCase.number(row["IMHaircut"]) ?? 0),
            maintenanceHaircut: maintenance,
            confidence: DeriveCase.number(row["Confidence"]) ?? 1)
    }

    // The parameters.

    var parameters: Reference.DeriveParameters {
        var parameters = Reference.DeriveParameters()
        parameters.scenarios = (settings["Scenarios"] as? [[String: Any]] ?? []).map { row in
            Reference.DeriveScenario(
                move: (DeriveCase.number(row["SpotShock"]) ?? 1) - 1,
                treatment: (row["VolShockDirection"] as? String)
                    .flatMap(Reference.DeriveScenario.Treatment.init) ?? .none,
                weight: DeriveCase.number(row["DampeningFactor"]) ?? 1)
        }
        parameters.shock = Reference.VolatilityShock(
            up: setting("VolShock", "VOLRANGEUP"), down: setting("VolShock", "VOLRANGEDOWN"),
            shortPower: setting("VolShock", "SHORTTERMPOWER"),
            longPower: setting("VolShock", "LONGTERMPOWER"),
            leastDays: setting("VolShock", "DTE_FLOOR"), isThirtyShort: true,
            leastUp: setting("VolShock", "MIN_VOL_EVAL_SHOCKED"))
        parameters.linear = Reference.DeriveSkew(
            cap: setting("SkewShock", "LINEAR_SCALE_CAP"),
            slope: setting("SkewShock", "LINEAR_CBASE"))
        parameters.absolute = Reference.DeriveSkew(
            cap: setting("SkewShock", "ABS_SCALE_CAP"), slope: setting("SkewShock", "ABS_CBASE"))
        parameters.leastWidth = setting("SkewShock", "MIN_K_STAR")
        parameters.widthScale = setting("SkewShock", "MIN_WIDTH_SCALE")
        parameters.widthVolatility = setting("SkewShock", "VOL_PARAM_STATIC")
        parameters.widthSlope = setting("SkewShock", "VOL_PARAM_SCALE")
        readFactors(&parameters)
        return parameters
    }

    private func readFactors(_ parameters: inout Reference.DeriveParameters) {
        parameters.initialFactor = setting("Margin", "IM_LOSS_FACTOR")
        parameters.maintenanceFactor = setting("Margin", "MM_LOSS_FACTOR")
        parameters.longDiscount = setting("Margin", "BASE_STATIC_DISCOUNT")
        parameters.longRateFactor = setting("Margin", "LONG_RATE_MULTSCALE")
        parameters.longRateAddition = setting("Margin", "LONG_RATE_ADDSCALE")
        parameters.shortDiscount = setting("Margin", "BASE_STATIC_DISCOUNT_NEG")
        parameters.shortRateFactor = setting("Margin", "SHORT_RATE_MULTSCALE")
        parameters.shortRateAddition = setting("Margin", "SHORT_RATE_ADDSCALE")
        parameters.basisUp = setting("BasisContingency", "SCENARIO_SPOT_UP") - 1
        parameters.basisDown = setting("BasisContingency", "SCENARIO_SPOT_DOWN") - 1
        parameters.basisAddition = setting("BasisContingency", "BASIS_CONT_ADD_FACTOR")
        parameters.basisFactor = setting("BasisContingency", "BASIS_CONT_MULT_FACTOR")
        parameters.pegThreshold = setting("OtherContingency", "PEG_LOSS_THRESHOLD")
        parameters.pegFactor = setting("OtherContingency", "PEG_LOSS_FACTOR")
        parameters.confidenceThreshold = setting("OtherContingency", "CONF_THRESHOLD")
        parameters.confidenceFactor = setting("OtherContingency", "CONF_MARGIN")
        parameters.maintenancePerpetual = setting("OtherContingency", "MM_PERP_PERCENT")
        parameters.initialPerpetual = setting("OtherContingency", "IM_PERP_PERCENT")
        parameters.maintenanceOption = setting("OtherContingency", "MM_OPTION_PERCENT")
        parameters.initialOption = setting("OtherContingency", "IM_OPTION_PERCENT")
    }
}
