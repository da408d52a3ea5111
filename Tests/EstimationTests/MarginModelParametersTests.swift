/// What genesis may state of a margin model: each field at both ends, and as bytes.

import Canonical
import Estimation
import FixedPoint
import Testing

/// A change of one field.
private struct FieldChange: Sendable {
    let name: String
    let change: @Sendable (inout MarginModelParameters) -> Void

    init(_ name: String = "", _ change: @escaping @Sendable (inout MarginModelParameters) -> Void) {
        self.name = name
        self.change = change
    }
}

struct MarginModelParametersTests {
    @Test(
        arguments: [
            FieldChange("memory") { $0.estimator.memory = Ratio(basisPoints: 4_999) },
            FieldChange("memory") { $0.estimator.memory = .one },
            FieldChange("window") { $0.estimator.window = 400 },
            FieldChange("window") { $0.estimator.window = 2_100 },
            FieldChange("window") { $0.estimator.window = 1_050 },
            FieldChange("horizon") { $0.estimator.horizon = 0 },
            FieldChange("horizon") { $0.estimator.horizon = 25 },
            FieldChange("liquidationHours") { $0.liquidationHours = 0 },
            FieldChange("liquidationHours") { $0.liquidationHours = 169 },
            FieldChange("floor") { $0.floor = .zero },
            FieldChange("floor") { $0.floor = .one + Ratio(units: 1) },
            FieldChange("cap") { $0.cap = $0.floor - Ratio(units: 1) },
            FieldChange("cap") { $0.cap = .one + Ratio(units: 1) },
            FieldChange("stressedWeight") { $0.stressedWeight = Ratio(units: -1) },
            FieldChange("stressedWeight") { $0.stressedWeight = .one + Ratio(units: 1) },
            FieldChange("stressedShortfall") { $0.stressedShortfall = Ratio(units: -1) },
            FieldChange("stressedShortfall") { $0.stressedShortfall = .one + Ratio(units: 1) },
            FieldChange("hourlyRise") { $0.hourlyRise = .zero },
            FieldChange("hourlyRise") { $0.hourlyRise = .one + Ratio(units: 1) },
            FieldChange("hourlyRise") { $0.floor = Ratio(basisPoints: 100) - Ratio(units: 10) },
            FieldChange("dailyFall") { $0.dailyFall = .zero },
            FieldChange("dailyFall") { $0.dailyFall = .one },
            FieldChange("openingVolatility") { $0.openingVolatility = .zero },
            FieldChange("openingVolatility") { $0.openingVolatility = Ratio(basisPoints: 2_501) },
        ])
    fileprivate func `a field out of range is named`(change: FieldChange) {
        var parameters = MarginModelParameters.bitcoin
        change.change(&parameters)
        #expect(parameters.faultyField?.description == change.name)
    }

    @Test(
        arguments: [
            FieldChange { $0.estimator.memory = Ratio(basisPoints: 5_000) },
            FieldChange { $0.estimator.memory = .one - Ratio(units: 1) },
            FieldChange { $0.estimator.window = 500 },
            FieldChange { $0.estimator.window = 2_000 },
            FieldChange { $0.estimator.horizon = 1 },
            FieldChange { $0.estimator.horizon = 24 },
            FieldChange { $0.liquidationHours = 1 },
            FieldChange { $0.liquidationHours = 168 },
            FieldChange { $0.floor = Ratio(basisPoints: 100) },
            FieldChange { $0.cap = $0.floor },
            FieldChange { $0.cap = .one },
            FieldChange { $0.stressedWeight = .zero },
            FieldChange { $0.stressedWeight = .one },
            FieldChange { $0.stressedShortfall = .zero },
            FieldChange { $0.stressedShortfall = .one },
            FieldChange { $0.hourlyRise = .one },
            FieldChange { $0.dailyFall = Ratio(units: 1) },
            FieldChange { $0.dailyFall = .one - Ratio(units: 1) },
            FieldChange { $0.openingVolatility = Ratio(units: 1) },
            FieldChange { $0.openingVolatility = Ratio(basisPoints: 2_500) },
        ])
    fileprivate func `a field at its bound is not`(change: FieldChange) {
        var parameters = MarginModelParameters.bitcoin
        change.change(&parameters)
        #expect(parameters.faultyField == nil)
    }

    @Test func `the venue's own are in range, read as written, and within a factor of four`() throws
    {
        let all = [MarginModelParameters.bitcoin, .ether, .longTail]
        for parameters in all + all.map(\.withOptions) {
            #expect(parameters.faultyField == nil)
            #expect(
                try MarginModelParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
            #expect(parameters.cap.units <= 4 * parameters.floor.units)
            // A new chain starts at the floor.
            #expect(MarginModel(parameters).moves == MarginMoves(parameters.floor))
        }
    }
}
