/// The three forms in which others attest something here, told apart by how their bytes begin, and
/// who must have signed each. Signatures are listed and recovered elsewhere, many at once; the rule
/// for what comes back is `RequiredSigners`.

public import Canonical
public import Cryptography

/// Bytes that claim to be attested, taken apart; every proof in them holds, no signature is
/// verified.
public enum Attestation: Equatable, Sendable {
    /// Longest, in bytes. Ours: a full update of Pyth for 40 feeds.
    public static let byteLimit = 16_384

    /// Begins with `PNAU`.
    case pyth(PythUpdate)
    /// Begins with 1, the version of a message of Wormhole.
    case guardians(GuardianSetUpgrade)
    /// Begins with 0, as every configuration of Chainlink does.
    case report(ChainlinkReport)

    /// Takes all of `bytes` apart.
    ///
    /// - Throws: `malformed`, `guardiansOutOfOrder`, `wrongProof` or `outOfScale`.
    public init(_ bytes: [UInt8]) throws(PullFault) {
        guard bytes.count <= Attestation.byteLimit, let first = bytes.first else {
            throw .malformed
        }
        switch first {
        case PythUpdate.magic[0]: self = .pyth(try PythUpdate(bytes))
        case WormholeMessage.version:
            self = .guardians(try GuardianSetUpgrade(try WormholeMessage(bytes)))
        case 0: self = .report(try ChainlinkReport(bytes))
        default: throw .malformed
        }
    }

    /// What must be recovered, in the order in which `RequiredSigners` judges it.
    public var signatures: [RecoverableSignature] {
        switch self {
        case .pyth(let update): update.message.signatures.map { $0.signature }
        case .guardians(let upgrade): upgrade.message.signatures.map { $0.signature }
        case .report(let report): report.signatures
        }
    }
}

/// Who must have made the signatures of an attestation.
public enum RequiredSigners: Equatable, Sendable {
    /// Each by the one at its place.
    case each([EthereumAddress])
    /// Each by another one of these.
    case different(of: [EthereumAddress])

    /// What is wrong with who signed; nil where nothing is.
    ///
    /// - Parameter recovered: by signature, whose it is; nil where it is nobody's.
    public func fault(_ recovered: ArraySlice<EthereumAddress?>) -> PullFault? {
        switch self {
        case .each(let guardians):
            return recovered.elementsEqual(guardians.map { $0 }) { $0 == $1 }
                ? nil : .badGuardianSignature
        case .different(let signers):
            for place in recovered.indices {
                guard let signer = recovered[place], signers.contains(signer) else {
                    return .unknownSigner
                }
                if recovered[..<place].contains(signer) { return .signerTwice }
            }
            return nil
        }
    }
}
