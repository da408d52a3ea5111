/// Subscribing: who comes first makes a channel begin, gets its state, and then every message; who
/// comes back with the number of his last message gets what he has missed, or is told that it is
/// lost.

import Canonical
import FixedPoint
import JSON
import Ledger
import Catalogue

extension Gateway {
    /// Adds channels to a session, all or none.
    ///
    /// - Parameter resume: by channel, the number of the last message that the caller has.
    /// - Throws: 11052 for a channel that is none, and where messages to resume from are lost.
    func subscribe(
        _ call: Call, _ wanted: [String], resume: [JSON.Member]
    ) throws(APIError) -> [String] {
        guard let session = sessions[call.session] else { throw APIError(.webSocketOnly) }
        var topics: [(name: String, topic: ChannelTopic)] = []
        for name in wanted where !topics.contains(where: { $0.name == name }) {
            topics.append((name, try topic(name, call)))
        }
        let new = topics.filter { !session.channels.contains($0.name) }
        guard session.channels.count + new.count <= configuration.channelsPerSession else {
            throw APIError(.subscribeError, reason: "too many channels")
        }
        var missed: [String: [Frame]] = [:]
        for member in resume {
            guard let number = member.value.number?.integer, number >= 0,
                topics.contains(where: { $0.name == member.name })
            else { throw .parameter("resume", "must name a number for channels of the call") }
            guard let frames = hub.missed(member.name, since: UInt64(number)) else {
                throw APIError(
                    .subscribeError,
                    data: [
                        JSON.Member("reason", .string("messages_lost")),
                        JSON.Member("channel", .string(member.name)),
                    ])
            }
            missed[member.name] = frames
        }
        // Those that live first, so that none of them has to make room for a new one.
        let living = new.filter { hub.channels[$0.name] != nil }
        for (name, topic) in living + new.filter({ hub.channels[$0.name] == nil }) {
            if hub.open(name, topic, now: call.now) { begin(name, topic, call.ledger) }
            hub.subscribe(call.session, to: name)
            sessions[call.session]?.channels.append(name)
            if let frames = missed[name] {
                for frame in frames { actAfterAnswer(.send(call.session, frame)) }
            } else {
                greet(call.session, name, topic, call.ledger)
            }
        }
        return topics.map { $0.name }
    }

    /// Takes channels from a session; those that it does not have are left out of the result.
    func unsubscribe(_ call: Call, _ names: [String]) -> [String] {
        guard let session = sessions[call.session] else { return [] }
        let held = names.filter { session.channels.contains($0) }
        for name in held {
            hub.unsubscribe(call.session, from: name, now: call.now)
            sessions[call.session]?.channels.removeAll { $0 == name }
        }
        return held
    }

    private func topic(_ name: String, _ call: Call) throws(APIError) -> ChannelTopic {
        let topic = ChannelTopic(name, self) { instrument, group in
            self.ticks(group, of: instrument, call.ledger)
        }
        guard let topic else {
            throw APIError(
                .subscribeError,
                data: [
                    JSON.Member("reason", .string("unknown_channel")),
                    JSON.Member("channel", .string(name)),
                ])
        }
        return topic
    }

    /// The group of a book in ticks: a decimal of the price, written as short as can be, so that a
    /// channel has one name.
    private func ticks(
        _ group: String, of identifier: InstrumentIdentifier, _ ledger: Ledger
    ) -> Int64? {
        guard let instrument = ledger.catalogue.instrument(identifier) else { return nil }
        return Gateway.groups.first { ticks in
            let units = Int128(ticks) * Int128(instrument.tickSize.units)
            let text = JSON.Number(units, decimals: APIDecimals.price).text
            return group == (text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
        }
    }

    /// Ticks of a group.
    private static let groups: [Int64] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]

    /// Lets a channel remember what it starts from.
    private func begin(_ name: String, _ topic: ChannelTopic, _ ledger: Ledger) {
        switch topic {
        case .book(let instrument, _):
            hub.remember(name) { memory in
                memory.levels = BookLevels(instrument, of: ledger)
                memory.changeIdentifier = self.market.histories[Int(instrument.number)].bookHeight
            }
        case .incrementalTicker(let instrument):
            let fields = tickerFields(instrument, ledger)
            hub.remember(name) { $0.fields = fields }
        default:
            var writer = JSONWriter()
            guard write(topic, ledger, &writer) else { return }
            var top: BookLevels?
            if case .quote(let instrument) = topic {
                top = BookLevels(instrument, of: ledger, limit: 1)
            }
            hub.remember(name) { memory in
                memory.text = writer.bytes
                memory.levels = top
            }
        }
    }

    /// Tells a new subscriber how things are, under the number of the last message.
    private func greet(
        _ session: SessionIdentifier, _ name: String, _ topic: ChannelTopic, _ ledger: Ledger
    ) {
        guard let channel = hub.channels[name] else { return }
        let told = channel.told
        let frame: Frame? =
            switch topic {
            case .book(let instrument, _):
                told.levels.map { levels in
                    JSONWriter.message(name, sequence: channel.sequence) { writer in
                        self.writeBookSnapshot(
                            instrument, levels, told.changeIdentifier, ledger, &writer)
                    }
                }
            case .incrementalTicker:
                JSONWriter.message(name, sequence: channel.sequence) { writer in
                    writer.value(
                        .object([JSON.Member("type", .string("snapshot"))] + told.fields))
                }
            default:
                told.text.isEmpty
                    ? nil
                    : JSONWriter.message(name, sequence: channel.sequence) { $0.raw(told.text) }
            }
        if let frame { actAfterAnswer(.send(session, frame)) }
    }
}
