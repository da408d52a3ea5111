/// What an account's owner lets another key do: a scope, until a time, within limits. An agent
/// cannot give any command about keys, so it can never widen any of them (decisions 0012 and 0022).

public import Canonical
public import FixedPoint

/// What an agent may ask for. Raw values are never reused.
public enum AgentScope: UInt8, CaseIterable, Sendable {
    /// Orders, quotes, cancels, market-maker protection, and transfers to accounts of the same
    /// owner.
    case trade = 1
    /// Cancels alone.
    case cancel = 2
    /// Withdrawals to destinations on the allow-list that are in effect, and nothing else.
    case withdraw = 3
}

/// A key, what it may do, and until when.
public struct AgentGrant: Equatable, Sendable {
    public var key: SignerKey
    public var scope: AgentScope
    /// The last block time at which it may sign.
    public var expiry: Timestamp
    /// What binds its orders.
    public var limits: AgentLimits

    public init(
        key: SignerKey, scope: AgentScope, expiry: Timestamp, limits: AgentLimits = .standard
    ) {
        self.key = key
        self.scope = scope
        self.expiry = expiry
        self.limits = limits
    }
}

extension AgentScope: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(rawValue) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard let scope = AgentScope(rawValue: try decoder.byte()) else {
            throw DecodingFault(.unknownTag, at: start)
        }
        self = scope
    }
}

extension AgentGrant: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(key)
        encoder.append(scope)
        encoder.append(expiry)
        encoder.append(limits)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        key = try decoder.value()
        scope = try decoder.value()
        expiry = try decoder.timestamp()
        limits = try decoder.value()
    }
}
