/// Who listens to what. A message is encoded once and goes to all subscribers of its channel; a
/// channel without subscribers goes on for a while, so that who comes back finds what he missed,
/// and then is forgotten and costs nothing.
///
/// 1. The messages of a channel are numbered without a gap while it lives; a number is never used
///    for two messages of a channel, also not across its lives: a life begins at the microseconds
///    since 1970.
/// 2. A subscriber gets every message after its subscription, in order.

import FixedPoint
import JSON

/// One channel that lives.
package struct Channel: Sendable {
    package let name: String
    package let topic: ChannelTopic
    package fileprivate(set) var subscribers: [SessionIdentifier] = []
    /// The number of the last message.
    package fileprivate(set) var sequence: UInt64
    /// The last messages, for those who come back.
    fileprivate var frames: Ring<Frame>
    /// Since when nobody listens; nil while somebody does.
    fileprivate var idleSince: Timestamp?
    /// What it has told so far: of a book its levels, of other channels what is collected.
    package var told = ChannelMemory()

    /// Messages behind a number; nil where some of them are forgotten, or it is no number of this
    /// channel's.
    fileprivate func frames(after number: UInt64) -> [Frame]? {
        guard number <= sequence, sequence - number <= UInt64(frames.count) else { return nil }
        let missing = Int(sequence - number)
        return (frames.count - missing..<frames.count).map { frames[$0] }
    }
}

/// All channels that live.
package struct ChannelHub: Sendable {
    private let configuration: GatewayConfiguration
    package private(set) var channels: [String: Channel] = [:]
    /// By what moves them: the names of channels that live.
    private(set) var index: [ChannelSource: [String]] = [:]
    /// Those that nobody listens to, the longest first.
    private var idle: [String] = []

    init(_ configuration: GatewayConfiguration) { self.configuration = configuration }

    /// Whether any channel lives that this moves.
    func isHeard(_ source: ChannelSource) -> Bool { index[source] != nil }

    /// Begins a channel, unless it lives.
    ///
    /// - Returns: whether it is new.
    mutating func open(_ name: String, _ topic: ChannelTopic, now: Timestamp) -> Bool {
        guard channels[name] == nil else { return false }
        var channel = Channel(
            name: name, topic: topic, sequence: UInt64(max(now.microseconds, 0)),
            frames: Ring(limit: configuration.resumeMessages))
        channel.idleSince = now
        channels[name] = channel
        index[topic.source, default: []].append(name)
        rest(name)
        return true
    }

    /// Notes that nobody listens, and lets the one go that has rested longest where there are too
    /// many: so that who subscribes and leaves costs bounded work.
    private mutating func rest(_ name: String) {
        idle.append(name)
        if idle.count > configuration.idleChannels { remove(idle[0]) }
    }

    private mutating func remove(_ name: String) {
        guard let channel = channels.removeValue(forKey: name) else { return }
        idle.removeAll { $0 == name }
        index[channel.topic.source]?.removeAll { $0 == name }
        if index[channel.topic.source]?.isEmpty == true { index[channel.topic.source] = nil }
    }

    mutating func subscribe(_ session: SessionIdentifier, to name: String) {
        guard channels[name]?.subscribers.contains(session) == false else { return }
        channels[name]?.subscribers.append(session)
        if channels[name]?.idleSince != nil { idle.removeAll { $0 == name } }
        channels[name]?.idleSince = nil
    }

    mutating func unsubscribe(
        _ session: SessionIdentifier, from name: String, now: Timestamp
    ) {
        guard let place = channels[name]?.subscribers.firstIndex(of: session) else { return }
        channels[name]?.subscribers.remove(at: place)
        guard channels[name]?.subscribers.isEmpty == true else { return }
        channels[name]?.idleSince = now
        rest(name)
    }

    /// What a subscriber has missed since a message; nil where that is not known any more.
    func missed(_ name: String, since number: UInt64) -> [Frame]? {
        channels[name]?.frames(after: number)
    }

    /// Numbers and remembers a message.
    ///
    /// - Parameter data: writes the field `data`.
    /// - Returns: the message and to whom it goes.
    mutating func message(
        _ name: String, _ data: (inout JSONWriter) -> Void
    ) -> (frame: Frame, subscribers: [SessionIdentifier])? {
        guard var channel = channels.removeValue(forKey: name) else { return nil }
        channel.sequence += 1
        let frame = JSONWriter.message(name, sequence: channel.sequence, data)
        channel.frames.append(frame)
        let subscribers = channel.subscribers
        channels[name] = channel
        return (frame, subscribers)
    }

    /// Changes what a channel has told.
    mutating func remember(_ name: String, _ change: (inout ChannelMemory) -> Void) {
        guard var channel = channels.removeValue(forKey: name) else { return }
        change(&channel.told)
        channels[name] = channel
    }

    /// Forgets channels that nobody has listened to for long.
    mutating func forget(now: Timestamp) {
        while let name = idle.first, let since = channels[name]?.idleSince,
            now.elapsed(since: since) > configuration.resumeTime
        {
            remove(name)
        }
    }
}
