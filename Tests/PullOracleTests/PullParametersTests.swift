/// What genesis says of the room, written and read.

import Canonical
import PullOracle
import Testing

struct PullParametersTests {
    @Test func `parameters read as they were written`() throws {
        let parameters = PullParameters()
        #expect(try PullParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
    }
}
