/// Methods about the channels of a user.

import JSON
import Ledger

/// Names of Deribit.
enum UserChannelMethods {
    static let all: [Method] = [subscribe, unsubscribe, unsubscribeAll]

    static let subscribe = Method(
        "private/subscribe", access: .scoped(.accountRead), reach: .webSocketOnly,
        cost: SessionMethods.subscriptionCost,
        "As public/subscribe, with the channels of the caller's own account: user.orders, "
            + "user.trades, user.changes, user.portfolio, user.mmp_trigger, user.lock.",
        [
            .required("channels", SessionMethods.channelNames),
            .optional(
                "resume", .map(.integer()), "By channel: the `sequence` of the last message."),
            .optional("label", .text(0...64), "Of no effect."),
        ], result: .list(.text())
    ) { gateway, call, writer throws(APIError) in
        let names = (call.elements("channels") ?? []).compactMap { $0.text }
        let resume = call.arguments["resume"]?.members ?? []
        let channels = try gateway.subscribePrivately(call, names, resume: resume)
        writer.value(.array(channels.map { .string($0) }))
        return .done
    }

    static let unsubscribe = Method(
        "private/unsubscribe", access: .scoped(.accountRead), reach: .webSocketOnly,
        "Takes channels away; the result names those that were there.",
        [.required("channels", SessionMethods.channelNames)], result: .list(.text())
    ) { gateway, call, writer throws(APIError) in
        let names = (call.elements("channels") ?? []).compactMap { $0.text }
        let gone = gateway.unsubscribePrivately(call, names)
        writer.value(.array(gone.map { .string($0) }))
        return .done
    }

    static let unsubscribeAll = Method(
        "private/unsubscribe_all", access: .scoped(.accountRead), reach: .webSocketOnly,
        "Takes all channels away.", result: OrderShapes.done
    ) { gateway, call, writer throws(APIError) in
        _ = gateway.desk.channels.unsubscribe(call.session, now: call.now)
        _ = gateway.unsubscribe(call, gateway.sessions[call.session]?.channels ?? [])
        writer.string("ok")
        return .done
    }
}
