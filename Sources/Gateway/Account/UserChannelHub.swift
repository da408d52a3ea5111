/// Who listens to what of which account. As with the public channels a message is made once for all
/// who listen, numbered without a gap, and kept for a while for those who come back.

import Canonical
import FixedPoint
import JSON

/// The name of a channel, and whose it is.
struct UserChannelKey: Hashable, Sendable {
    let account: UInt32
    let name: String
}

/// One user's channel that lives.
struct UserChannel: Sendable {
    let topic: UserChannelTopic
    fileprivate(set) var subscribers: [SessionIdentifier] = []
    fileprivate(set) var sequence: UInt64
    fileprivate var frames: Ring<Frame>
    fileprivate var idleSince: Timestamp?
    /// What has collected since the last message.
    var orders: [OrderIdentifier] = []
    var trades: [UserTrade] = []
    var lastSent = Timestamp.epoch
    /// The last text, of channels that speak only when it is another.
    var text: Frame = []
}

/// All users' channels that live.
struct UserChannelHub: Sendable {
    private(set) var channels: [UserChannelKey: UserChannel] = [:]
    /// By account: the names of its channels, in the order of their beginning.
    private(set) var names: [UInt32: [String]] = [:]
    private var held: [SessionIdentifier: [UserChannelKey]] = [:]

    /// The channels of a session.
    func channels(of session: SessionIdentifier) -> [String] {
        held[session, default: []].map(\.name)
    }

    /// Adds a session to a channel, which begins if it does not live.
    mutating func subscribe(
        _ session: SessionIdentifier, to key: UserChannelKey, _ topic: UserChannelTopic,
        _ configuration: GatewayConfiguration, now: Timestamp
    ) {
        if channels[key] == nil {
            channels[key] = UserChannel(
                topic: topic, sequence: UInt64(max(now.microseconds, 0)),
                frames: Ring(limit: configuration.resumeMessages))
            names[key.account, default: []].append(key.name)
        }
        guard channels[key]?.subscribers.contains(session) == false else { return }
        channels[key]?.subscribers.append(session)
        channels[key]?.idleSince = nil
        held[session, default: []].append(key)
    }

    /// Takes channels from a session.
    ///
    /// - Parameter wanted: nil takes all.
    /// - Returns: those that it had.
    mutating func unsubscribe(
        _ session: SessionIdentifier, from wanted: [String]? = nil, now: Timestamp
    ) -> [String] {
        var gone: [String] = []
        var kept: [UserChannelKey] = []
        for key in held[session, default: []] {
            guard wanted?.contains(key.name) ?? true else {
                kept.append(key)
                continue
            }
            gone.append(key.name)
            channels[key]?.subscribers.removeAll { $0 == session }
            if channels[key]?.subscribers.isEmpty == true { channels[key]?.idleSince = now }
        }
        held[session] = kept.isEmpty ? nil : kept
        return gone
    }

    /// Messages behind a number; nil where some are forgotten, or it is none of this channel's.
    func missed(_ key: UserChannelKey, since number: UInt64) -> [Frame]? {
        guard let channel = channels[key], number <= channel.sequence,
            channel.sequence - number <= UInt64(channel.frames.count)
        else { return nil }
        let missing = Int(channel.sequence - number)
        let count = channel.frames.count
        return (count - missing..<count).map { channel.frames[$0] }
    }

    /// Numbers and keeps a message.
    ///
    /// - Returns: the message and to whom it goes.
    mutating func message(
        _ key: UserChannelKey, now: Timestamp, _ data: (inout JSONWriter) -> Void
    ) -> (frame: Frame, subscribers: [SessionIdentifier])? {
        guard var channel = channels.removeValue(forKey: key) else { return nil }
        channel.sequence += 1
        channel.lastSent = now
        let frame = JSONWriter.message(key.name, sequence: channel.sequence, data)
        channel.frames.append(frame)
        channels[key] = channel
        return (frame, channel.subscribers)
    }

    /// Changes what a channel has collected.
    mutating func change(_ key: UserChannelKey, _ change: (inout UserChannel) -> Void) {
        guard var channel = channels.removeValue(forKey: key) else { return }
        change(&channel)
        channels[key] = channel
    }

    /// Forgets channels that nobody has listened to for long.
    mutating func forget(_ configuration: GatewayConfiguration, now: Timestamp) {
        for (key, channel) in channels {
            guard let since = channel.idleSince,
                now.elapsed(since: since) > configuration.resumeTime
            else { continue }
            channels[key] = nil
            names[key.account]?.removeAll { $0 == key.name }
            if names[key.account]?.isEmpty == true { names[key.account] = nil }
        }
    }
}
