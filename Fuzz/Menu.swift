/// What the bytes may order: commands with plausible values, commands with terrible ones, and
/// commands decoded from the bytes themselves, so that a new command is met from its first day. To
/// have it met often, add a line to `commands`.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets

enum Menu {
    /// Makes a command for an account.
    typealias Cook = @Sendable (inout ByteReader, FuzzVenue, AccountIdentifier) -> Command

    /// One place for all commands; what stands twice is chosen twice as often.
    static let commands: [Cook] = [
        place, place, place, place, place, amend, raw, special, special, special, quote,
        { bytes, venue, account in .cancel(order(&bytes, venue, account)) },
        { bytes, _, _ in .cancelClient(ClientOrderIdentifier(UInt64(bytes.place(in: 4)))) },
        { bytes, _, _ in .cancelAll(bytes.rarely(2) ? instrument(&bytes) : nil) },
        { bytes, _, _ in .cancelLabel(label(&bytes)) },
        { bytes, _, _ in .cancelQuotes(bytes.rarely(2) ? instrument(&bytes) : nil) },
        { bytes, _, _ in
            .setProtection(
                UnderlyingIdentifier(UInt16(bytes.place(in: 3))), window: span(&bytes),
                freeze: span(&bytes), limit: Amount(microunits: bytes.choice(extremes)))
        },
        { bytes, _, _ in .resetProtection(UnderlyingIdentifier(UInt16(bytes.place(in: 3)))) },
        { bytes, _, _ in .startAuction(instrument(&bytes), length: span(&bytes)) },
        { bytes, venue, account in
            .withdraw(amount(&bytes, venue, account), destination: Bytes32())
        },
        { bytes, venue, account in
            .transfer(amount(&bytes, venue, account), to: anyone(&bytes, venue))
        },
        { bytes, venue, account in
            .deposit(
                amount(&bytes, venue, account), to: anyone(&bytes, venue), reference: Bytes32())
        },
        { bytes, venue, account in
            .depositInsurance(amount(&bytes, venue, account), to: compartment(&bytes))
        },
        { bytes, _, _ in
            .openAccount(
                owner: .ed25519(FuzzGenesis.key(bytes.place(in: 6))),
                compartment: compartment(&bytes))
        },
        { bytes, _, _ in
            .setAgent(
                UInt8(bytes.place(in: 5)),
                bytes.rarely(4)
                    ? nil
                    : AgentGrant(
                        key: key(&bytes), scope: bytes.choice(AgentScope.allCases),
                        expiry: Timestamp(
                            nanoseconds: 1_700_000_000_000_000_000
                                + bytes.choice(intervals) * 1_000_000)))
        },
        { bytes, _, _ in .rotateMaster(key(&bytes)) },
        { bytes, _, _ in .allowDestination(address(&bytes)) },
        { bytes, _, _ in .removeDestination(address(&bytes)) },
        { bytes, _, _ in .openSubaccount(compartment(&bytes)) },
        { bytes, venue, _ in
            .setFeeTier(UInt16(bytes.place(in: 4)), of: anyone(&bytes, venue))
        },
        { bytes, venue, _ in
            .depositAsset(
                asset(&bytes), assetLots(&bytes), to: anyone(&bytes, venue), reference: Bytes32())
        },
        { bytes, _, _ in .withdrawAsset(asset(&bytes), assetLots(&bytes), destination: Bytes32()) },
        { bytes, venue, _ in
            .transferAsset(asset(&bytes), assetLots(&bytes), to: anyone(&bytes, venue))
        },
    ]

    /// Numbers that mean harm.
    static let extremes: [Int64] = [
        0, -1, .max, .min, .max - 1, .min + 1, 1, 1 << 24, 1 << 31, 1 << 32, -(1 << 32), 1 << 48,
        1 << 49, 1 << 56, 1 << 62, 100_000, 100_001, 1_000_000, 10_000_000, 10_000_001,
    ]

    /// Lots of an order.
    static let sizes: [Int64] = [1, 2, 5, 10, 50, 200, 1_000, 5_000, 20_000, 100_000]

    /// Ticks from the mark to a price. Equal prices meet; the farthest lie beyond the band.
    static let offsets: [Int64] = [
        0, 0, 1, -1, 2, -2, 10, -10, 100, -100, 1_000, -1_000, 5_000, -5_000, 20_000, -20_000,
    ]

    /// Milliseconds between two blocks.
    static let intervals: [UInt64] = [
        1_000, 1_000, 1, 300, 5_000, 6_000, 16_000, 61_000, 1_800_000, 3_600_000, 43_200_000,
        86_400_000,
    ]

    /// Basis points by which a published price moves.
    static let moves: [Int64] = [
        0, 0, 0, 0, 1, -1, 20, -20, 150, -150, 1_000, -1_000, 5_000, -5_000, 30_000, -9_000,
    ]

    /// A command from the bytes as they are, zeros behind them; a cancel where they are none.
    @Sendable static func raw(
        _ bytes: inout ByteReader, _ venue: FuzzVenue, _ account: AccountIdentifier
    ) -> Command {
        let text = bytes.bytes(bytes.place(in: 96)) + [UInt8](repeating: 0, count: 96)
        var decoder = CanonicalDecoder(text)
        do {
            return try Command(from: &decoder)
        } catch {
            return .cancelAll(nil)
        }
    }

    @Sendable private static func place(
        _ bytes: inout ByteReader, _ venue: FuzzVenue, _ account: AccountIdentifier
    ) -> Command {
        let instrument = venue.instrument(of: account, bytes.place(in: 8))
        let terms = bytes.byte()
        return .place(
            OrderRequest(
                instrument: instrument, side: terms & 1 == 0 ? .buy : .sell,
                limit: terms & 0x0e == 0x0e ? nil : price(&bytes, venue, instrument),
                quantity: lots(&bytes),
                timeInForce: TimeInForce(rawValue: (terms >> 4) & 3) ?? .goodTillCancelled,
                postOnly: terms & 0x06 == 0x04, reduceOnly: terms & 0xc0 == 0xc0,
                clientIdentifier: ClientOrderIdentifier(UInt64(bytes.place(in: 5)))))
    }

    /// An order with terms that few have.
    @Sendable private static func special(
        _ bytes: inout ByteReader, _ venue: FuzzVenue, _ account: AccountIdentifier
    ) -> Command {
        guard case .place(var request) = place(&bytes, venue, account) else {
            return .cancelAll(nil)
        }
        let terms = bytes.byte()
        if terms & 1 != 0 { request.display = lots(&bytes) }
        if terms & 2 != 0 {
            request.timeInForce = .goodTillTime
            request.expiry = venue.ledger.time.advanced(by: span(&bytes))
        }
        if terms & 4 != 0 {
            request.trigger = Trigger(
                bytes.rarely(2) ? .take : .stop, on: bytes.rarely(2) ? .index : .mark,
                at: price(&bytes, venue, request.instrument))
        }
        if terms & 8 != 0 { request.pair = ClientOrderIdentifier(UInt64(bytes.place(in: 5))) }
        if terms & 16 != 0 { request.label = label(&bytes) }
        if terms & 32 != 0 { request.isProtected = true }
        if terms & 64 != 0 { request.slides = true }
        request.selfTrade =
            SelfTradePrevention(rawValue: UInt8(bytes.place(in: 3))) ?? .cancelMaker
        return .place(request)
    }

    @Sendable private static func quote(
        _ bytes: inout ByteReader, _ venue: FuzzVenue, _ account: AccountIdentifier
    ) -> Command {
        let instrument = venue.instrument(of: account, bytes.place(in: 8))
        return .quote(
            QuoteRequest(
                instrument: instrument, bid: price(&bytes, venue, instrument),
                bidQuantity: bytes.rarely(4) ? .zero : lots(&bytes),
                ask: price(&bytes, venue, instrument),
                askQuantity: bytes.rarely(4) ? .zero : lots(&bytes)))
    }

    private static func label(_ bytes: inout ByteReader) -> Label {
        Label([UInt8(0x61 + bytes.place(in: 3))]) ?? Label()
    }

    private static func span(_ bytes: inout ByteReader) -> FixedPoint.Duration {
        FixedPoint.Duration(nanoseconds: bytes.choice(intervals) * 1_000_000)
    }

    @Sendable private static func amend(
        _ bytes: inout ByteReader, _ venue: FuzzVenue, _ account: AccountIdentifier
    ) -> Command {
        let order = order(&bytes, venue, account)
        let instrument = venue.instrument(of: account, bytes.place(in: 8))
        return .amend(
            AmendRequest(
                order: order, limit: price(&bytes, venue, instrument), remaining: lots(&bytes),
                postOnly: bytes.rarely(3)))
    }

    private static func lots(_ bytes: inout ByteReader) -> Quantity {
        let place = bytes.byte()
        if place >= 240 { return Quantity(lots: bytes.choice(extremes)) }
        return Quantity(lots: sizes[Int(place) % sizes.count])
    }

    private static func price(
        _ bytes: inout ByteReader, _ venue: FuzzVenue, _ instrument: InstrumentIdentifier
    ) -> Price {
        let place = bytes.byte()
        if place >= 240 { return Price(ticks: bytes.choice(extremes)) }
        let mark = venue.markTicks(instrument)
        return Price(ticks: max(1, mark + offsets[Int(place) % offsets.count] * mark / 100_000))
    }

    /// What may leave the account, a part of it, a micro-unit more, or a number that means harm.
    private static func amount(
        _ bytes: inout ByteReader, _ venue: FuzzVenue, _ account: AccountIdentifier
    ) -> Amount {
        let free =
            venue.ledger.accounts.account(account) == nil
            ? 0 : venue.ledger.withdrawable(account).units
        switch bytes.place(in: 8) {
        case 0: return Amount(microunits: free)
        case 1: return Amount(microunits: free &+ 1)
        case 2: return Amount(microunits: free / 2)
        case 3: return Amount(microunits: bytes.choice(extremes))
        case 4: return Amount(microunits: bytes.integer())
        default: return Amount(microunits: Int64(bytes.word()) * 100_001 + 1)
        }
    }

    /// An open order of the account, of its neighbour, or of nobody.
    private static func order(
        _ bytes: inout ByteReader, _ venue: FuzzVenue, _ account: AccountIdentifier
    ) -> OrderIdentifier {
        let place = bytes.byte()
        if place >= 240 { return OrderIdentifier(UInt64(bitPattern: bytes.choice(extremes))) }
        let owner = place >= 200 ? anyone(&bytes, venue) : account
        guard venue.ledger.accounts.account(owner) != nil else { return OrderIdentifier(1) }
        let orders = venue.ledger.openOrders(of: owner)
        guard !orders.isEmpty else { return OrderIdentifier(UInt64(place)) }
        return orders[Int(place) % orders.count].identifier
    }

    private static func anyone(
        _ bytes: inout ByteReader, _ venue: FuzzVenue
    ) -> AccountIdentifier {
        let place = bytes.byte()
        if place >= 248 { return AccountIdentifier(.max) }
        return AccountIdentifier(UInt32(Int(place) % (venue.ledger.accounts.accounts.count + 1)))
    }

    private static func instrument(_ bytes: inout ByteReader) -> InstrumentIdentifier {
        InstrumentIdentifier(UInt16(bytes.place(in: 4)))
    }

    /// The spot of the venue, most of the time.
    private static func asset(_ bytes: inout ByteReader) -> InstrumentIdentifier {
        bytes.rarely(8) ? instrument(&bytes) : FuzzGenesis.spot
    }

    private static func assetLots(_ bytes: inout ByteReader) -> Quantity {
        Quantity(lots: bytes.rarely(8) ? bytes.choice(extremes) : bytes.choice(sizes))
    }

    /// One of a few keys of either kind; half of the first are no points of the curve.
    private static func key(_ bytes: inout ByteReader) -> SignerKey {
        let number = bytes.place(in: 8)
        guard number < 4 else { return .ed25519(FuzzGenesis.key(number)) }
        return .ethereum(
            EthereumAddress([UInt8](repeating: UInt8(number), count: EthereumAddress.byteCount)))
    }

    /// One of a few places to withdraw to; zero is what withdrawals name.
    private static func address(_ bytes: inout ByteReader) -> Bytes32 {
        Bytes32([UInt8](repeating: UInt8(bytes.place(in: 20)), count: 32))
    }

    private static func compartment(_ bytes: inout ByteReader) -> CompartmentIdentifier {
        CompartmentIdentifier(UInt16(bytes.place(in: 3)))
    }
}
