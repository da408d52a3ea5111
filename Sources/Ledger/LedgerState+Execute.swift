/// Stage 4: the commands, in three classes (DESIGN 4). First cancels, amendments and quotes that
/// only shrink or move away, orders that will wait for a trigger, and everything else that cannot
/// trade; then, after the orders whose trigger is met, those that may take; then post-only orders
/// and quotes. So quotes can be pulled before they are hit, and nobody requotes against a taker
/// already seen. Within a class the block's order stands.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import Markets

/// When a command runs.
enum CommandClass {
    case first, taking, postOnly
}

/// The context of a command: who gives it, under which nonce, and where the order was that it names
/// when it was classified.
struct CommandContext {
    let signer: Signer
    let nonce: UInt64
    /// Of the transaction.
    let expiry: Timestamp
    var slot = OrderRecord.none

    /// Where among the account's signers, and under which nonce, it was sent.
    var stamp: NonceStamp {
        NonceStamp(signer: signer.accountSigner?.place ?? 0, nonce: nonce)
    }
}

/// What the commands of a block leave behind while they run.
struct Execution {
    /// A command that does not run in the first class: its context, its place in the checked block,
    /// and its receipt's.
    struct Waiting {
        let context: CommandContext
        let command: Int32
        let receipt: Int32
    }

    /// In the order of transactions and commands.
    var receipts: [Receipt] = []
    /// In the order of the block.
    var taking: [Waiting] = []
    /// In the order of the block.
    var postOnly: [Waiting] = []

    /// Forgets the block and keeps the room.
    mutating func removeAll() {
        receipts.removeAll(keepingCapacity: true)
        taking.removeAll(keepingCapacity: true)
        postOnly.removeAll(keepingCapacity: true)
    }
}

extension LedgerState {
    /// Stage 4. Leaves a receipt for each command, or for each transaction that was refused as a
    /// whole.
    ///
    /// A command is classified once, when its turn in the first class comes, by what the block has
    /// done so far. One that waits runs in the class it waits for, whatever becomes of its order.
    mutating func execute(verdicts: [Bool]) {
        fences.clear()
        changedSigners.removeAll(keepingCapacity: true)
        let candidates = checked.candidates
        let commands = checked.commands
        // Taken out while it is filled: what fills it changes the rest of the state.
        var filled = Execution()
        swap(&filled, &execution)
        filled.removeAll()
        for place in candidates.indices {
            do throws(Refusal) {
                try admit(candidates[place], verdicts: verdicts)
                runFirst(candidates[place], place, commands, into: &filled)
            } catch {
                filled.receipts.append(
                    Receipt(transaction: UInt32(place), command: nil, refusal: error))
            }
        }
        runTriggers()
        run(filled.taking, commands, into: &filled.receipts)
        run(filled.postOnly, commands, into: &filled.receipts)
        swap(&filled, &execution)
    }

    /// Repeats every check that admission makes, in order of precedence, and uses up the nonce.
    private mutating func admit(
        _ candidate: CheckedBlock.Candidate, verdicts: [Bool]
    ) throws(Refusal) {
        switch candidate {
        case .refused(let refusal): throw refusal
        case .decoded(let header, let commands, let statement):
            guard verdicts[statement] else { throw .badSignature }
            guard !isKeyChanged(header.signer) else { throw .keyChanged }
            try checkTimeAndNonce(of: header, at: facts.time)
            guard !commands.isEmpty else { throw .emptyBatch }
            useNonce(header.nonce, of: header.signer)
        }
    }

    /// Runs the commands of an admitted transaction that belong to the first class, lists the
    /// others, and makes a receipt for each.
    private mutating func runFirst(
        _ candidate: CheckedBlock.Candidate, _ place: Int, _ commands: CommandList,
        into execution: inout Execution
    ) {
        guard case .decoded(let header, let range, _) = candidate else { return }
        var context = CommandContext(
            signer: header.signer, nonce: header.nonce, expiry: header.expiry)
        for index in range {
            let receipt = execution.receipts.count
            execution.receipts.append(
                Receipt(
                    transaction: UInt32(truncatingIfNeeded: place),
                    command: UInt16(truncatingIfNeeded: index - range.lowerBound), refusal: nil))
            var turn: CommandClass
            (turn, context.slot) = commandClass(of: commands, index, context)
            if !genesis.safeguards.isOn(.commandClasses) { turn = .first }
            let waiting = Execution.Waiting(
                context: context, command: Int32(truncatingIfNeeded: index),
                receipt: Int32(truncatingIfNeeded: receipt))
            switch turn {
            case .first: run(commands, index, context, into: &execution.receipts[receipt])
            case .taking: execution.taking.append(waiting)
            case .postOnly: execution.postOnly.append(waiting)
            }
        }
    }

    /// Runs commands that have waited for their class.
    private mutating func run(
        _ list: [Execution.Waiting], _ commands: CommandList, into receipts: inout [Receipt]
    ) {
        for place in list.indices {
            run(
                commands, Int(list[place].command), list[place].context,
                into: &receipts[Int(list[place].receipt)])
        }
    }

    /// Runs a command and completes its receipt.
    private mutating func run(
        _ commands: CommandList, _ index: Int, _ context: CommandContext,
        into receipt: inout Receipt
    ) {
        do throws(Refusal) {
            receipt.order = try perform(commands, index, context)
        } catch {
            receipt.refusal = error
        }
        onCommand?()
    }

    private mutating func commandClass(
        of commands: CommandList, _ index: Int, _ context: CommandContext
    ) -> (CommandClass, slot: OrderSlot) {
        guard let account = context.signer.account else {
            return (.first, OrderRecord.none)
        }
        switch commands.entries[index] {
        case .amend(let request): return amendClass(request, of: account)
        case .place(let place):
            if commands.placements[Int(place)].trigger != nil { return (.first, OrderRecord.none) }
            let postOnly = commands.placements[Int(place)].postOnly
            return (postOnly ? .postOnly : .taking, OrderRecord.none)
        case .cancel: return (.first, OrderRecord.none)
        case .other(let place):
            guard case .quote(let request) = commands.others[Int(place)] else {
                return (.first, OrderRecord.none)
            }
            return (quoteClass(request, of: account), OrderRecord.none)
        }
    }

    private mutating func perform(
        _ commands: CommandList, _ index: Int, _ context: CommandContext
    ) throws(Refusal) -> OrderIdentifier? {
        guard let signer = context.signer.accountSigner else {
            guard case .other(let place) = commands.entries[index] else { throw .notAuthorised }
            try performForVenue(commands.others[Int(place)], by: context.signer)
            return nil
        }
        try authorise(commands, index, signer)
        try checkLife(of: commands, index, context)
        let account = signer.account
        guard let rates = breakers.rates else {
            return try performForAccount(commands, index, context, signer)
        }
        let act = flowAct(of: commands, index, by: account, context.stamp)
        if act == .order { try checkRate(of: account, rates) }
        let order = try performForAccount(commands, index, context, signer)
        let isQuote =
            if case .other = commands.entries[index], act == .order { true } else { false }
        count(act, by: account, rates, quote: isQuote ? context.stamp : nil)
        return order
    }

    private mutating func performForAccount(
        _ commands: CommandList, _ index: Int, _ context: CommandContext, _ signer: AccountSigner
    ) throws(Refusal) -> OrderIdentifier? {
        let account = signer.account
        switch commands.entries[index] {
        case .amend(let request):
            try amend(request, for: account, by: context.stamp.signer, hint: context.slot)
        case .cancel(let order): try cancel(order, for: account)
        case .place(let place):
            return try self.place(
                commands.placements[Int(place)], for: account, context.stamp)
        case .other(let place):
            try performForOwner(commands.others[Int(place)], by: signer, context.stamp)
        }
        return nil
    }

    /// What the keys named at genesis may ask for.
    private mutating func performForVenue(
        _ command: Command, by signer: Signer
    ) throws(Refusal) {
        switch signer {
        case .account, .agent: throw .notAuthorised
        case .custodian:
            switch command {
            case .openAccount(let owner, let compartment):
                try openAccount(owner: owner, compartment: compartment)
            case .deposit(let amount, let target, let reference):
                try deposit(amount, to: target, reference: reference)
            case .depositInsurance(let amount, let compartment):
                try depositInsurance(amount, to: compartment)
            case .depositAsset(let instrument, let lots, let target, let reference):
                try depositAsset(lots, of: instrument, to: target, reference: reference)
            default: throw .notAuthorised
            }
        case .operator:
            switch command {
            case .setFeeTier(let tier, let account): try setFeeTier(tier, of: account)
            case .startAuction(let instrument, let length):
                try startAuction(instrument, length: length)
            case .halt(let instrument): try halt(instrument)
            case .listContract(let contract, let underlying, let terms):
                try list(contract, on: underlying, terms)
            case .setMaker(let isMaker, let account): try setMaker(isMaker, account)
            default: throw .notAuthorised
            }
        case .guardian:
            guard case .raiseLevel(let scope, let level, let length) = command else {
                throw .notAuthorised
            }
            try raiseLevel(of: scope, to: level, for: length)
        }
    }
}
