/// The commands that chance gives: mostly such that they succeed, sometimes such that nobody should
/// ever send them.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle

extension RandomVenue {
    func randomSend(_ count: Int) -> Send {
        switch integer(in: 0...39) {
        case 0...36:
            let account = pick(accounts)
            return Send(
                signer: .account(account),
                commands: (0..<count).map { _ in ownerCommand(of: account) })
        case 37...38:
            return Send(
                signer: .custodian, commands: (0..<count).map { _ in custodianCommand() })
        default:
            return Send(
                signer: .operator,
                commands: (0..<count).map { _ in
                    isNonsense()
                        ? custodianCommand()
                        : .setFeeTier(UInt16(integer(in: 0...3)), of: pick(accounts))
                })
        }
    }

    private func isNonsense() -> Bool { weather.hasNonsense && chance(1, in: 25) }

    /// A number that means harm.
    func extreme() -> Int64 {
        let most = Int64.max
        let wide: Int64 = 1 << 32
        let numbers: [Int64] = [
            0, 1, -1, most, .min, most - 1, -most, wide, -wide, 1 << 48, 1 << 56, 800_000, 800_001,
            100_000, 100_001,
        ]
        return pick(numbers)
    }

    private func custodianCommand() -> Command {
        if isNonsense() { return ownerCommand(of: pick(accounts)) }
        let amount = Amount(
            microunits: isNonsense()
                ? extreme() : integer(in: 1...weather.dollars / 20 * TestGenesis.million))
        switch integer(in: 0...5) {
        case 0:
            return .openAccount(
                owner: TestKeys.owner(Int(integer(in: 1...20))),
                compartment: CompartmentIdentifier(UInt16(integer(in: 0...2))))
        case 1:
            return .depositInsurance(
                amount, to: CompartmentIdentifier(UInt16(integer(in: 0...2))))
        default: return .deposit(amount, to: pick(accounts), reference: Bytes32())
        }
    }

    private func ownerCommand(of account: AccountIdentifier) -> Command {
        switch integer(in: 0...99) {
        case 0...59: return .place(placement(for: account))
        case 60...69: return .amend(amendment(for: account))
        case 70...79: return .cancel(someOrder(of: account))
        case 80...84:
            return .cancelClient(ClientOrderIdentifier(UInt64(integer(in: 0...12))))
        case 85...86:
            return .cancelAll(
                chance(1, in: 3) ? nil : InstrumentIdentifier(UInt16(integer(in: 0...3))))
        case 87...92: return .withdraw(someAmount(of: account), destination: Bytes32())
        case 93...98:
            let target = isNonsense() ? AccountIdentifier(.max) : pick(accounts)
            return .transfer(someAmount(of: account), to: target)
        default: return custodianCommand()
        }
    }

    private func someAmount(of account: AccountIdentifier) -> Amount {
        if isNonsense() { return Amount(microunits: extreme()) }
        let free = venue.ledger.withdrawable(account).units
        if chance(1, in: 3) { return Amount(microunits: free) }
        if chance(1, in: 10) { return Amount(microunits: free + 1) }
        return Amount(microunits: integer(in: 1...max(1, free / 4)))
    }

    /// An open order of the account, or of anyone, or of nobody.
    private func someOrder(of account: AccountIdentifier) -> OrderIdentifier {
        let owner = chance(1, in: 10) ? pick(accounts) : account
        let orders = venue.openOrders(owner)
        guard !orders.isEmpty, !isNonsense() else {
            return OrderIdentifier(UInt64(bitPattern: extreme()))
        }
        return pick(orders).identifier
    }

    private func placement(for account: AccountIdentifier) -> OrderRequest {
        let home = venue.ledger.accounts[account].compartment
        var instrument =
            home == TestGenesis.side
            ? TestGenesis.sideBitcoin : InstrumentIdentifier(UInt16(integer(in: 0...1)))
        if isNonsense() { instrument = InstrumentIdentifier(UInt16(integer(in: 0...4))) }
        let side: Side = chance(1, in: 2) ? .buy : .sell
        let isPostOnly = chance(1, in: 6)
        var request = OrderRequest(
            instrument: instrument, side: side,
            limit: chance(1, in: 10) && !isPostOnly ? nil : price(instrument, side, isPostOnly),
            quantity: Quantity(lots: isNonsense() ? extreme() : size()),
            postOnly: isPostOnly, reduceOnly: chance(1, in: 6),
            clientIdentifier: ClientOrderIdentifier(
                UInt64(chance(1, in: 3) ? integer(in: 1...12) : 0)))
        if !isPostOnly || isNonsense() {
            request.timeInForce = pick([
                .goodTillCancelled, .goodTillCancelled, .goodTillCancelled, .immediateOrCancel,
                .fillOrKill,
            ])
        }
        return request
    }

    private func size() -> Int64 {
        chance(1, in: 20)
            ? integer(in: 1...weather.largestOrder * 20) : integer(in: 1...weather.largestOrder)
    }

    /// A price near the mark; a post-only one on its own side of it.
    private func price(
        _ instrument: InstrumentIdentifier, _ side: Side, _ isPostOnly: Bool
    ) -> Price {
        if isNonsense() { return Price(ticks: extreme()) }
        let place = min(Int(instrument.number), 2)
        let tick = venue.ledger.catalogue.instruments[place].tickSize.units
        let mark = max(1, venue.ledger.prices[place].mark.units / tick)
        let reach = mark / (chance(1, in: 4) ? 40 : 400) + 1
        let offset = isPostOnly ? -side.sign * integer(in: 0...reach) : integer(in: -reach...reach)
        return Price(ticks: max(1, mark + offset))
    }

    private func amendment(for account: AccountIdentifier) -> AmendRequest {
        let identifier = someOrder(of: account)
        let order = venue.openOrders(account).first { $0.identifier == identifier }
        guard let order, !isNonsense() else {
            return AmendRequest(
                order: identifier, limit: Price(ticks: extreme()),
                remaining: Quantity(lots: extreme()), postOnly: chance(1, in: 2))
        }
        let remaining =
            chance(1, in: 2)
            ? integer(in: 1...order.remaining.lots) : integer(in: 1...weather.largestOrder)
        return AmendRequest(
            order: identifier,
            limit: chance(1, in: 3) ? order.price : price(order.instrument, order.side, false),
            remaining: Quantity(lots: remaining), postOnly: chance(1, in: 4))
    }
}
