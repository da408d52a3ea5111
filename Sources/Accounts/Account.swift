/// A margin account: one owner's collateral and positions in one compartment. It holds primary
/// state only: no mark, no equity, no margin (DESIGN 4, "Leaves").

public import Canonical
public import FixedPoint

/// One margin account.
public struct Account: Equatable, Sendable {
    /// Whose it is: the key that it was opened for, which stays the name of its owner whatever keys
    /// sign for it later.
    public let owner: SignerKey
    public let compartment: CompartmentIdentifier
    /// Its place in the list of fee tiers.
    public internal(set) var feeTier: UInt16
    /// Settled collateral; negative is a debt.
    public internal(set) var cash: Amount
    /// Ascending by instrument; none is empty.
    public internal(set) var positions: [Position]
    /// Profits of the current and the last hour, which may not leave yet.
    public internal(set) var heldProfit: HeldProfit
    /// Equity at the start of this and of the last UTC day, moved along with deposits and
    /// withdrawals.
    public internal(set) var anchors: ProfitAnchors
    /// When the liquidation that is under way began.
    public internal(set) var liquidationStart: Timestamp?
    /// When the conversion of collateral that is under way began.
    public internal(set) var conversionStart: Timestamp?

    /// A new account without money.
    init(owner: SignerKey, compartment: CompartmentIdentifier) {
        self.owner = owner
        self.compartment = compartment
        feeTier = 0
        cash = .zero
        positions = []
        heldProfit = HeldProfit()
        anchors = ProfitAnchors()
        liquidationStart = nil
        conversionStart = nil
    }

    /// The place of an instrument's position, or where it would stand.
    @usableFromInline
    func search(_ instrument: InstrumentIdentifier) -> (place: Int, found: Bool) {
        var place = 0
        while place < positions.count, positions[place].instrument < instrument { place += 1 }
        return (place, place < positions.count && positions[place].instrument == instrument)
    }

    /// Lots held of an instrument; zero without a position.
    public func quantity(of instrument: InstrumentIdentifier) -> Quantity {
        let (place, found) = search(instrument)
        return found ? positions[place].quantity : .zero
    }
}

/// Realised profit, net of realised losses, waits one to two hours before it may be withdrawn
/// (`facts/risk.md`, attack 2: profit cashed through a third account). Two buckets of an hour are
/// enough to never release early.
public struct HeldProfit: Equatable, Sendable {
    /// Hours since 1970 of the current bucket.
    var hour: UInt64 = 0
    var current = Amount.zero
    var previous = Amount.zero

    /// What may not leave at this hour.
    public func held(at hour: UInt64) -> Amount {
        switch hour {
        case self.hour: max(.zero, current) + max(.zero, previous)
        case self.hour + 1: max(.zero, current)
        default: .zero
        }
    }

    /// Takes note of a realised profit or loss. Within a bucket they net, as they do in what could
    /// be carried off; a loss of one hour releases nothing of another.
    mutating func add(_ profit: Amount, at hour: UInt64) {
        if hour != self.hour {
            previous = hour == self.hour + 1 ? current : .zero
            current = .zero
            self.hour = hour
        }
        current += profit
    }
}

/// Two reference equities from which the profit of the last 24 to 48 hours follows. It is a matter
/// of the account, not of a position, so that closing and opening again hides nothing
/// (`facts/risk.md`, attack 10).
public struct ProfitAnchors: Equatable, Sendable {
    /// Equity when the current UTC day began.
    var today = Amount.zero
    /// Equity when the last UTC day began.
    var yesterday = Amount.zero

    /// What was earned since the last UTC day began, or since this one: the larger of the two, so
    /// that a loss of yesterday hides no profit of today.
    public func profit(equity: Amount) -> Amount { equity - min(today, yesterday) }

    mutating func turnDay(equity: Amount) {
        yesterday = today
        today = equity
    }

    mutating func move(by amount: Amount) {
        today += amount
        yesterday += amount
    }
}

extension Account: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(owner)
        encoder.append(compartment)
        encoder.append(feeTier)
        encoder.append(cash)
        encoder.append(positions)
        encoder.append(heldProfit.hour)
        encoder.append(heldProfit.current)
        encoder.append(heldProfit.previous)
        encoder.append(anchors.today)
        encoder.append(anchors.yesterday)
        encoder.append(liquidationStart != nil)
        if let liquidationStart { encoder.append(liquidationStart) }
        encoder.append(conversionStart != nil)
        if let conversionStart { encoder.append(conversionStart) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        owner = try decoder.value()
        compartment = try decoder.value()
        feeTier = try decoder.uint16()
        cash = try decoder.quantity()
        let start = decoder.offset
        positions = try decoder.list(limit: 1 << 16)
        for place in positions.indices.dropFirst()
        where positions[place].instrument <= positions[place - 1].instrument {
            throw DecodingFault(.outOfOrder, at: start)
        }
        heldProfit = HeldProfit(
            hour: try decoder.uint64(), current: try decoder.quantity(),
            previous: try decoder.quantity())
        anchors = ProfitAnchors(
            today: try decoder.quantity(), yesterday: try decoder.quantity())
        liquidationStart = try decoder.boolean() ? try decoder.timestamp() : nil
        conversionStart = try decoder.boolean() ? try decoder.timestamp() : nil
    }
}
