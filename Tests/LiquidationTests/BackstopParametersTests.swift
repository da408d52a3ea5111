/// The terms of backstops and makers: their ranges, on both sides, and their encoding.

import Canonical
import FixedPoint
import Liquidation
import Testing

@Suite struct BackstopParametersTests {
    private func fault(_ change: (inout BackstopParameters) -> Void) -> String? {
        var parameters = BackstopParameters.standard
        change(&parameters)
        return parameters.faultyField.map { "\($0)" }
    }

    private func fault(_ change: (inout MakerTerms) -> Void) -> String? {
        var terms = MakerTerms.standard
        change(&terms)
        return terms.faultyField.map { "\($0)" }
    }

    @Test func `each field of a backstop has its range`() {
        #expect(BackstopParameters.standard.faultyField == nil)
        #expect(fault { $0.tradingShare = Ratio(units: -1) } == "tradingShare")
        #expect(fault { $0.tradingShare = Ratio(basisPoints: 5_000) } == nil)
        #expect(fault { $0.tradingShare = Ratio(basisPoints: 5_001) } == "tradingShare")
        #expect(fault { $0.liquidationShare = .one } == nil)
        #expect(fault { $0.liquidationShare = .one + Ratio(units: 1) } == "liquidationShare")
        #expect(fault { $0.notice = .seconds(90 * 86_400) } == nil)
        #expect(fault { $0.notice = .seconds(90 * 86_400 + 1) } == "notice")
        #expect(fault { $0.limitDelay = .day } == nil)
        #expect(fault { $0.limitDelay = .seconds(86_401) } == "limitDelay")
        #expect(fault { $0.marketLoss = .zero } == "marketLoss")
        #expect(fault { (block: inout BackstopParameters) in block.minimum = .zero } == nil)
        #expect(fault { $0.minimum = Amount(microunits: -1) } == "minimum")
        #expect(fault { $0.providers = 256 } == nil)
        #expect(fault { $0.providers = 257 } == "providers")
    }

    @Test func `each field of what makers owe has its range`() {
        #expect(MakerTerms.standard.faultyField == nil)
        #expect(fault { $0.reach = .zero } == "reach")
        #expect(fault { $0.size = .zero } == "size")
        #expect(fault { $0.presence = .one } == nil)
        #expect(fault { $0.presence = .one + Ratio(units: 1) } == "presence")
        #expect(fault { $0.stressPresence = Ratio(units: -1) } == "stressPresence")
        #expect(fault { $0.stressMove = .zero } == "stressMove")
        #expect(fault { $0.stressWeight = 0 } == "stressWeight")
        #expect(fault { $0.stressWeight = 1_000 } == nil)
        #expect(fault { $0.stressWeight = 1_001 } == "stressWeight")
        #expect(fault { $0.feeShare = Ratio(basisPoints: 5_001) } == "feeShare")
    }

    @Test func `both come back from their encoding`() throws {
        let parameters = BackstopParameters.standard
        #expect(try BackstopParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
        let terms = MakerTerms.standard
        #expect(try MakerTerms(canonicalBytes: terms.canonicalBytes) == terms)
    }
}
