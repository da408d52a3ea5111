/// What genesis says of the room, written and read.

import Canonical
import Breakers
import Testing

struct BreakerParametersTests {
    @Test func `parameters read as they were written`() throws {
        let parameters = BreakerParameters()
        #expect(try BreakerParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
    }
}
