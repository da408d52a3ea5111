/// What genesis says of the room, written and read.

import Canonical
import Economics
import Testing

struct EconomicParametersTests {
    @Test func `parameters read as they were written`() throws {
        let parameters = EconomicParameters()
        #expect(try EconomicParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
    }
}
