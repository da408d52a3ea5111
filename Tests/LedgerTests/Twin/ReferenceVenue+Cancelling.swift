/// Cancels, the fences that they put up against what was sent before them, and market-maker
/// protection.

import Canonical
import FixedPoint
@testable import Ledger
import Markets

extension ReferenceVenue {
    mutating func cancel(_ number: UInt64, by account: Int) throws(Refusal) {
        guard order(number, of: account) != nil else { throw .unknownOrder }
        close(number, .cancelled)
    }

    mutating func cancel(
        named name: UInt64, by account: Int, nonce: UInt64
    ) throws(Refusal) {
        guard name != 0 else { throw .unknownOrder }
        fences.append(ReferenceFence(account: account, nonce: nonce, reach: .name(name)))
        guard let order = order(named: name, of: account) else { throw .unknownOrder }
        close(order.number, .cancelled)
    }

    mutating func cancelAll(
        in instrument: InstrumentIdentifier?, quotesOnly: Bool, by account: Int, nonce: UInt64
    ) throws(Refusal) {
        let market = instrument.map { Int($0.number) }
        if let market, market >= markets.count { throw .unknownInstrument }
        fences.append(
            ReferenceFence(
                account: account, nonce: nonce,
                reach: quotesOnly ? .quotes(market: market) : .orders(market: market)))
        closeAll(.cancelled) { order in
            order.account == account && (market == nil || order.market == market)
                && (order.flags.isQuote || !quotesOnly)
        }
    }

    mutating func cancel(
        labelled label: Label, by account: Int, nonce: UInt64
    ) throws(Refusal) {
        guard !label.isEmpty else { throw .unknownOrder }
        fences.append(ReferenceFence(account: account, nonce: nonce, reach: .label(label)))
        closeAll(.cancelled) { $0.account == account && $0.label == label }
    }

    /// Whether a later cancel of the block speaks of a new order.
    func isVoid(_ request: OrderRequest, by account: Int, nonce: UInt64) -> Bool {
        isFenced(by: account, nonce: nonce) { reach in
            switch reach {
            case .name(let name): name == request.clientIdentifier.number
            case .label(let label): label == request.label
            case .orders(let market): market == nil || market == Int(request.instrument.number)
            case .quotes: false
            }
        }
    }

    /// Whether a later cancel of the block speaks of a quote.
    func isVoidQuote(in market: Int, by account: Int, nonce: UInt64) -> Bool {
        isFenced(by: account, nonce: nonce) { reach in
            switch reach {
            case .name, .label: false
            case .orders(let fenced), .quotes(let fenced): fenced == nil || fenced == market
            }
        }
    }

    private func isFenced(
        by account: Int, nonce: UInt64, _ speaks: (ReferenceFence.Reach) -> Bool
    ) -> Bool {
        guard mistake != .noFences else { return false }
        return fences.contains { fence in
            fence.account == account && fence.nonce > nonce && speaks(fence.reach)
        }
    }

    // Protection.

    mutating func setProtection(
        _ underlying: Int, window: UInt64, freeze: UInt64, limit: Int64, by account: Int
    ) throws(Refusal) {
        guard underlying < indexes.count else { throw .unknownUnderlying }
        guard limit >= 0, limit == 0 || window > 0 else { throw .protectionOutOfRange }
        let old = members[account].protections.first { $0.underlying == underlying }
        if let old, old.frozenUntil > now { throw .protectionTripped }
        members[account].protections.removeAll { $0.underlying == underlying }
        guard limit > 0 else { return }
        members[account].protections.append(
            ReferenceProtection(
                underlying: underlying, window: window, freeze: freeze, limit: limit))
    }

    mutating func resetProtection(_ underlying: Int, by account: Int) throws(Refusal) {
        guard underlying < indexes.count else { throw .unknownUnderlying }
        guard let place = place(ofProtection: underlying, of: account) else { throw .noProtection }
        let old = members[account].protections[place]
        members[account].protections[place] = ReferenceProtection(
            underlying: underlying, window: old.window, freeze: old.freeze, limit: old.limit)
    }

    private func place(ofProtection underlying: Int, of account: Int) -> Int? {
        members[account].protections.firstIndex { $0.underlying == underlying }
    }

    func protection(of account: Int, in market: Int) -> ReferenceProtection? {
        place(ofProtection: markets[market].underlying, of: account).map {
            members[account].protections[$0]
        }
    }

    /// That an account may send a protected order.
    func judgeProtection(of account: Int, in market: Int) throws(Refusal) {
        guard let found = protection(of: account, in: market) else { throw .noProtection }
        if found.frozenUntil > now { throw .protectionTripped }
    }

    /// The notional that an account's protected fills may reach before they trip its protection;
    /// nil without protection.
    func protectionRoom(of account: Int, in market: Int) -> Int64? {
        guard var found = protection(of: account, in: market) else { return nil }
        found.turn(now)
        return found.limit - found.newer - found.older
    }

    /// Counts the fill of a protected order; at the limit all protected orders of the underlying
    /// leave, and no new ones are taken for a while.
    mutating func countProtection(_ order: ReferenceOrder, _ notional: Int64) {
        let underlying = markets[order.market].underlying
        guard order.flags.isProtected,
            let place = place(ofProtection: underlying, of: order.account)
        else { return }
        var counted = members[order.account].protections[place]
        counted.turn(now)
        counted.newer += notional
        let older = mistake == .oneBucket ? 0 : counted.older
        let trips = counted.newer + older >= counted.limit
        if trips {
            counted.newer = 0
            counted.older = 0
            counted.frozenUntil = counted.freeze == 0 ? .max : now + counted.freeze
        }
        members[order.account].protections[place] = counted
        guard trips else { return }
        events.append(
            .protectionTripped(
                AccountIdentifier(UInt32(order.account)), UnderlyingIdentifier(UInt16(underlying))))
        // The one that trips it stops for that, whatever else its leaving brings about.
        if taking == order.number { stop = .protection }
        let markets = markets
        closeAll(.protection) { open in
            open.account == order.account && open.flags.isProtected
                && markets[open.market].underlying == underlying
        }
    }
}
