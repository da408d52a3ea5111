/// A small venue that keeps what certificates are made of, and the headers of its blocks as a light
/// client would know them. BTC stands at $50,000 (BTC-PERP, a call and a put at the money), ETH at
/// $2,500 (ETH-PERP); a lot of BTC is worth $50, one of ETH $25. Signatures count as valid.

import Accounts
import Canonical
import Catalogue
import Certificates
import Cryptography
import FixedPoint
import Ledger
import Liquidation
import Markets
import Oracle
import Risk

/// Every signature is valid: these tests are about what the ledger says afterwards.
struct AcceptingVerifier: SignatureVerifier {
    func verify(_ statements: [SignedStatement]) -> [Bool] { statements.map { _ in true } }
}

final class CertificateVenue {
    static let million: Int64 = 1_000_000
    static let bitcoin = InstrumentIdentifier(0)
    static let ether = InstrumentIdentifier(1)
    static let call = InstrumentIdentifier(2)
    static let put = InstrumentIdentifier(3)
    static let main = CompartmentIdentifier(0)
    /// 2025-06-15 12:30.
    static let start = Timestamp(nanoseconds: 1_749_990_600 * 1_000_000_000)
    /// 08:00 of the day after.
    static let expiry = Timestamp(nanoseconds: 1_750_060_800 * 1_000_000_000)

    let ledger: Ledger
    /// By underlying, in dollars.
    var prices: [Int64] = [50_000, 2_500]
    private(set) var headers: [HeaderCommitment] = []
    private(set) var last: BlockOutcome?
    private(set) var treeBefore = SparseMerkleTree()
    /// The values of all accounts' leaves before the last block.
    private(set) var accountsBefore: [[UInt8]] = []
    private var nonces: [UInt64] = []
    private var custodianNonce: UInt64 = 0

    init(
        accountShare: Ratio = Ratio(basisPoints: 500), name: String = "paper",
        liquidation: LiquidationParameters = .standard, safeguards: Safeguards = .open
    ) throws {
        ledger = Ledger(
            genesis: try CertificateVenue.genesis(accountShare, name, liquidation, safeguards))
        ledger.collectsEvidence = true
    }

    var verifier: CertificateVerifier { CertificateVerifier(genesis: ledger.genesis) }
    var header: HeaderCommitment { headers[headers.count - 1] }
    var headerBefore: HeaderCommitment { headers[headers.count - 2] }

    /// Applies a block with everybody's prices.
    @discardableResult
    func apply(
        _ sends: [(Signer, [Command])] = [], milliseconds: UInt64 = 1_000
    ) throws -> BlockOutcome {
        treeBefore = ledger.tree
        accountsBefore = ledger.accounts.accounts.map { $0.canonicalBytes }
        let time = ledger.time.advanced(by: Duration(nanoseconds: milliseconds * 1_000_000))
        let block = Block(
            height: ledger.height + 1, time: time, observations: [bundle(at: time)],
            transactions: sends.map { transaction($0.0, $0.1, at: time) })
        let outcome = try ledger.apply(block, verifier: AcceptingVerifier())
        let refused = outcome.receipts.first { $0.refusal != nil }
        precondition(refused == nil, "nothing is refused here: \(String(describing: refused))")
        last = outcome
        headers.append(
            HeaderCommitment(
                chain: ledger.chain, height: outcome.height, time: time,
                hash: SHA256.digest(outcome.root.storage.bytes + outcome.height.canonical),
                previous: headers.last?.hash ?? ledger.chain, root: outcome.root,
                firstEvent: outcome.firstEvent))
        return outcome
    }

    /// The certificates of the last block.
    func certificates() throws -> [MarginCallCertificate] {
        guard let last else { return [] }
        return try CertificateMaker.certificates(
            of: last, from: ledger, lastTime: headerBefore.time)
    }

    /// Applies a block and takes the certificate that it gives an account.
    func certificate(
        of account: AccountIdentifier, milliseconds: UInt64 = 1_000
    ) throws -> MarginCallCertificate? {
        try apply(milliseconds: milliseconds)
        return try certificates().first { $0.account == account }
    }

    @discardableResult
    func verify(_ certificate: MarginCallCertificate) throws -> [Event] {
        try verifier.verify(certificate, before: headerBefore, header: header)
    }

    // Accounts and orders.

    /// - Parameter sibling: an account of the same owner; nil is a new one.
    func openAccount(
        dollars: Int64, sibling: AccountIdentifier? = nil
    ) throws -> AccountIdentifier {
        let identifier = AccountIdentifier(UInt32(ledger.accounts.accounts.count))
        let owner = CertificateVenue.key("owner \((sibling ?? identifier).number)")
        try apply([(.custodian, [.openAccount(owner: .ed25519(owner), compartment: Self.main)])])
        nonces.append(0)
        try deposit(dollars, to: identifier)
        return identifier
    }

    func deposit(_ dollars: Int64, to account: AccountIdentifier) throws {
        let amount = Amount(microunits: dollars * Self.million)
        let reference = SHA256.digest([UInt8(truncatingIfNeeded: custodianNonce)]).storage
        try apply([(.custodian, [.deposit(amount, to: account, reference: reference)])])
    }

    /// Opens many accounts without money, only to have their leaves.
    func openMany(_ count: Int) throws {
        for first in stride(from: 0, to: count, by: 640) {
            let transactions = stride(from: first, to: min(count, first + 640), by: 64).map {
                start in
                (
                    Signer.custodian,
                    (start..<min(count, start + 64)).map {
                        Command.openAccount(
                            owner: .ed25519(Self.key("many \($0)")), compartment: Self.main)
                    }
                )
            }
            try apply(transactions)
        }
    }

    func order(
        _ account: AccountIdentifier, _ side: Side, _ lots: Int64, ticks: Int64,
        in instrument: InstrumentIdentifier = CertificateVenue.bitcoin
    ) -> (Signer, [Command]) {
        (
            .account(account),
            [
                .place(
                    OrderRequest(
                        instrument: instrument, side: side, limit: Price(ticks: ticks),
                        quantity: Quantity(lots: lots)))
            ]
        )
    }

    /// Two accounts trade.
    func trade(
        _ buyer: AccountIdentifier, _ seller: AccountIdentifier, _ lots: Int64, ticks: Int64,
        in instrument: InstrumentIdentifier = CertificateVenue.bitcoin
    ) throws {
        try apply([
            order(seller, .sell, lots, ticks: ticks, in: instrument),
            order(buyer, .buy, lots, ticks: ticks, in: instrument),
        ])
    }

    // Bytes.

    private func transaction(_ signer: Signer, _ commands: [Command], at time: Timestamp) -> [UInt8]
    {
        let nonce: UInt64
        if case .account(let account) = signer {
            nonces[Int(account.number)] += 1
            nonce = nonces[Int(account.number)]
        } else {
            custodianNonce += 1
            nonce = custodianNonce
        }
        return Transaction(
            chain: ledger.chain, signer: signer, nonce: nonce, expiry: time, commands: commands,
            signature: .ed25519(Signature(r: Bytes32(), s: Bytes32()))
        ).canonicalBytes
    }

    private func bundle(at time: Timestamp) -> ObservationBundle {
        let seen = prices.enumerated().map { (UInt16($0), $1 * Self.million) }
        let curves = ledger.surfaces[0].expiries.map { feed in
            CurveObservation(
                underlying: UnderlyingIdentifier(0), expiry: feed.expiry,
                forward: IndexPrice(micros: seen[0].1),
                volatilities: NodeVolatilities(flat: 40_000))
        }
        return ObservationBundle(
            publisher: PublisherIdentifier(0), time: time,
            observations: seen.map {
                Observation(
                    underlying: UnderlyingIdentifier($0), price: IndexPrice(micros: $1),
                    source: SourceIdentifier(0), depthBelow: .zero, depthAbove: .zero)
            }, curves: curves, signature: Signature(r: Bytes32(), s: Bytes32()))
    }

    static func key(_ name: String) -> PublicKey {
        PublicKey(SHA256.digest(Array(name.utf8)).storage)
    }
}

extension UInt64 {
    fileprivate var canonical: [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.append(self)
        return encoder.bytes
    }
}
