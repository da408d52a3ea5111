/// How one listens to the channels of a user. They belong to the account of the caller; what is
/// asked for is given as a whole or not at all.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets

extension Gateway {
    /// `private/subscribe`: public channels and the caller's own, all or none.
    func subscribePrivately(
        _ call: Call, _ wanted: [String], resume: [JSON.Member]
    ) throws(APIError) -> [String] {
        let account = try book(of: call).account.number
        let own = wanted.filter { UserChannelTopic.isUsers($0) }
        let others = wanted.filter { !UserChannelTopic.isUsers($0) }
        var topics: [(key: UserChannelKey, topic: UserChannelTopic)] = []
        for name in own {
            guard let topic = UserChannelTopic(name, self) else {
                throw APIError(
                    .subscribeError,
                    data: [
                        JSON.Member("reason", .string("unknown channel")),
                        JSON.Member("channel", .string(name)),
                    ])
            }
            guard call.authority?.allows(topic.scope) ?? false else {
                throw APIError(.forbidden, reason: "needs the scope \(topic.scope.rawValue)")
            }
            topics.append((UserChannelKey(account: account, name: name), topic))
        }
        let held = desk.channels.channels(of: call.session)
        guard
            held.count + own.filter({ !held.contains($0) }).count
                <= configuration.channelsPerSession
        else { throw APIError(.subscribeError, reason: "too many channels") }
        let missed = try missed(resume, topics.map(\.key))
        if !others.isEmpty {
            let rest = resume.filter { !UserChannelTopic.isUsers($0.name) }
            _ = try subscribe(call, others, resume: rest)
        }
        for (key, topic) in topics {
            desk.channels.subscribe(
                call.session, to: key, topic, configuration, now: call.now)
            for frame in missed[key.name] ?? [] { actAfterAnswer(.send(call.session, frame)) }
            if case .portfolio = topic { tellPortfolio(key, call.ledger, now: call.now) }
        }
        return wanted
    }

    private func missed(
        _ resume: [JSON.Member], _ keys: [UserChannelKey]
    ) throws(APIError) -> [String: [Frame]] {
        var missed: [String: [Frame]] = [:]
        for member in resume where UserChannelTopic.isUsers(member.name) {
            guard let number = member.value.number?.integer, number >= 0,
                let key = keys.first(where: { $0.name == member.name })
            else { throw .parameter("resume", "must name a number for channels of the call") }
            guard let frames = desk.channels.missed(key, since: UInt64(number)) else {
                throw APIError(
                    .subscribeError,
                    data: [
                        JSON.Member("reason", .string("messages_lost")),
                        JSON.Member("channel", .string(member.name)),
                    ])
            }
            missed[member.name] = frames
        }
        return missed
    }

    /// `private/unsubscribe`.
    func unsubscribePrivately(_ call: Call, _ names: [String]) -> [String] {
        let own = desk.channels.unsubscribe(call.session, from: names, now: call.now)
        return own + unsubscribe(call, names.filter { !UserChannelTopic.isUsers($0) })
    }
}
