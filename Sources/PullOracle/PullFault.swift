/// Why an attested price is not taken. The ledger gives each of these a refusal with a number; a
/// room below it has none of its own.

/// What is wrong with bytes that claim to be attested, or with who attested them.
public enum PullFault: Error, Equatable, Sendable, CaseIterable {
    /// The bytes are none of the three forms, or not in their one strict form.
    case malformed
    /// Genesis names nothing that such bytes could count for.
    case notTaken
    /// A message does not lead to the attested root.
    case wrongProof
    /// None of the prices has a feed here.
    case withoutFeed
    /// The price does not fit an index price, or is none.
    case outOfScale
    /// Another contract of another chain spoke.
    case wrongEmitter
    /// No guardian set has this number.
    case unknownGuardianSet
    /// The set was replaced, and its time of grace is over; or all who signed stand in a newer one
    /// too, which the message must then name.
    case guardianSetExpired
    /// Guardians stand out of order or twice, or are not of the set.
    case guardiansOutOfOrder
    /// Fewer than two thirds and one of the set signed.
    case quorumMissing
    /// A signature is not of the guardian at its place.
    case badGuardianSignature
    /// The new set does not follow the current one, or others than the current one signed it.
    case guardianSetNotNext
    /// No configuration has this digest.
    case unknownConfiguration
    /// A report needs exactly one signer more than may be at fault.
    case signersMiscounted
    /// A signature leads to nobody of the configuration.
    case unknownSigner
    /// One signer stands for two.
    case signerTwice
    /// The report counts later, or no longer.
    case notInForce
    /// The report's schema holds no price of a market.
    case withoutPrice
    /// The price lies outside bid and ask.
    case crossed
}
