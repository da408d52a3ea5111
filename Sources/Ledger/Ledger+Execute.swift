/// Stage 4: the commands, in three classes (DESIGN 4). First cancels, amendments that only shrink
/// or move away, and everything about funds; then orders that may take; then post-only orders. So
/// quotes can be pulled before they are hit, and nobody requotes against a taker already seen.
/// Within a class the block's order stands.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import Markets

/// When a command runs.
enum CommandClass: Int, CaseIterable, Comparable {
    case first, taking, postOnly

    static func < (left: CommandClass, right: CommandClass) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The context of a command: who gives it, and under which nonce.
struct CommandContext {
    let signer: Signer
    let nonce: UInt64
}

extension Ledger {
    /// Stage 4.
    ///
    /// - Returns: a receipt for each command, or for each transaction that was refused as a whole.
    func execute(_ checked: CheckedBlock, verdicts: [Bool]) -> [Receipt] {
        fences.clear()
        var admitted: [(place: Int, transaction: Transaction)] = []
        var outcomes: [[Receipt?]] = []
        for (place, candidate) in checked.candidates.enumerated() {
            switch admit(candidate, verdicts: verdicts) {
            case .success(let transaction):
                admitted.append((place, transaction))
                outcomes.append([Receipt?](repeating: nil, count: transaction.commands.count))
            case .failure(let refusal):
                outcomes.append([
                    Receipt(transaction: UInt32(place), command: nil, refusal: refusal)
                ])
            }
        }
        for current in CommandClass.allCases {
            if current == .taking { runTriggers() }
            for (place, transaction) in admitted {
                let context = CommandContext(
                    signer: transaction.signer, nonce: transaction.nonce)
                for (index, command) in transaction.commands.enumerated()
                where outcomes[place][index] == nil {
                    guard let answer = run(command, context, in: current) else { continue }
                    outcomes[place][index] = Receipt(
                        transaction: UInt32(place), command: UInt16(index),
                        refusal: answer.refusal, order: answer.order)
                    onCommand?()
                }
            }
        }
        return outcomes.flatMap { $0.compactMap { $0 } }
    }

    /// Repeats every check that admission makes, in order of precedence, and uses up the nonce.
    private func admit(
        _ candidate: CheckedBlock.Candidate, verdicts: [Bool]
    ) -> Result<Transaction, Refusal> {
        switch candidate {
        case .refused(let refusal): return .failure(refusal)
        case .decoded(let transaction, let statement):
            guard verdicts[statement] else { return .failure(.badSignature) }
            guard transaction.expiry >= facts.time else { return .failure(.expired) }
            guard transaction.nonce > lastNonce(of: transaction.signer) else {
                return .failure(.nonceUsed)
            }
            guard !transaction.commands.isEmpty else { return .failure(.emptyBatch) }
            switch transaction.signer {
            case .account(let identifier):
                accounts.useNonce(transaction.nonce, of: identifier)
            case .custodian: facts.custodianNonce = transaction.nonce
            case .operator: facts.operatorNonce = transaction.nonce
            }
            return .success(transaction)
        }
    }

    private func lastNonce(of signer: Signer) -> UInt64 {
        switch signer {
        case .account(let identifier): accounts[identifier].lastNonce
        case .custodian: facts.custodianNonce
        case .operator: facts.operatorNonce
        }
    }

    /// Runs a command if its turn has come. An amendment that belonged to a later class may by then
    /// only shrink its order, because an earlier command moved that: it still runs, in the class it
    /// waited for.
    ///
    /// - Returns: nil where it belongs to a later class.
    private func run(
        _ command: Command, _ context: CommandContext, in current: CommandClass
    ) -> (refusal: Refusal?, order: OrderIdentifier?)? {
        guard commandClass(of: command, context) <= current else { return nil }
        do throws(Refusal) {
            return (nil, try perform(command, context))
        } catch {
            return (error, nil)
        }
    }

    private func commandClass(of command: Command, _ context: CommandContext) -> CommandClass {
        switch command {
        case .place(let request):
            return request.trigger != nil ? .first : request.postOnly ? .postOnly : .taking
        case .amend(let request):
            guard case .account(let account) = context.signer else { return .first }
            return amendClass(request, of: account)
        case .quote(let request):
            guard case .account(let account) = context.signer else { return .first }
            return quoteClass(request, of: account)
        default: return .first
        }
    }

    private func perform(
        _ command: Command, _ context: CommandContext
    ) throws(Refusal) -> OrderIdentifier? {
        switch context.signer {
        case .account(let account):
            return try performForOwner(command, of: account, nonce: context.nonce)
        case .custodian:
            switch command {
            case .openAccount(let owner, let compartment):
                try openAccount(owner: owner, compartment: compartment)
            case .deposit(let amount, let target, let reference):
                try deposit(amount, to: target, reference: reference)
            case .depositInsurance(let amount, let compartment):
                try depositInsurance(amount, to: compartment)
            default: throw .notAuthorised
            }
        case .operator:
            switch command {
            case .setFeeTier(let tier, let account): try setFeeTier(tier, of: account)
            case .startAuction(let instrument, let length):
                try startAuction(instrument, length: length)
            default: throw .notAuthorised
            }
        }
        return nil
    }

    private func performForOwner(
        _ command: Command, of account: AccountIdentifier, nonce: UInt64
    ) throws(Refusal) -> OrderIdentifier? {
        switch command {
        case .place(let request): return try place(request, for: account, nonce: nonce)
        case .amend(let request): try amend(request, for: account)
        case .cancel(let order): try cancel(order, for: account)
        case .cancelClient(let name): try cancel(named: name, for: account, nonce: nonce)
        case .cancelAll(let instrument): try cancelAll(in: instrument, for: account, nonce: nonce)
        case .cancelLabel(let label): try cancel(labelled: label, for: account, nonce: nonce)
        case .quote(let request): try quote(request, for: account, nonce: nonce)
        case .cancelQuotes(let instrument):
            try cancelQuotes(in: instrument, for: account, nonce: nonce)
        case .setProtection(let underlying, let window, let freeze, let limit):
            try setProtection(
                underlying, window: window, freeze: freeze, limit: limit, for: account)
        case .resetProtection(let underlying): try resetProtection(underlying, for: account)
        case .unoffered(let feature):
            switch feature {
            case .combo: throw .combosNotOffered
            case .blockTrade: throw .blockTradesNotOffered
            case .requestForQuote: throw .requestsForQuoteNotOffered
            }
        case .withdraw(let amount, let destination):
            try withdraw(amount, to: destination, from: account)
        case .transfer(let amount, let target): try transfer(amount, from: account, to: target)
        default: throw .notAuthorised
        }
        return nil
    }
}
