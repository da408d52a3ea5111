/// The account that waits for whoever tries the demonstration, with an API credential.

import Canonical
import FixedPoint
import Gateway
import Ledger
import Simulation

/// What the visitor needs to trade, and the transactions that make it so.
struct DemoVisitor {
    let account: AccountIdentifier
    let identifier: String
    let secret: String
    /// Opens the account; for the custodian to sign.
    let opening: Command
    /// Its money; for the custodian to sign.
    let deposit: Command
    private let grant: Command

    /// A million of the quote asset, in micro-units.
    private static let funds: Int64 = 1_000_000_000_000
    private static let lifetime = Duration(nanoseconds: 30 * 24 * Duration.hour.nanoseconds)

    /// - Parameters:
    ///   - account: the number that it will get.
    ///   - compartment: where it trades.
    ///   - vault: gets the credential.
    /// - Throws: `CredentialFault`.
    init(
        account: AccountIdentifier, compartment: CompartmentIdentifier, keys: LabKeys,
        now: Timestamp, vault: inout CredentialVault
    ) throws(CredentialFault) {
        self.account = account
        let offer = try vault.create(
            account: account, scope: .trade, expiry: now.advanced(by: DemoVisitor.lifetime))
        identifier = offer.identifier
        secret = offer.secret
        guard let command = offer.command else { throw .unknownCredential(offer.identifier) }
        grant = command
        opening = .openAccount(
            owner: .ed25519(keys.traderKey(Int(account.number))), compartment: compartment)
        deposit = .deposit(
            Amount(microunits: DemoVisitor.funds), to: account, reference: Bytes32())
    }

    /// The master key's leave for the credential's agent key.
    func grant(chain: Digest, keys: LabKeys, expiry: Timestamp) -> [UInt8] {
        keys.transaction(
            chain: chain, trader: Int(account.number), account: account, nonce: 1,
            expiry: expiry, commands: [grant])
    }
}
