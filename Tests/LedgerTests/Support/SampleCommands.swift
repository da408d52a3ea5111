/// Every command with random fields, for tests of what holds for all of them.

import Breakers
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Liquidation
import Markets
import TestKit

enum SampleCommands {
    /// A key of either kind.
    static func key(_ random: inout SeededGenerator) -> SignerKey {
        Bool.random(using: &random)
            ? .ed25519(PublicKey(bytes32(&random)))
            : .ethereum(EthereumAddress(publicKeyHash: bytes32(&random)))
    }

    /// A signature of either kind.
    static func signature(_ random: inout SeededGenerator) -> SignerSignature {
        let (r, s) = (bytes32(&random), bytes32(&random))
        return Bool.random(using: &random)
            ? .ed25519(Signature(r: r, s: s))
            : .ethereum(r: r, s: s, parity: .random(in: 0...1, using: &random))
    }

    static func number(_ random: inout SeededGenerator) -> Int64 {
        [0, 1, -1, .max, .min, Int64.random(in: .min ... .max, using: &random)].randomElement(
            using: &random) ?? 0
    }

    static func bytes32(_ random: inout SeededGenerator) -> Bytes32 {
        Bytes32((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
    }

    static func label(_ random: inout SeededGenerator) -> Label {
        let count = Int.random(in: 0...Label.byteLimit, using: &random)
        return Label((0..<count).map { _ in UInt8.random(in: 0x20...0x7E, using: &random) })
            ?? Label()
    }

    /// An order with any terms at all.
    static func request(
        _ instrument: InstrumentIdentifier, _ random: inout SeededGenerator
    ) -> OrderRequest {
        func flip() -> Bool { Bool.random(using: &random) }
        return OrderRequest(
            instrument: instrument, side: flip() ? .buy : .sell,
            limit: flip() ? nil : Price(ticks: number(&random)),
            quantity: Quantity(lots: number(&random)),
            timeInForce: TimeInForce.allCases.randomElement(using: &random) ?? .goodTillTime,
            postOnly: flip(), slides: flip(), reduceOnly: flip(),
            clientIdentifier: ClientOrderIdentifier(.random(in: 0 ... .max, using: &random)),
            selfTrade: SelfTradePrevention.allCases.randomElement(using: &random) ?? .cancelBoth,
            isProtected: flip(),
            expiry: flip()
                ? nil : Timestamp(nanoseconds: .random(in: 0 ... .max, using: &random)),
            display: flip() ? nil : Quantity(lots: number(&random)),
            trigger: flip()
                ? nil
                : Trigger(
                    flip() ? .stop : .take, on: flip() ? .mark : .index,
                    at: Price(ticks: number(&random))),
            pair: ClientOrderIdentifier(.random(in: 0 ... .max, using: &random)),
            label: label(&random))
    }

    static func all(_ random: inout SeededGenerator) -> [Command] {
        let account = AccountIdentifier(UInt32.random(in: 0 ... .max, using: &random))
        let home = CompartmentIdentifier(UInt16.random(in: 0 ... .max, using: &random))
        let instrument = InstrumentIdentifier(UInt16.random(in: 0 ... .max, using: &random))
        let order = OrderIdentifier(UInt64.random(in: 0 ... .max, using: &random))
        let amount = Amount(microunits: number(&random))
        return [
            .place(request(instrument, &random)),
            .amend(
                AmendRequest(
                    order: order,
                    limit: Bool.random(using: &random) ? nil : Price(ticks: number(&random)),
                    remaining: Quantity(lots: number(&random)),
                    postOnly: Bool.random(using: &random),
                    trigger: Bool.random(using: &random) ? nil : Price(ticks: number(&random)))),
            .cancelLabel(label(&random)), .cancelQuotes(nil), .cancelQuotes(instrument),
            .quote(
                QuoteRequest(
                    instrument: instrument, bid: Price(ticks: number(&random)),
                    bidQuantity: Quantity(lots: number(&random)),
                    ask: Price(ticks: number(&random)),
                    askQuantity: Quantity(lots: number(&random)))),
            .setProtection(
                UnderlyingIdentifier(home.number),
                window: Duration(nanoseconds: .random(in: 0 ... .max, using: &random)),
                freeze: Duration(nanoseconds: .random(in: 0 ... .max, using: &random)),
                limit: amount),
            .resetProtection(UnderlyingIdentifier(home.number)), .unoffered(.combo),
            .unoffered(.blockTrade), .unoffered(.requestForQuote),
            .startAuction(
                instrument, length: Duration(nanoseconds: .random(in: 0 ... .max, using: &random))),
            .halt(instrument),
            .listContract(
                .pair(
                    expiry: Timestamp(nanoseconds: .random(in: 0 ... .max, using: &random)),
                    strike: IndexPrice(micros: number(&random))),
                on: UnderlyingIdentifier(home.number), TestGenesis.terms(compartment: home)),
            .cancel(order), .cancelClient(ClientOrderIdentifier(order.number)), .cancelAll(nil),
            .cancelAll(instrument), .withdraw(amount, destination: bytes32(&random)),
            .transfer(amount, to: account),
            .withdrawAsset(
                instrument, Quantity(lots: number(&random)), destination: bytes32(&random)),
            .transferAsset(instrument, Quantity(lots: number(&random)), to: account),
            .depositAsset(
                instrument, Quantity(lots: number(&random)), to: account,
                reference: bytes32(&random)),
            .openAccount(owner: .ed25519(PublicKey(bytes32(&random))), compartment: home),
            .openAccount(owner: key(&random), compartment: home),
            .deposit(amount, to: account, reference: bytes32(&random)),
            .depositInsurance(amount, to: home), .setFeeTier(home.number, of: account),
            .cancelWithdrawal, .setMaker(Bool.random(using: &random), of: account),
            .raiseLevel(
                [.instrument(instrument), .compartment(home), .underlying(UnderlyingIdentifier(7))]
                    .randomElement(using: &random) ?? .compartment(home),
                MarketLevel.allCases.randomElement(using: &random) ?? .halted,
                for: Duration(nanoseconds: .random(in: 0 ... .max, using: &random))),
        ] + keyCommands(home, &random)
    }

    /// Terms of rescue, each part there or not.
    private static func rescue(_ random: inout SeededGenerator) -> RescueTerms {
        func ratio() -> Ratio { Ratio(billionths: number(&random)) }
        func amount() -> Amount { Amount(microunits: number(&random)) }
        var terms = RescueTerms()
        if Bool.random(using: &random) {
            terms.rebalancing = RebalancingTerms(
                trigger: ratio(), target: ratio(),
                sources: (0..<3).map { AccountIdentifier($0) }, dailyMost: amount())
        }
        if Bool.random(using: &random) {
            terms.hedge = HedgeTerms(
                level: ratio(), share: ratio(), band: ratio(), dailyMost: amount())
        }
        if Bool.random(using: &random) {
            terms.giving = GivingTerms(keeps: amount(), dailyMost: amount())
        }
        return terms
    }

    private static func keyCommands(
        _ home: CompartmentIdentifier, _ random: inout SeededGenerator
    ) -> [Command] {
        [
            .setBackstop(
                BackstopLimits(
                    markets: [
                        BackstopMarket(
                            underlying: UnderlyingIdentifier(home.number),
                            notional: Amount(microunits: number(&random)),
                            loss: Amount(microunits: number(&random)))
                    ], sliceShare: Ratio(billionths: number(&random)),
                    leastDiscount: Ratio(billionths: number(&random)),
                    marginLeft: Amount(microunits: number(&random)))),
            .giveBackstopNotice, .leaveBackstop,
            .setAgent(
                UInt8.random(in: 0 ... .max, using: &random),
                AgentGrant(
                    key: key(&random),
                    scope: AgentScope.allCases.randomElement(using: &random)
                        ?? .trade,
                    expiry: Timestamp(nanoseconds: .random(in: 0 ... .max, using: &random)),
                    limits: AgentLimits(
                        priceBand: Ratio(billionths: number(&random)),
                        dailyLoss: Amount(microunits: number(&random))))),
            .setAgent(UInt8.random(in: 0 ... .max, using: &random), nil),
            .rotateMaster(key(&random)), .allowDestination(bytes32(&random)),
            .removeDestination(bytes32(&random)), .openSubaccount(home), .setRescue(nil),
            .setRescue(rescue(&random)),
        ]
    }
}
