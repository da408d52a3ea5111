/// When users' channels speak: with the block that changes their account, or, where they collect,
/// when their time has come.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets

extension Gateway {
    /// Tells what the last block changed.
    func announceAccounts(ledger: Ledger, now: Timestamp) {
        for account in desk.records.changed {
            guard let names = desk.channels.names[account.number],
                let book = desk.records[account]
            else { continue }
            for name in names {
                follow(UserChannelKey(account: account.number, name: name), book, ledger, now)
            }
        }
    }

    private func follow(
        _ key: UserChannelKey, _ book: AccountBook, _ ledger: Ledger, _ now: Timestamp
    ) {
        guard let topic = desk.channels.channels[key]?.topic else { return }
        switch topic {
        case .portfolio: tellPortfolio(key, ledger, now: now)
        case .protection(let underlying):
            guard book.changes.trips.contains(underlying) else { return }
            emit(key, now) { writer in
                writer.beginObject()
                writer.put("index_name", self.names.indexes[Int(underlying.number)])
                writer.put("mmp_group", "default")
                let protection = ledger.protections(of: book.account)
                    .first { $0.underlying == underlying }
                let end = protection.map { $0.freeze == .zero ? nil : $0.frozenUntil } ?? nil
                writer.put("frozen_until", end?.milliseconds ?? 0)
                writer.endObject()
            }
        case .lock: tellLock(key, ledger, now: now)
        case .orders, .trades, .changes: collect(key, topic, book, ledger, now)
        }
    }

    private func collect(
        _ key: UserChannelKey, _ topic: UserChannelTopic, _ book: AccountBook, _ ledger: Ledger,
        _ now: Timestamp
    ) {
        guard let selection = topic.selection else { return }
        let orders = book.changes.orders.filter { order in
            book[order].map { selection.contains($0.instrument, self, ledger) } ?? false
        }
        let trades = book.changes.trades.filter {
            selection.contains($0.instrument, self, ledger)
        }
        guard !orders.isEmpty || !trades.isEmpty else { return }
        desk.channels.change(key) { channel in
            channel.orders += orders.filter { !channel.orders.contains($0) }
            channel.trades += trades
        }
        speak(key, ledger, now: now)
    }

    /// Tells what has collected, if its time has come.
    private func speak(_ key: UserChannelKey, _ ledger: Ledger, now: Timestamp) {
        guard let channel = desk.channels.channels[key],
            !channel.orders.isEmpty || !channel.trades.isEmpty,
            let book = desk.records[AccountIdentifier(key.account)]
        else { return }
        if let interval = channel.topic.pace.interval,
            now.elapsed(since: channel.lastSent) < interval
        {
            return
        }
        let entries = channel.orders.compactMap { book[$0] }
        desk.channels.change(key) { channel in
            channel.orders = []
            channel.trades = []
        }
        switch channel.topic {
        case .orders(_, .raw):
            for entry in entries {
                emit(key, now) { self.write(entry, ledger, to: &$0) }
            }
        case .orders:
            guard !entries.isEmpty else { return }
            emit(key, now) { writer in
                writer.beginArray()
                for entry in entries { self.write(entry, ledger, to: &writer) }
                writer.endArray()
            }
        case .trades:
            guard !channel.trades.isEmpty else { return }
            emit(key, now) { self.write(channel.trades, of: book, ledger, to: &$0) }
        default: tellChanges(key, entries, channel.trades, book, ledger, now)
        }
    }

    /// One message for each instrument.
    private func tellChanges(
        _ key: UserChannelKey, _ entries: [OrderEntry], _ trades: [UserTrade],
        _ book: AccountBook, _ ledger: Ledger, _ now: Timestamp
    ) {
        let touched = Set(entries.map(\.instrument.number) + trades.map(\.instrument.number))
        for number in touched.sorted() {
            let identifier = InstrumentIdentifier(number)
            emit(key, now) { writer in
                writer.beginObject()
                writer.put("instrument_name", self.names[identifier])
                writer.name("orders")
                writer.beginArray()
                for entry in entries where entry.instrument == identifier {
                    self.write(entry, ledger, to: &writer)
                }
                writer.endArray()
                writer.name("trades")
                self.write(
                    trades.filter { $0.instrument == identifier }, of: book, ledger, to: &writer)
                writer.name("positions")
                writer.beginArray()
                for position in ledger.accounts[book.account].positions
                where position.instrument == identifier {
                    writer.position(
                        PositionFigures(position, of: book.account, ledger),
                        RealisedToday(book, at: now) { $0 == identifier },
                        self.face(of: identifier, ledger))
                }
                writer.endArray()
                writer.endObject()
            }
        }
    }

    private func write(
        _ trades: [UserTrade], of book: AccountBook, _ ledger: Ledger,
        to writer: inout JSONWriter
    ) {
        writer.beginArray()
        for trade in trades { write(trade, of: book, ledger, to: &writer) }
        writer.endArray()
    }

    // Portfolio and lock: told when they are others than last.

    func tellPortfolio(_ key: UserChannelKey, _ ledger: Ledger, now: Timestamp) {
        guard case .portfolio(let currency) = desk.channels.channels[key]?.topic,
            let book = desk.records[AccountIdentifier(key.account)]
        else { return }
        var writer = JSONWriter()
        writer.beginObject()
        writeFields(of: currency, book, ledger, now, &writer)
        writer.endObject()
        tell(key, writer.bytes, now)
    }

    private func tellLock(_ key: UserChannelKey, _ ledger: Ledger, now: Timestamp) {
        let account = AccountIdentifier(key.account)
        let isLocked =
            ledger.accounts.liquidationStart(of: account) != nil
            || ledger.accounts.conversionStart(of: account) != nil
        var writer = JSONWriter()
        writer.beginObject()
        writer.put("currency", currencies(of: account, ledger)[0])
        writer.put("locked", isLocked)
        writer.endObject()
        tell(key, writer.bytes, now)
    }

    private func tell(_ key: UserChannelKey, _ text: Frame, _ now: Timestamp) {
        guard desk.channels.channels[key]?.text != text else { return }
        desk.channels.change(key) { $0.text = text }
        emit(key, now) { $0.raw(text) }
    }

    private func emit(
        _ key: UserChannelKey, _ now: Timestamp, _ data: (inout JSONWriter) -> Void
    ) {
        guard let message = desk.channels.message(key, now: now, data),
            !message.subscribers.isEmpty
        else { return }
        act(.broadcast(message.subscribers, message.frame))
    }

    /// To be called as often as `tick`.
    func flushUserChannels(ledger: Ledger, now: Timestamp) {
        for (account, names) in desk.channels.names {
            for name in names {
                let key = UserChannelKey(account: account, name: name)
                guard let channel = desk.channels.channels[key] else { continue }
                switch channel.topic {
                case .portfolio:
                    // Prices move it too.
                    if now.elapsed(since: channel.lastSent) >= .seconds(1) {
                        tellPortfolio(key, ledger, now: now)
                    }
                case .lock: tellLock(key, ledger, now: now)
                default: speak(key, ledger, now: now)
                }
            }
        }
        desk.channels.forget(configuration, now: now)
    }
}
