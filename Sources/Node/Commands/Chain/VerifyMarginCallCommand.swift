/// `rampart verify margin-call`: checks the certificate of a margin call with the genesis and the
/// headers of two blocks, and nothing else: no node, no store, no network.

import Canonical
import Certificates
import FixedPoint
import Ledger
import Replication

/// Verifies a certificate.
enum VerifyMarginCallCommand {
    static let shape = CommandShape(
        "verify margin-call", "Check the certificate of a margin call with two headers",
        operands: ["FILE"],
        flags: [
            CommandFlag("--genesis", "FILE", "the chain's genesis file, or its encoding"),
            CommandFlag("--headers", "FILE", "the headers of the block before and of the block"),
        ],
        details: """
            The account's margin is made again from its leaf, the prices and the rules of genesis,
            and every step that was taken is compared with what the rules allow. The headers come
            from whom you trust for them: they are what the certificate is checked against.

            Exit codes: 0 it convinces · 1 it does not, and why · 65 a file is malformed
            """)

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        guard let genesisPath = arguments["--genesis"], let headersPath = arguments["--headers"]
        else { throw .usage("verify margin-call needs --genesis FILE and --headers FILE") }
        let path = arguments.operands[0]
        let certificate: MarginCallCertificate = try decode(path, "certificate")
        let headers = try CertificateHeaders.read(headersPath)
        let verifier = CertificateVerifier(genesis: try genesis(genesisPath))
        do throws(CertificateFault) {
            let events = try verifier.verify(
                certificate, before: HeaderCommitment(headers.before),
                header: HeaderCommitment(headers.header))
            context.write(report(certificate, events))
            return ExitCode.done
        } catch {
            context.write("The certificate does not convince: \(error.text)\n")
            return ExitCode.refused
        }
    }

    /// A genesis file, or its encoding as a laboratory leaves it beside certificates.
    private static func genesis(_ path: String) throws(CommandFault) -> Genesis {
        let bytes = try FileAccess.read(path)
        do throws(DecodingFault) {
            return try Genesis(canonicalBytes: bytes)
        } catch {
            return try GenesisReader.read(path)
        }
    }

    static func decode<Value: CanonicalValue>(
        _ path: String, _ name: String
    ) throws(CommandFault) -> Value {
        let bytes = try FileAccess.read(path)
        do throws(DecodingFault) {
            return try Value(canonicalBytes: bytes)
        } catch {
            throw CommandFault(
                "\(path): is no \(name): \(error.reason) at byte \(error.offset)",
                exit: ExitCode.badInput)
        }
    }

    /// What is proven.
    static func report(_ certificate: MarginCallCertificate, _ events: [Event]) -> String {
        let claim = certificate.claim
        var text = """
            Block \(certificate.height), account \(certificate.account.number): proven.
              equity       \(money(claim.equity))
              requirement  \(money(claim.requirement))

            """
        for loss in claim.losses {
            let scenario = loss.scenario.map { "scenario \($0)" } ?? "no scenario loses"
            text += "    underlying \(loss.underlying.number), \(scenario): \(money(loss.loss))\n"
        }
        text += "    charges: \(money(claim.charges))\n"
        for (entry, event) in zip(certificate.events.entries, events) {
            text += "  event \(entry.place): \(event.marginText)\n"
        }
        return text
    }

    /// An amount in the quote asset.
    static func money(_ amount: Amount) -> String {
        let digits = String(amount.units.magnitude)
        let padded = String(repeating: "0", count: max(0, 7 - digits.count)) + digits
        return (amount.isNegative ? "-" : "") + padded.dropLast(6) + "." + padded.suffix(6)
    }
}

extension Event {
    /// What a margin event says, in a few words.
    fileprivate var marginText: String {
        func money(_ amount: Amount) -> String { VerifyMarginCallCommand.money(amount) }
        switch self {
        case .liquidationStarted: return "margin call: below maintenance"
        case .liquidationEnded: return "liquidation ended"
        case .liquidationFee(_, let amount): return "liquidation fee \(money(amount))"
        case .insurancePaid(_, let amount): return "the insurance fund paid \(money(amount))"
        case .lossShared(_, let payer, let amount):
            return "account \(payer.number) paid \(money(amount)) of the loss"
        case .badDebt(_, let amount): return "a debt of \(money(amount)) stays"
        case .interestCharged(_, let amount): return "interest \(money(amount))"
        case .orderAccepted(let order):
            return "closing order, \(order.quantity.lots) lots, limit \(order.limit.ticks) ticks"
        case .traded(let trade):
            return "\(trade.quantity.lots) lots traded at \(trade.price.ticks) ticks"
        case .deleveraged(let event):
            return "\(event.quantity.lots) lots of account \(event.account.number) closed against "
                + "account \(event.counterparty.number), notional \(money(event.notional))"
        case .positionSettled(let event): return "\(event.quantity.lots) lots settled"
        default: return "\(self)"
        }
    }
}

extension CertificateFault {
    /// What is wrong, in words.
    var text: String {
        switch self {
        case .chain(let culprit): "the \(culprit) is of another chain than the genesis makes"
        case .headersNotConsecutive: "the headers do not follow one another"
        case .height(let expected, let found):
            "it is of block \(found), and the second header of block \(expected)"
        case .accountMalformed: "the account's leaf cannot be read"
        case .accountLeaf: "the account's leaf does not stand under the root before"
        case .leafMalformed(let key): "the leaf \(HexText.text(key)) cannot be read"
        case .leafUnexpected(let key): "the leaf \(HexText.text(key)) does not belong here"
        case .leafMissing(let key): "the leaf \(HexText.text(key)) is missing"
        case .chainFacts: "the chain's facts are of another block"
        case .stalePrice(let underlying):
            "the prices of underlying \(underlying.number) are of another time"
        case .leaves: "the leaves do not stand under the root after"
        case .eventMalformed(let place): "event \(place) cannot be read"
        case .events: "the events do not stand in the block at their places"
        case .nothingDone: "no event says that anything was done to the account"
        case .eventForeign(let place): "event \(place) does not concern the account"
        case .beyondBounds: "a figure is beyond what a venue of this genesis can come to"
        case .claim(let figure): "the claimed \(figure) is not what leaves and rules give"
        case .step(let place, let fault):
            "event \(place) is not what the rules allow: \(fault)"
        }
    }
}
