/// Errors as Deribit numbers and names them, with what the caller needs to correct himself.
/// Source: docs.deribit.com, "JSON-RPC and RPC error codes".

package import FixedPoint
package import JSON

/// A number and its name.
package struct ErrorCode: Equatable, Sendable {
    package let number: Int
    package let message: String
    /// The status of the answer over HTTP.
    package let status: UInt16

    init(_ number: Int, _ message: String, status: UInt16 = 400) {
        self.number = number
        self.message = message
        self.status = status
    }

    package static let parseError = ErrorCode(-32_700, "Parse error")
    package static let invalidRequest = ErrorCode(-32_600, "Invalid Request")
    package static let methodNotFound = ErrorCode(-32_601, "Method not found", status: 404)
    package static let invalidParams = ErrorCode(-32_602, "Invalid params")

    package static let authorizationRequired = ErrorCode(
        10_000, "authorization_required", status: 401)
    package static let error = ErrorCode(10_001, "error")
    package static let quantityTooLow = ErrorCode(10_002, "qty_too_low")
    package static let orderOverlap = ErrorCode(10_003, "order_overlap")
    package static let orderNotFound = ErrorCode(10_004, "order_not_found")
    package static let priceTooLow = ErrorCode(10_005, "price_too_low")
    package static let priceTooHigh = ErrorCode(10_007, "price_too_high")
    package static let notEnoughFunds = ErrorCode(10_009, "not_enough_funds")
    package static let alreadyClosed = ErrorCode(10_010, "already_closed")
    package static let priceNotAllowed = ErrorCode(10_011, "price_not_allowed")
    package static let bookClosed = ErrorCode(10_012, "book_closed")
    package static let tooManyOpenOrders = ErrorCode(10_013, "pme_max_total_open_orders")
    package static let positionLimit = ErrorCode(10_018, "non_pme_max_future_position_size")
    package static let lockedByAdmin = ErrorCode(10_019, "locked_by_admin")
    package static let invalidAmount = ErrorCode(10_021, "invalid_amount")
    package static let invalidPrice = ErrorCode(10_023, "invalid_price")
    package static let invalidMaxShow = ErrorCode(10_024, "invalid_max_show")
    package static let tooManyRequests = ErrorCode(10_028, "too_many_requests", status: 429)
    package static let notOwnerOfOrder = ErrorCode(10_029, "not_owner_of_order")
    package static let webSocketOnly = ErrorCode(10_030, "must_be_websocket_request")
    package static let notImplemented = ErrorCode(10_033, "not_implemented")
    package static let retry = ErrorCode(10_040, "retry", status: 503)
    package static let settlementInProgress = ErrorCode(10_041, "settlement_in_progress")
    package static let priceWrongTick = ErrorCode(10_043, "price_wrong_tick")
    package static let triggerWrongTick = ErrorCode(10_044, "stop_price_wrong_tick")
    package static let queueFull = ErrorCode(10_047, "matching_engine_queue_full", status: 503)
    package static let notOnThisServer = ErrorCode(10_048, "not_on_this_server")
    package static let invalidArguments = ErrorCode(11_029, "invalid_arguments")
    package static let otherReject = ErrorCode(11_030, "other_reject")
    package static let permissionDenied = ErrorCode(11_042, "permission_denied", status: 403)
    package static let badArgument = ErrorCode(11_043, "bad_argument")
    package static let notOpenOrder = ErrorCode(11_044, "not_open_order")
    package static let unsupportedCombination = ErrorCode(11_047, "unsupported_arg_combination")
    package static let badRequest = ErrorCode(11_050, "bad_request")
    package static let maintenance = ErrorCode(11_051, "system_maintenance", status: 503)
    package static let subscribeError = ErrorCode(11_052, "subscribe_error_unsubscribed")
    package static let postOnlyReject = ErrorCode(11_054, "post_only_reject")
    package static let transferNotAllowed = ErrorCode(12_100, "transfer_not_allowed")
    package static let invalidCredentials = ErrorCode(13_004, "invalid_credentials", status: 401)
    package static let unauthorized = ErrorCode(13_009, "unauthorized", status: 401)
    package static let notFound = ErrorCode(13_020, "not_found")
    package static let forbidden = ErrorCode(13_021, "forbidden", status: 403)
    package static let unavailable = ErrorCode(13_028, "temporarily_unavailable", status: 503)
}

/// An error that a caller gets.
package struct APIError: Error, Equatable, Sendable {
    package let code: ErrorCode
    /// What else there is to say; the field `data`.
    package let data: [JSON.Member]

    package init(_ code: ErrorCode, data: [JSON.Member] = []) {
        self.code = code
        self.data = data
    }

    /// With the reason in words.
    package init(_ code: ErrorCode, reason: String) {
        self.init(code, data: [JSON.Member("reason", .string(reason))])
    }

    /// A parameter is not as it must be.
    package static func parameter(_ name: String, _ reason: String) -> APIError {
        APIError(
            .invalidParams,
            data: [
                JSON.Member("reason", .string(reason)), JSON.Member("param", .string(name)),
            ])
    }

    /// Try again after a time.
    package static func wait(_ code: ErrorCode, _ time: Duration) -> APIError {
        let (whole, rest) = time.nanoseconds.quotientAndRemainder(
            dividingBy: nanosecondsPerMillisecond)
        let milliseconds = whole + (rest > 0 ? 1 : 0)
        return APIError(
            code,
            data: [
                JSON.Member("wait", .number(JSON.Number(Int64(clamping: milliseconds))))
            ])
    }

    private static let nanosecondsPerMillisecond: UInt64 = 1_000_000
    private static let millisecondsPerSecond: Int64 = 1_000

    /// When to try again, in whole seconds; nil where that does not help.
    var retryAfter: UInt64? {
        guard let wait = JSON.Value.object(data)["wait"]?.number?.integer else { return nil }
        return UInt64(max(wait, 0) / APIError.millisecondsPerSecond + 1)
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("code")
        writer.integer(code.number)
        writer.name("message")
        writer.string(code.message)
        if !data.isEmpty {
            writer.name("data")
            writer.value(.object(data))
        }
        writer.endObject()
    }
}
