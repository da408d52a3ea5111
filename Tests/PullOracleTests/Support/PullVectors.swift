/// Real payloads of the shared folder, and the verdict of the room on bytes: as the ledger does it,
/// but for what a test already knows. A machine without the folder skips the tests that need it.

import Canonical
import Cryptography
import FixedPoint
import Foundation
import PullOracle
import TestKit
import Testing

extension SharedFiles {
    static func json<T: Decodable>(_ type: T.Type, _ path: String) throws -> T {
        let data = try Data(contentsOf: URL(fileURLWithPath: SharedFiles.path(path)))
        return try JSONDecoder().decode(type, from: data)
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs a test only where the shared vectors are.
    static var sharedFiles: Self {
        .enabled(if: SharedFiles.exist, "needs the shared vectors: set RAMPART_SHARED")
    }
}

/// The bytes of hexadecimal digits, with or without `0x`.
func bytes(_ text: String) -> [UInt8] {
    let digits = Array(text.hasPrefix("0x") ? text.dropFirst(2) : text[...])
    return stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(digits[$0...($0 + 1)]), radix: 16)
    }
}

struct PythVector: Decodable {
    struct Header: Decodable {
        let timestamp: UInt32
        let nonce: UInt32
        let emitterChain: UInt16
        let emitterAddress: String
        let sequence: String
        let consistencyLevel: UInt8
        let digest: String

        enum CodingKeys: String, CodingKey {
            case timestamp, nonce, sequence
            case emitterChain = "emitter_chain"
            case emitterAddress = "emitter_address"
            case consistencyLevel = "consistency_level"
            case digest = "digest_keccak_keccak_body"
        }
    }

    struct Accumulator: Decodable {
        let slot: String
        let ringSize: UInt32

        enum CodingKeys: String, CodingKey {
            case slot
            case ringSize = "ring_size"
        }
    }

    struct Update: Decodable {
        let message: String
        let isProven: Bool
        let parsed: Parsed?

        enum CodingKeys: String, CodingKey {
            case message, parsed
            case isProven = "merkle_ok"
        }
    }

    /// What upstream reads in a message; what is not of its type is missing.
    struct Parsed: Decodable {
        let feed: String?
        let price: String?
        let confidence: String?
        let exponent: Int32?
        let publishTime: Int64?
        let previousTime: Int64?
        let average: String?
        let averageConfidence: String?
        let cumulativePrice: String?
        let cumulativeConfidence: String?
        let silentSlots: String?
        let slot: String?

        enum CodingKeys: String, CodingKey {
            case price, exponent
            case feed = "feed_id"
            case confidence = "conf"
            case publishTime = "publish_time"
            case previousTime = "prev_publish_time"
            case average = "ema_price"
            case averageConfidence = "ema_conf"
            case cumulativePrice = "cumulative_price"
            case cumulativeConfidence = "cumulative_conf"
            case silentSlots = "num_down_slots"
            case slot = "publish_slot"
        }
    }

    let name: String
    let update: String
    let guardianSet: UInt32
    let isReal: Bool
    let vaa: Header
    let signers: [UInt8]
    let accumulator: Accumulator
    let updates: [Update]

    enum CodingKeys: String, CodingKey {
        case name, vaa, accumulator, updates
        case update = "update_data_hex"
        case guardianSet = "guardian_set_index"
        case isReal = "expect_valid_under_mainnet_guardians"
        case signers = "signer_indices"
    }

    static func all() throws -> [PythVector] {
        try SharedFiles.json([PythVector].self, "vectors/pyth/accumulator_updates.json")
    }

    /// Those that the guardians of the main network signed.
    static func real() throws -> [PythVector] { try all().filter(\.isReal) }
}

struct UpgradeVector: Decodable {
    let name: String
    let vaa: String
    let index: UInt32
    let guardians: [String]

    enum CodingKeys: String, CodingKey {
        case name, vaa
        case index = "new_set_index"
        case guardians = "new_guardians"
    }

    /// From set 0 to set 7, in order.
    static func all() throws -> [UpgradeVector] {
        try SharedFiles.json(
            [UpgradeVector].self, "vectors/wormhole/guardian_set_upgrade_vaas.json")
    }
}

struct ReportVector: Decodable {
    let name: String
    let report: String
    let digest: String
    let signers: [String]
    let decoded: [String: Field]

    /// A field as text, whether it stands as text or as a number.
    struct Field: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int64.self) {
                text = String(number)
            } else {
                text = try container.decode(String.self)
            }
        }
    }

    enum CodingKeys: String, CodingKey {
        case name, decoded
        case report = "full_report"
        case digest = "signing_digest"
        case signers = "recovered_signers"
    }

    static func all() throws -> [ReportVector] {
        try SharedFiles.json(
            [ReportVector].self, "vectors/chainlink-data-streams/full_reports.json")
    }

    /// A configuration as large as the number of signatures demands: the known signers first, then
    /// made-up ones.
    func parameters(configuration: Bytes32, feed: Bytes32) -> ReportParameters {
        let faults = signers.count - 1
        let others = (signers.count..<(3 * faults + 1)).map {
            EthereumAddress(AttestedBytes.address(UInt8($0)))
        }
        return ReportParameters(
            digest: configuration, signers: signers.map { EthereumAddress(bytes($0)) } + others,
            faults: UInt8(faults), feeds: [MainNetwork.feed(feed)])
    }
}

/// The guardians of the main network, and the feeds of a test.
enum MainNetwork {
    private struct File: Decodable {
        struct Guardian: Decodable { let address: String }
        let sets: [String: [Guardian]]
    }

    static func set(_ index: UInt32) throws -> GuardianSet {
        let file = try SharedFiles.json(
            File.self, "vectors/wormhole/guardian_sets_mainnet.json")
        let guardians = try #require(file.sets[String(index)])
        return GuardianSet(
            index: index, guardians: guardians.map { EthereumAddress(bytes($0.address)) })
    }

    /// Where Pyth speaks.
    static let pyth = WormholeEmitter(
        chain: 26,
        address: Bytes32(bytes("e101faedac5851e32b9b23b5f9411a8c2bac4aae3ed4dd7b811dd1a72ea4aa71")))

    static func feed(_ name: Bytes32, underlying: UInt16 = 0) -> PullFeed {
        PullFeed(
            feed: name, underlying: UnderlyingIdentifier(underlying),
            source: SourceIdentifier(1), publisher: PublisherIdentifier(2))
    }

    /// A state in which one set counts and one feed, bitcoin.
    static func state(_ index: UInt32) throws -> PullState {
        let bitcoin = Bytes32(
            bytes("e62df6c8b4a85fe1a67db44dc12de5db330f7ac66b72dc658afedf0f4a415b43"))
        return PullState(
            parameters: PullParameters(
                wormhole: WormholeParameters(set: try set(index)),
                pyth: PythParameters(emitter: pyth, feeds: [feed(bitcoin)])))
    }
}

/// A payload that is known to be good: others are judged by what differs from it.
struct KnownPayload {
    let state: PullState
    let now: Timestamp
    private let signatures: [RecoverableSignature]
    private let recovered: [EthereumAddress?]

    /// - Throws: what the room says, where the payload is not good.
    init(_ bytes: [UInt8], in state: PullState, at now: Timestamp) throws {
        self.state = state
        self.now = now
        let attestation = try Attestation(bytes)
        let signers = try state.signers(of: attestation, at: now)
        signatures = attestation.signatures
        recovered = PortableVerifier().recover(signatures)
        if let fault = signers.fault(recovered[...]) { throw fault }
    }

    /// What the room says of other bytes; nil is accepted. A signature that is the same on the same
    /// digest is not recovered again, and where the first that differs is wrong nothing more is.
    func fault(_ bytes: [UInt8]) -> PullFault? {
        do throws(PullFault) {
            let attestation = try Attestation(bytes)
            let signers = try state.signers(of: attestation, at: now)
            var found: [EthereumAddress?] = []
            for signature in attestation.signatures {
                if let place = signatures.firstIndex(of: signature) {
                    found.append(recovered[place])
                } else {
                    let one = PortableVerifier().recover([signature])[0]
                    guard recovered.contains(one) else {
                        return .badGuardianSignature
                    }
                    found.append(one)
                }
            }
            return signers.fault(found[...])
        } catch {
            return error
        }
    }
}
