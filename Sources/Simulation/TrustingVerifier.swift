/// Believes every signature: for what this process has made itself, where making and checking
/// signatures would cost more than what is looked at.

import Cryptography

struct TrustingVerifier: SignatureVerifier {
    func verify(_ statements: [SignedStatement]) -> [Bool] {
        [Bool](repeating: true, count: statements.count)
    }
}
