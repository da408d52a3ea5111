/// What genesis says of the room, written and read, and both sides of the limits of its fields.

import Breakers
import Canonical
import FixedPoint
import Testing

struct BreakerParametersTests {
    @Test(arguments: [BreakerParameters.standard, .longTail])
    func `parameters read as they were written`(_ parameters: BreakerParameters) throws {
        #expect(parameters.faultyField == nil)
        #expect(try BreakerParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
    }

    @Test func `the defaults are those of the table`() {
        let standard = BreakerParameters.standard
        #expect(standard.minuteMove == Ratio(basisPoints: 800))
        #expect(standard.fiveMinuteMove == Ratio(basisPoints: 1_200))
        #expect(standard.cooling == .seconds(300))
        let tail = BreakerParameters.longTail
        #expect(tail.minuteMove == Ratio(basisPoints: 1_500))
        #expect(tail.fiveMinuteMove == Ratio(basisPoints: 2_500))
        #expect(tail.cooling == .seconds(900))
        #expect(FlowParameters.standard.ordersPerSecond == 10)
        #expect(FlowParameters.standard.burst == 50 && FlowParameters.standard.cancelFactor == 2)
        #expect(VaultParameters.standard.hourlyOutflow == Ratio(basisPoints: 300))
        #expect(VaultParameters.standard.dailyOutflow == Ratio(basisPoints: 1_000))
        #expect(VaultParameters.standard.smallAmount.units == 10_000 * 1_000_000)
    }

    private struct Row: Sendable {
        let field: String
        let change: @Sendable (inout BreakerParameters) -> Void
    }

    private static let faulty = [
        Row(field: "minuteMove") { $0.minuteMove = .zero },
        Row(field: "minuteMove") { $0.minuteMove = Ratio(units: Ratio.one.units + 1) },
        Row(field: "fiveMinuteMove") {
            $0.fiveMinuteMove = Ratio(units: $0.minuteMove.units - 1)
        },
        Row(field: "sourceDivergence") { $0.sourceDivergence = .zero },
        Row(field: "bookDivergence") { $0.bookDivergence = .zero },
        Row(field: "divergenceTime") { $0.divergenceTime = .zero },
        Row(field: "liquidationShare") { $0.liquidationShare = .zero },
        Row(field: "liquidationFloor") { $0.liquidationFloor = .zero },
        Row(field: "clearShare") { $0.clearShare = .zero },
        Row(field: "cooling") { $0.cooling = .zero },
        Row(field: "quorumCooling") { $0.quorumCooling = .seconds(86_401) },
        Row(field: "expiry") { $0.expiry = $0.cooling },
        Row(field: "expiry") {
            $0.expiry = Duration(nanoseconds: GuardianTerms.longest.nanoseconds + 1)
        },
        Row(field: "auctionLength") { $0.auctionLength = .zero },
        Row(field: "reopening") { $0.reopening = .zero },
        Row(field: "auctionBand") { $0.auctionBand = .zero },
        Row(field: "toxicityBucket") { $0.toxicityBucket = .zero },
    ]

    @Test(arguments: faulty)
    private func `a field out of range is named`(_ row: Row) {
        var parameters = BreakerParameters.standard
        row.change(&parameters)
        #expect(parameters.faultyField?.description == row.field)
    }

    @Test func `a field at its limit is in range`() {
        var parameters = BreakerParameters.standard
        parameters.minuteMove = .one
        parameters.fiveMinuteMove = .one
        parameters.clearShare = .one
        parameters.quorumCooling = .zero
        parameters.expiry = GuardianTerms.longest
        #expect(parameters.faultyField == nil)
    }

    @Test func `rates and vaults read as they were written, and their faults are named`() throws {
        for flow in [FlowParameters.standard, .laboratory] {
            #expect(flow.faultyField == nil)
            #expect(try FlowParameters(canonicalBytes: flow.canonicalBytes) == flow)
        }
        let vault = VaultParameters.standard
        #expect(vault.faultyField == nil)
        #expect(try VaultParameters(canonicalBytes: vault.canonicalBytes) == vault)
        var faultyFlow = FlowParameters.standard
        faultyFlow.burst = 0
        #expect(faultyFlow.faultyField?.description == "burst")
        faultyFlow = .standard
        faultyFlow.oneSidedShare = Ratio(basisPoints: 5_000)
        #expect(faultyFlow.faultyField?.description == "oneSidedShare")
        var faultyVault = VaultParameters.standard
        faultyVault.dailyOutflow = Ratio(basisPoints: 299)
        #expect(faultyVault.faultyField?.description == "dailyOutflow")
        faultyVault = .standard
        faultyVault.expiry = faultyVault.cooling
        #expect(faultyVault.faultyField?.description == "expiry")
    }

    @Test func `clearing values round up and never pass the threshold`() {
        let parameters = BreakerParameters.standard
        #expect(parameters.clearing(of: 3) == 2)
        #expect(parameters.clearing(of: .max) == 1 << 62)
        let reading = BreakerReading(.minuteMove, measured: 5, threshold: 4, clearing: 9)
        #expect(reading.clearing == 4)
    }
}
