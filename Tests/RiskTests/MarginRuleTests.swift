/// The ranges of margin parameters on both sides, the encoding, and the lanes of one instrument.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import TestKit
import Testing

@testable import Risk

private let one = Ratio.one.units

/// The preset with one thing changed.
private func parameters(
    move: Int64 = 60_000_000, scenarios: [Scenario]? = nil, factor: Int64 = one,
    gross: Int64 = 5_000_000, order: Int64 = 10_000_000
) -> MarginParameters {
    let preset = MarginParameters.rampart(move: Ratio(billionths: move))
    return MarginParameters(
        move: preset.move, initial: preset.initial,
        maintenance: MarginRule(
            scenarios: scenarios ?? preset.initial.scenarios, factor: Ratio(billionths: factor),
            grossFloor: Ratio(billionths: gross), orderFloor: Ratio(billionths: order)))
}

private func scenario(_ move: Int64, weight: Int64 = one) -> Scenario {
    Scenario(move: Ratio(billionths: move), weight: Ratio(billionths: weight))
}

private struct FieldRow: Sendable {
    let field: String?
    let parameters: MarginParameters
}

@Test(arguments: [
    FieldRow(field: nil, parameters: parameters()),
    FieldRow(field: "move", parameters: parameters(move: 0)),
    FieldRow(field: nil, parameters: parameters(move: 1)),
    FieldRow(field: "move", parameters: parameters(move: one + 1)),
    // Three times a third is −100 %.
    FieldRow(field: nil, parameters: parameters(move: 333_333_333)),
    FieldRow(field: "scenarios", parameters: parameters(move: 333_333_334)),
    FieldRow(field: "scenarios", parameters: parameters(scenarios: [])),
    FieldRow(field: nil, parameters: parameters(scenarios: [scenario(0)])),
    FieldRow(
        field: nil, parameters: parameters(scenarios: [Scenario](repeating: scenario(1), count: 64))
    ),
    FieldRow(
        field: "scenarios",
        parameters: parameters(scenarios: [Scenario](repeating: scenario(1), count: 65))),
    FieldRow(field: "factor", parameters: parameters(factor: 0)),
    FieldRow(field: nil, parameters: parameters(factor: 1)),
    FieldRow(field: nil, parameters: parameters(factor: 8 * one)),
    FieldRow(field: "factor", parameters: parameters(factor: 8 * one + 1)),
    FieldRow(field: "grossFloor", parameters: parameters(gross: -1)),
    FieldRow(field: nil, parameters: parameters(gross: one)),
    FieldRow(field: "grossFloor", parameters: parameters(gross: one + 1)),
    FieldRow(field: "orderFloor", parameters: parameters(order: -1)),
    FieldRow(field: nil, parameters: parameters(order: 0)),
    FieldRow(field: "orderFloor", parameters: parameters(order: one + 1)),
    FieldRow(field: "weight", parameters: parameters(scenarios: [scenario(1, weight: -1)])),
    FieldRow(field: nil, parameters: parameters(scenarios: [scenario(1, weight: 0)])),
    FieldRow(field: "weight", parameters: parameters(scenarios: [scenario(1, weight: one + 1)])),
    // 100 × 6 % × 1 × 1 is six, and eight is the most: 133 fit, 134 do not.
    FieldRow(field: nil, parameters: parameters(scenarios: [scenario(133 * one)])),
    FieldRow(field: "scenarios", parameters: parameters(scenarios: [scenario(134 * one)])),
    FieldRow(field: nil, parameters: parameters(scenarios: [scenario(134 * one, weight: one / 2)])),
    FieldRow(field: nil, parameters: parameters(scenarios: [scenario(66 * one)], factor: 2 * one)),
    FieldRow(
        field: "scenarios", parameters: parameters(scenarios: [scenario(67 * one)], factor: 2 * one)
    ),
    FieldRow(field: "scenarios", parameters: parameters(scenarios: [scenario(.max)])),
    FieldRow(field: "scenarios", parameters: parameters(scenarios: [scenario(.min)])),
])
private func theFirstFaultyFieldIsNamed(_ row: FieldRow) throws {
    #expect(row.parameters.faultyField.map { "\($0)" } == row.field)
    if row.parameters.maintenance.scenarios.count <= MarginRule.scenarioLimit {
        #expect(
            try MarginParameters(canonicalBytes: row.parameters.canonicalBytes) == row.parameters)
    } else {
        #expect(throws: DecodingFault.self) {
            try MarginParameters(canonicalBytes: row.parameters.canonicalBytes)
        }
    }
}

@Test func thePresetsUpToThirtyPercentAreInRange() {
    for move in Int64(1)...3_000 {
        #expect(MarginParameters.rampart(move: Ratio(basisPoints: move)).faultyField == nil)
    }
}

@Test func theWorstScenarioOfThePresetIsTheMoveItself() throws {
    var risk = InstrumentRisk(instrument: CatalogueFixture.instrument(), fractionBits: 8)
    #expect(!risk.isPriced)
    let mark = IndexPrice(micros: 60_000_000_000)
    try risk.reprice(
        mark: mark, stable: mark, fundingRate: Ratio(basisPoints: 1),
        parameters: .rampart(move: Ratio(basisPoints: 600)))
    #expect(risk.isPriced)
    #expect(risk.markValue == 6_000_000 << 8)
    // 6 % and 0.5 % of $6, and for the long 0.01 % of funding.
    #expect(risk.maintenancePerLot(isLong: true) == (360_000 + 30_000 + 600) << 8)
    #expect(risk.maintenancePerLot(isLong: false) == (360_000 + 30_000) << 8)
    let worst = risk.initialDelta.map { $0.min() }.min()
    let best = risk.initialDelta.map { $0.max() }.max()
    #expect(worst == -540_000 << 8 && best == 540_000 << 8)
}

@Test func aPriceOutsideOfTheBoundsIsRefused() {
    var risk = InstrumentRisk(
        instrument: CatalogueFixture.instrument(lot: 1_000_000_000), fractionBits: 8)
    #expect(throws: ArithmeticFault.overflow) {
        try risk.reprice(
            mark: .max, stable: .max, fundingRate: .zero,
            parameters: .rampart(move: Ratio(basisPoints: 600)))
    }
}
