/// Methods about the connection itself: time, heartbeats, subscriptions.

import FixedPoint
import JSON
import Markets
import Canonical
import Catalogue
import Ledger

/// Names of Deribit.
enum SessionMethods {
    static let all: [Method] = [
        time, test, hello, status, setHeartbeat, disableHeartbeat, subscribe, unsubscribe,
        unsubscribeAll,
    ]

    /// Credits of a change of subscriptions, as on Deribit.
    static let subscriptionCost: UInt64 = 3_000

    static let channelNames = Schema.list(.text(1...256), 1...500)

    static let time = Method(
        "public/get_time", "The node's time in milliseconds since 1970.",
        result: .integer()
    ) { gateway, call, writer throws(APIError) in
        writer.integer(call.now.milliseconds)
        return .done
    }

    static let test = Method(
        "public/test", "Whether the node answers, and its version.",
        [.optional("expected_result", .text(), "`exception` asks for an error.")],
        result: .object([.required("version", .text())])
    ) { gateway, call, writer throws(APIError) in
        if call.text("expected_result") == "exception" {
            throw APIError(.error, reason: "as asked")
        }
        writer.value(.object([JSON.Member("version", .string(gateway.configuration.version))]))
        return .done
    }

    static let hello = Method(
        "public/hello", "Introduces a client.",
        [.required("client_name", .text()), .required("client_version", .text())],
        result: .object([.required("version", .text())])
    ) { gateway, call, writer throws(APIError) in
        writer.value(.object([JSON.Member("version", .string(gateway.configuration.version))]))
        return .done
    }

    static let status = Method(
        "public/status", "Which markets take no orders.",
        result: .object([
            .required("locked", .oneOf(["true", "partial", "false"])),
            .optional("locked_indices", .list(.text()), "Indexes whose markets are all halted."),
        ])
    ) { gateway, call, writer throws(APIError) in
        let ledger = call.ledger
        var isOpen = [Bool](repeating: false, count: ledger.catalogue.underlyings.count)
        var isKnown = isOpen
        for identifier in ledger.catalogue.live {
            let place = Int(
                ledger.catalogue.instruments[Int(identifier.number)].underlying.number)
            isKnown[place] = true
            if ledger.phases[Int(identifier.number)] != .halted { isOpen[place] = true }
        }
        let locked = isOpen.indices.filter { isKnown[$0] && !isOpen[$0] }
        let known = isKnown.count { $0 }
        writer.beginObject()
        writer.member(
            "locked", locked.isEmpty ? "false" : locked.count == known ? "true" : "partial")
        writer.name("locked_indices")
        writer.beginArray()
        for place in locked { writer.string(gateway.names.indexes[place]) }
        writer.endArray()
        writer.endObject()
        return .done
    }

    static let setHeartbeat = Method(
        "public/set_heartbeat", reach: .webSocketOnly,
        """
        Sends a heartbeat in every interval; a client that was silent for one gets `test_request`, \
        and is closed if it says nothing within another.
        """,
        [.required("interval", .integer(10...3_600), "Seconds.")], result: .oneOf(["ok"])
    ) { gateway, call, writer throws(APIError) in
        let seconds = UInt64(try call.requiredInteger("interval"))
        gateway.setHeartbeat(
            Heartbeat(interval: .seconds(seconds), lastHeard: call.now, lastSent: call.now),
            of: call.session)
        writer.string("ok")
        return .done
    }

    static let disableHeartbeat = Method(
        "public/disable_heartbeat", reach: .webSocketOnly, "Ends the heartbeat.",
        result: .oneOf(["ok"])
    ) { gateway, call, writer throws(APIError) in
        gateway.setHeartbeat(nil, of: call.session)
        writer.string("ok")
        return .done
    }

    static let subscribe = Method(
        "public/subscribe", reach: .webSocketOnly, cost: subscriptionCost,
        """
        Adds channels, all or none. With `resume` the messages since a number follow instead of \
        the state, or the call fails with 11052 and `messages_lost`.
        """,
        [
            .required("channels", channelNames),
            .optional(
                "resume", .map(.integer()), "By channel: the `sequence` of the last message."),
        ], result: .list(.text())
    ) { gateway, call, writer throws(APIError) in
        let names = (call.elements("channels") ?? []).compactMap { $0.text }
        let resume = call.arguments["resume"]?.members ?? []
        let channels = try gateway.subscribe(call, names, resume: resume)
        writer.value(.array(channels.map { .string($0) }))
        return .done
    }

    static let unsubscribe = Method(
        "public/unsubscribe", reach: .webSocketOnly,
        "Takes channels away; the result names those that were there.",
        [.required("channels", channelNames)], result: .list(.text())
    ) { gateway, call, writer throws(APIError) in
        let names = (call.elements("channels") ?? []).compactMap { $0.text }
        writer.value(.array(gateway.unsubscribe(call, names).map { .string($0) }))
        return .done
    }

    static let unsubscribeAll = Method(
        "public/unsubscribe_all", reach: .webSocketOnly, "Takes all channels away.",
        result: .oneOf(["ok"])
    ) { gateway, call, writer throws(APIError) in
        _ = gateway.unsubscribe(call, gateway.sessions[call.session]?.channels ?? [])
        writer.string("ok")
        return .done
    }
}

extension Gateway {
    func setHeartbeat(_ heartbeat: Heartbeat?, of session: SessionIdentifier) {
        sessions[session]?.heartbeat = heartbeat
    }
}
