/// For runs in which nothing is signed, because this process makes everything itself.

import Cryptography

/// Accepts every signature.
struct TrustingVerifier: SignatureVerifier {
    func verify(_ statements: [SignedStatement]) -> [Bool] {
        [Bool](repeating: true, count: statements.count)
    }
}
