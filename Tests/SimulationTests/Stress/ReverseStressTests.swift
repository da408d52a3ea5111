/// The search for the fall that a venue does not bear.
import Canonical
import Testing

@testable import Simulation

@Suite struct ReverseStressTests {
    @Test func `a search finds a fall that breaks the venue, or says that it bears the largest`() {
        let found = ReverseStress.search(
            seeds: 1...1, leverage: .calibrated, depth: nil, jobs: 1
        ) { _ in }
        #expect(found.count == 1 && found[0].seed == 1)
        if let fall = found[0].fall {
            #expect((50_000...ReverseStress.most).contains(fall))
        }
    }
}
