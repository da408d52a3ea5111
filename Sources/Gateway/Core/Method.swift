/// A method of the API as one value: from it come the reading of its parameters, the right to call
/// it, its price, and its page in the reference.

package import JSON
package import Ledger
package import FixedPoint

/// What a credential may do; Deribit's words for the scopes of a token.
package enum Scope: String, CaseIterable, Sendable {
    case accountRead = "account:read"
    case accountWrite = "account:read_write"
    case tradeRead = "trade:read"
    case tradeWrite = "trade:read_write"
    case walletRead = "wallet:read"
    case walletWrite = "wallet:read_write"
}

/// Who may call a method.
package enum Access: Equatable, Sendable {
    case open
    /// A session or request that speaks for an account with this scope.
    case scoped(Scope)
}

/// Where a method may be called.
package enum Reach: Sendable {
    case everywhere
    /// Only where messages can follow.
    case webSocketOnly
}

/// What has become of a call.
package enum Completion: Sendable {
    /// The result is written.
    case done
    /// The answer follows when the block of this ticket is on disk, or the history has answered.
    case later(Ticket)
}

/// One method.
package struct Method: Sendable {
    /// Reads the parameters, writes the result.
    package typealias Handler =
        @Sendable (Gateway, Call, inout JSONWriter) throws(APIError) -> Completion

    /// With its folder: `public/ticker`.
    package let name: String
    package let access: Access
    package let reach: Reach
    /// Credits.
    package let cost: UInt64
    package let parameters: [Property]
    /// Parameters of Deribit's method that are refused by name: what they ask is not offered.
    package let unoffered: [String]
    package let result: Schema
    package let summary: String
    package let handler: Handler

    package init(
        _ name: String, access: Access = .open, reach: Reach = .everywhere, cost: UInt64 = 500,
        _ summary: String, _ parameters: [Property] = [], unoffered: [String] = [],
        result: Schema, handler: @escaping Handler
    ) {
        self.name = name
        self.access = access
        self.reach = reach
        self.cost = cost
        self.summary = summary
        self.parameters = parameters
        self.unoffered = unoffered
        self.result = result
        self.handler = handler
    }
}

/// One call of a method, with parameters of the right shape.
package struct Call {
    package let method: Method
    /// Valid while the call runs.
    package let ledger: Ledger
    package let now: Timestamp
    package let session: SessionIdentifier
    /// Whom it speaks for; there is one where the method asks for a scope.
    package let authority: Authority?
    /// Each of the method's own shape; those it does not know are left out.
    package let arguments: [String: JSON.Value]
}

extension Call {
    package func text(_ name: String) -> String? { arguments[name]?.text }
    package func integer(_ name: String) -> Int64? { arguments[name]?.number?.integer }
    package func number(_ name: String) -> JSON.Number? { arguments[name]?.number }
    package func boolean(_ name: String) -> Bool? { arguments[name]?.boolean }
    package func elements(_ name: String) -> [JSON.Value]? { arguments[name]?.elements }

    /// A text that the method requires.
    ///
    /// - Throws: the error of a parameter that is missing.
    package func requiredText(_ name: String) throws(APIError) -> String {
        guard let text = text(name) else { throw .parameter(name, "value required") }
        return text
    }

    /// A whole number that the method requires.
    ///
    /// - Throws: the error of a parameter that is missing.
    package func requiredInteger(_ name: String) throws(APIError) -> Int64 {
        guard let integer = integer(name) else { throw .parameter(name, "value required") }
        return integer
    }

    /// An instant given in milliseconds since 1970.
    package func instant(_ name: String) -> Timestamp? {
        integer(name).map { Timestamp(milliseconds: $0) }
    }
}

extension Method {
    /// The arguments that a call brings.
    ///
    /// - Throws: -32602 with the parameter and the reason.
    func arguments(of parameters: JSON.Value?) throws(APIError) -> [String: JSON.Value] {
        switch parameters {
        case nil, .null: return try arguments { _ in nil }
        case .object(let members):
            for member in members where unoffered.contains(member.name) {
                throw .parameter(member.name, "not offered")
            }
            return try arguments { name in members.first { $0.name == name }?.value }
        default: throw APIError(.invalidParams, reason: "params must be an object")
        }
    }

    /// The arguments of a query string.
    ///
    /// - Throws: -32602 with the parameter and the reason.
    func arguments(
        ofQuery query: String, _ parser: JSONParser
    ) throws(APIError) -> [String: JSON.Value] {
        guard let pairs = QueryString.pairs(query) else {
            throw APIError(.invalidParams, reason: "malformed query")
        }
        var members: [JSON.Member] = []
        for pair in pairs {
            guard let property = parameters.first(where: { $0.name == pair.name }) else {
                members.append(JSON.Member(pair.name, .string(pair.text)))
                continue
            }
            do throws(SchemaFault) {
                let value = try property.schema.value(ofText: pair.text, parser)
                members.append(JSON.Member(pair.name, value))
            } catch {
                throw .parameter(pair.name, error.reason)
            }
        }
        return try arguments(of: .object(members))
    }

    private func arguments(
        _ value: (String) -> JSON.Value?
    ) throws(APIError) -> [String: JSON.Value] {
        var arguments: [String: JSON.Value] = [:]
        for property in parameters {
            guard let given = value(property.name), !given.isNull else {
                guard !property.isRequired else {
                    throw .parameter(property.name, "value required")
                }
                continue
            }
            do throws(SchemaFault) {
                try property.schema.check(given)
            } catch {
                throw .parameter(property.name, error.reason)
            }
            arguments[property.name] = given
        }
        return arguments
    }
}

extension Timestamp {
    private static var nanosecondsPerMillisecond: UInt64 { 1_000_000 }
    private static var nanosecondsPerMicrosecond: UInt64 { 1_000 }

    /// So many milliseconds since 1970; the ends of time where that does not fit.
    package init(milliseconds: Int64) {
        let (product, overflow) = UInt64(max(milliseconds, 0))
            .multipliedReportingOverflow(by: Timestamp.nanosecondsPerMillisecond)
        self.init(nanoseconds: overflow ? .max : product)
    }

    /// Milliseconds since 1970.
    package var milliseconds: Int64 {
        Int64(clamping: nanoseconds / Timestamp.nanosecondsPerMillisecond)
    }

    /// Microseconds since 1970.
    package var microseconds: Int64 {
        Int64(clamping: nanoseconds / Timestamp.nanosecondsPerMicrosecond)
    }
}
