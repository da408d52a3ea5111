/// The state machine of one breaker: which triggers hold it, how high, and until when. It knows
/// neither prices nor money; readings come in, changes go out.
///
/// Definitions. A trigger is *live* while its reading is at or above the threshold, and *clear*
/// while it is below the clearing value, which is lower. A *hold* is what a trigger left behind.
///
///     (none) ──take: live──▶ held ──take: clear for the cooling time──▶ (none)
///                            │  ▲  └─removeExpired: not renewed until its end──▶ (none)
///                            └──┘ take: live again renews the end
///
/// Invariants
/// 1. The level is the highest of the holds, and never below what a live trigger demands.
/// 2. A trigger has at most one hold; holds ascend by trigger.
/// 3. A hold ends at most one expiry after the last time its trigger was live.

public import Canonical
public import FixedPoint

/// How long the holds of a trigger last.
public struct HoldTerms: Equatable, Sendable {
    /// How long the trigger must be clear.
    public let cooling: Duration
    /// After this time without renewal a hold ends by itself.
    public let expiry: Duration

    public init(cooling: Duration, expiry: Duration) {
        self.cooling = cooling
        self.expiry = expiry
    }
}

/// What a trigger left behind.
public struct BreakerHold: Equatable, Sendable {
    public let trigger: BreakerTrigger
    public internal(set) var level: MarketLevel
    /// When it ends unless it is renewed.
    public internal(set) var until: Timestamp
    /// Since when the trigger has been clear; nil while it is not.
    public internal(set) var clearSince: Timestamp?
}

/// What became of a hold.
public enum BreakerChange: UInt8, CaseIterable, Sendable {
    /// The trigger went live.
    case tripped = 0
    /// The trigger was clear for the cooling time.
    case cooled = 1
    /// The trigger was not renewed.
    case expired = 2
    /// The guardian raised the level or moved its end.
    case raised = 3
}

/// Which triggers hold a market, an underlying or a compartment.
public struct Breaker: Equatable, Sendable {
    /// Ascending by trigger.
    public private(set) var holds: [BreakerHold] = []

    public init() {}

    /// Whether nothing holds it.
    public var isIdle: Bool { holds.isEmpty }

    /// The highest of all holds.
    public var level: MarketLevel {
        var level = MarketLevel.normal
        for hold in holds where hold.level > level { level = hold.level }
        return level
    }

    /// The hold of a trigger.
    public func hold(of trigger: BreakerTrigger) -> BreakerHold? {
        holds.first { $0.trigger == trigger }
    }

    /// Takes a reading.
    ///
    /// - Returns: what became of the trigger's hold; nil where it is as it was, but for its end.
    public mutating func take(
        _ reading: BreakerReading, _ terms: HoldTerms, at now: Timestamp
    ) -> BreakerChange? {
        if holds.isEmpty, !reading.isTripped { return nil }
        let place = self.place(of: reading.trigger)
        let isHeld = place < holds.count && holds[place].trigger == reading.trigger
        if reading.isTripped {
            let until = now.advanced(by: terms.expiry)
            if isHeld {
                holds[place].until = max(holds[place].until, until)
                holds[place].clearSince = nil
                return nil
            }
            holds.insert(
                BreakerHold(
                    trigger: reading.trigger, level: reading.trigger.level, until: until),
                at: place)
            return .tripped
        }
        guard isHeld else { return nil }
        guard reading.isClear else {
            if reading.measured != nil { holds[place].clearSince = nil }
            return nil
        }
        guard let since = holds[place].clearSince else {
            holds[place].clearSince = now
            return nil
        }
        guard now.elapsed(since: since) >= terms.cooling else { return nil }
        holds.remove(at: place)
        return .cooled
    }

    /// Raises the guardian's level, or moves its end; neither ever goes down.
    ///
    /// - Returns: false where nothing would be higher or later.
    public mutating func raise(to level: MarketLevel, until: Timestamp) -> Bool {
        let place = self.place(of: .guardian)
        guard place < holds.count, holds[place].trigger == .guardian else {
            holds.insert(BreakerHold(trigger: .guardian, level: level, until: until), at: place)
            return true
        }
        let old = holds[place]
        guard level > old.level || until > old.until else { return false }
        holds[place].level = max(old.level, level)
        holds[place].until = max(old.until, until)
        return true
    }

    /// Takes out a hold whose end has come; nil when there is none left.
    public mutating func removeExpired(at now: Timestamp) -> BreakerHold? {
        guard let place = holds.firstIndex(where: { $0.until <= now }) else { return nil }
        return holds.remove(at: place)
    }

    private func place(of trigger: BreakerTrigger) -> Int {
        var place = 0
        while place < holds.count, holds[place].trigger.rawValue < trigger.rawValue { place += 1 }
        return place
    }
}

extension BreakerHold: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(trigger)
        encoder.append(level)
        encoder.append(until)
        encoder.append(clearSince != nil)
        if let clearSince { encoder.append(clearSince) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        trigger = try decoder.value()
        let start = decoder.offset
        level = try decoder.value()
        let isPlausible = trigger == .guardian ? level > .normal : level == trigger.level
        guard isPlausible else { throw DecodingFault(.outOfRange, at: start) }
        until = try decoder.timestamp()
        clearSince = try decoder.boolean() ? try decoder.timestamp() : nil
    }
}

extension Breaker: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(holds) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        holds = try decoder.list(limit: BreakerTrigger.allCases.count)
        for place in holds.indices.dropFirst()
        where holds[place].trigger.rawValue <= holds[place - 1].trigger.rawValue {
            throw DecodingFault(.outOfOrder, at: start)
        }
    }
}

extension BreakerChange: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(rawValue) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard let change = BreakerChange(rawValue: try decoder.byte()) else {
            throw DecodingFault(.unknownTag, at: start)
        }
        self = change
    }
}
