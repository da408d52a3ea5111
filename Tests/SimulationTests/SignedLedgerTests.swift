/// The ledger with real keys: Ed25519 by libsodium on the signers' side, ours on the verifier's.
/// All other tests of the ledger sign with a hash
/// (`Tests/LedgerTests/Support/TestSignatures.swift`).

import Custody
import Canonical
import Catalogue
import Cryptography
import Custody
import FixedPoint
import Ledger
import Liquidation
import Markets
import Oracle
import Risk
import Testing

@testable import Simulation

@Suite struct SignedLedgerTests {
    private static let start = Timestamp(nanoseconds: 1_750_000_000 * 1_000_000_000)
    private static let million: Int64 = 1_000_000

    /// BTC at $50,000 in lots of $50, one publisher.
    private func genesis(
        custodian: PublicKey, publisher: PublicKey
    ) throws -> Genesis {
        let symbol = LabGenesis.symbol
        let lots = Quantity(lots: 100_000)
        return try Genesis(
            name: symbol("signed"), time: Self.start, custodian: custodian, operator: custodian,
            publishers: [Publisher(key: publisher, weight: 1)],
            catalogue: Catalogue(
                compartments: [
                    Compartment(
                        symbol: symbol("MAIN"), asset: symbol("USDC"),
                        vaultLimit: Bounds.vaultCapacity, insuranceShare: .zero,
                        insuranceTarget: .zero, insuranceDailyShare: .zero,
                        insuranceAccountShare: .zero)
                ],
                underlyings: [
                    Underlying(
                        symbol: symbol("BTC"), quoteCurrency: symbol("USD"), fractionBits: 8,
                        maximumIndexPrice: IndexPrice(micros: 400_000 * Self.million),
                        listingPrice: IndexPrice(micros: 400_000 * Self.million))
                ],
                instruments: [
                    Instrument(
                        symbol: symbol("BTC-PERP"), underlying: UnderlyingIdentifier(0),
                        compartment: CompartmentIdentifier(0),
                        tickSize: IndexPrice(micros: 500_000), lotSize: Self.million,
                        maximumPrice: Price(ticks: 800_000), maximumOrderQuantity: lots,
                        positionLimit: lots, openInterestLimit: lots,
                        priceBand: Ratio(basisPoints: 200))
                ], feeTiers: [FeeTier(maker: .zero, taker: Ratio(basisPoints: 5))]),
            oracles: [
                OracleParameters(
                    quorum: .one, liquidationAge: .seconds(5), reduceOnlyAge: .seconds(15),
                    haltAge: .seconds(60), stableHourlyMove: Ratio(basisPoints: 2_000))
            ],
            margins: [.rampart(move: Ratio(basisPoints: 600))],
            perpetuals: [
                PerpetualParameters(
                    premiumClamp: Ratio(basisPoints: 50), premiumAveraging: .seconds(30),
                    impactNotional: Amount(microunits: 20_000 * Self.million), interest: .zero,
                    interestClamp: .zero, fundingCap: .zero)
            ], liquidation: .standard, pricingStep: .seconds(1), orderLimit: 10)
    }

    private func transaction(
        _ commands: [Command], by signer: Signer, _ key: borrowing SigningKey, nonce: UInt64,
        chain: Digest
    ) -> [UInt8] {
        var transaction = Transaction(
            chain: chain, signer: signer, nonce: nonce, expiry: Timestamp(nanoseconds: .max),
            commands: commands,
            signature: .ed25519(Signature(r: Bytes32(), s: Bytes32())))
        transaction.signature = .ed25519(key.sign(transaction.signedBytes))
        return transaction.canonicalBytes
    }

    private func bundle(
        _ key: borrowing SigningKey, at time: Timestamp, chain: Digest
    ) -> ObservationBundle {
        var bundle = ObservationBundle(
            publisher: PublisherIdentifier(0), time: time,
            observations: [
                Observation(
                    underlying: UnderlyingIdentifier(0),
                    price: IndexPrice(micros: 50_000 * Self.million))
            ], signature: Signature(r: Bytes32(), s: Bytes32()))
        bundle.signature = key.sign(
            HashLabel.observation.header + bundle.signedBytes(chain: chain))
        return bundle
    }

    @Test func `orders and prices under Ed25519 signatures run, and forged ones do not`() throws {
        let custodian = SigningKey(seed: 1, number: 1)
        let publisher = SigningKey(seed: 1, number: 2)
        let trader = SigningKey(seed: 1, number: 3)
        let ledger = Ledger(
            genesis: try genesis(custodian: custodian.publicKey, publisher: publisher.publicKey))
        let account = AccountIdentifier(0)
        let home = CompartmentIdentifier(0)
        let opening = transaction(
            [
                .openAccount(owner: .ed25519(trader.publicKey), compartment: home),
                .deposit(
                    Amount(microunits: 10_000 * Self.million), to: account, reference: Bytes32()),
            ], by: .custodian, custodian, nonce: 1, chain: ledger.chain)
        let first = Self.start.advanced(by: .seconds(1))
        let opened = try ledger.apply(
            Block(
                height: 1, time: first,
                observations: [bundle(publisher, at: first, chain: ledger.chain)],
                transactions: [opening]), verifier: PortableVerifier())
        #expect(opened.receipts.map(\.refusal) == [nil, nil])
        #expect(ledger.feeds[0].index == IndexPrice(micros: 50_000 * Self.million))
        let order = Command.place(
            OrderRequest(
                instrument: InstrumentIdentifier(0), side: .buy, limit: Price(ticks: 98_000),
                quantity: Quantity(lots: 3)))
        let good = transaction(
            [order], by: .account(account), trader, nonce: 1, chain: ledger.chain)
        var changed = good
        changed[changed.count - 1] ^= 1
        let stolen = transaction(
            [order], by: .account(account), custodian, nonce: 1, chain: ledger.chain)
        let second = first.advanced(by: .seconds(1))
        var forged = bundle(trader, at: second, chain: ledger.chain)
        forged.signature = trader.sign(forged.signedBytes(chain: ledger.chain))
        let outcome = try ledger.apply(
            Block(
                height: 2, time: second, observations: [forged],
                transactions: [changed, stolen, good, good]), verifier: PortableVerifier())
        #expect(
            outcome.receipts.map(\.refusal) == [.badSignature, .badSignature, nil, .nonceUsed])
        #expect(
            outcome.events.contains(
                .observationRefused(PublisherIdentifier(0), .badObservationSignature)))
        #expect(ledger.openOrders(of: account).count == 1)
        #expect(ledger.auditFailure() == nil)
    }

    private func signed(
        _ signer: Signer, _ commands: [Command], by wallet: borrowing EthereumKey, nonce: UInt64,
        chain: Digest
    ) -> Transaction {
        var transaction = Transaction(
            chain: chain, signer: signer, nonce: nonce, expiry: Timestamp(nanoseconds: .max),
            commands: commands, signature: .ed25519(Signature(r: Bytes32(), s: Bytes32())))
        if let digest = transaction.typedDataDigest {
            transaction.signature = wallet.sign(digest)
        }
        return transaction
    }

    /// What the next block answers.
    private func refusals(
        of transactions: [[UInt8]], in ledger: Ledger, _ publisher: borrowing SigningKey
    ) throws -> [Refusal?] {
        let time = ledger.time.advanced(by: .seconds(1))
        return try ledger.apply(
            Block(
                height: ledger.height + 1, time: time,
                observations: [bundle(publisher, at: time, chain: ledger.chain)],
                transactions: transactions), verifier: PortableVerifier()
        ).receipts.map(\.refusal)
    }

    @Test func `an Ethereum wallet is master, and agent, and its high s is refused`() throws {
        let custodian = SigningKey(seed: 2, number: 1)
        let publisher = SigningKey(seed: 2, number: 2)
        let trader = SigningKey(seed: 2, number: 3)
        let secret = [UInt8](repeating: 0x51, count: EthereumKey.size)
        guard let wallet = EthereumKey(Secret(copying: secret)) else {
            Issue.record("the bytes are a key")
            return
        }
        let ledger = Ledger(
            genesis: try genesis(custodian: custodian.publicKey, publisher: publisher.publicKey))
        let account = AccountIdentifier(0)
        let chain = ledger.chain
        func signed(_ signer: Signer, _ commands: [Command], nonce: UInt64) -> Transaction {
            self.signed(signer, commands, by: wallet, nonce: nonce, chain: chain)
        }
        func apply(_ transactions: [[UInt8]]) throws -> [Refusal?] {
            try refusals(of: transactions, in: ledger, publisher)
        }
        let opening = transaction(
            [
                .openAccount(
                    owner: .ethereum(wallet.address), compartment: CompartmentIdentifier(0)),
                .deposit(
                    Amount(microunits: 10_000 * Self.million), to: account, reference: Bytes32()),
            ], by: .custodian, custodian, nonce: 1, chain: chain)
        #expect(try apply([opening]) == [nil, nil])
        let good = signed(.account(account), [.cancelAll(nil)], nonce: 1)
        guard case .ethereum(let r, let s, let parity) = good.signature else {
            Issue.record("the wallet signs for the account")
            return
        }
        var bad = [good, good, good]
        bad[0].signature = .ethereum(r: r, s: Self.complement(of: s), parity: 1 - parity)
        bad[1].signature = .ethereum(r: r, s: s, parity: 1 - parity)
        bad[2].nonce = 2
        #expect(
            try apply((bad + [good]).map(\.canonicalBytes))
                == [.badSignature, .badSignature, .badSignature, nil])
        // The wallet hands the account to a native key, and stays on as an agent.
        let grant = AgentGrant(
            key: .ethereum(wallet.address), scope: .cancel,
            expiry: ledger.time.advanced(by: .day))
        let rotation = signed(
            .account(account), [.rotateMaster(.ed25519(trader.publicKey))], nonce: 2)
        #expect(try apply([rotation.canonicalBytes]) == [nil])
        let granting = transaction(
            [.setAgent(4, grant)], by: .account(account), trader, nonce: 3, chain: chain)
        #expect(try apply([granting]) == [nil])
        let asAgent = signed(
            .agent(account, slot: 4),
            [.cancelAll(nil), .rotateMaster(.ethereum(wallet.address))], nonce: 1)
        let asMaster = signed(.account(account), [.cancelAll(nil)], nonce: 4)
        #expect(
            try apply([asAgent, asMaster].map(\.canonicalBytes))
                == [nil, .outOfScope, .badSignature])
    }

    /// The other s of the same signature: n - s.
    private static func complement(of s: Bytes32) -> Bytes32 {
        let order: [UInt8] =
            [UInt8](repeating: 0xff, count: 15) + [
                0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0,
                0x36, 0x41, 0x41,
            ]
        var result = [UInt8](repeating: 0, count: 32)
        var borrow = 0
        for place in (0..<32).reversed() {
            let difference = Int(order[place]) - Int(s[place]) - borrow
            result[place] = UInt8(truncatingIfNeeded: difference)
            borrow = difference < 0 ? 1 : 0
        }
        return Bytes32(result)
    }
}
