/// What the doctor looks at of secrets: who may read them, and whether they open.

import Canonical
import Custody
import Documents
import FixedPoint
import Foundation
import Gateway

extension Doctor {
    /// Everything that is secret in a configuration and beside it.
    mutating func examineSecrets(_ configuration: NodeConfiguration) {
        examineCredentials(configuration)
        for (subject, path) in [
            (DoctorCheck.passphraseFile, configuration.passphraseFile),
            (.followToken, configuration.followToken),
            (.certificateKey, configuration.certificateKey),
        ] {
            guard let path else { continue }
            examineMode(path, subject: subject)
        }
        examineKeys(configuration)
    }

    private mutating func examineCredentials(_ configuration: NodeConfiguration) {
        let subject = DoctorCheck.credentials
        guard let path = configuration.credentials else {
            report.ok(subject, "none configured: the API takes signed transactions only")
            return
        }
        guard FileAccess.exists(path) else {
            report.warn(
                subject, "there is no \(path) yet, so no API key works",
                "make one with 'rampart credentials new'")
            return
        }
        guard isPrivate(path, subject: subject) else { return }
        let reader = PassphraseReader(context, file: passphraseFile ?? configuration.passphraseFile)
        guard reader.isSet else {
            report.warn(
                subject, "\(path) was not opened, for want of a passphrase",
                "set \(PassphraseReader.variable); the node needs it too")
            return
        }
        do throws(CommandFault) {
            let passphrase = try reader.existing(for: path)
            let vault = try CredentialsFile.open(path, passphrase)
            report.ok(subject, "\(path) opens with the passphrase and holds \(vault.count)")
            examineExpiry(vault.all.map { ($0.account.number, $0.expiry.nanoseconds) })
        } catch {
            report.blame(
                subject, error.message,
                "the node will refuse to start with it")
        }
    }

    /// Nanoseconds before its end at which a credential should be replaced. Ours.
    private static let renewal = 14 * TimeText.day

    /// - Parameter credentials: account and end of each; names of credentials are not shown, since
    ///   whoever knows one can lock it out.
    private mutating func examineExpiry(_ credentials: [(account: UInt32, expiry: UInt64)]) {
        let now = context.now()
        func accounts(_ list: [(account: UInt32, expiry: UInt64)]) -> String {
            list.map { "\($0.account)" }.joined(separator: ", ")
        }
        let over = credentials.filter { $0.expiry <= now }
        let soon = credentials.filter { $0.expiry > now && $0.expiry - now < Doctor.renewal }
        let advice = "make others with 'rampart credentials new' and revoke these"
        if !over.isEmpty {
            report.warn(
                .credentials, "\(over.count) are over, of the accounts \(accounts(over))", advice)
        }
        if !soon.isEmpty {
            report.warn(
                .credentials,
                "\(soon.count) end within \(Doctor.renewal / TimeText.day) days, of the accounts "
                    + accounts(soon), advice)
        }
    }

    /// The keys that `rampart init` put beside the genesis.
    private mutating func examineKeys(_ configuration: NodeConfiguration) {
        let folder = FileAccess.path("keys", in: FileAccess.folder(of: configuration.genesis))
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            return
        }
        let keys = names.filter { $0.hasSuffix(".key") }.sorted()
        guard !keys.isEmpty else { return }
        let open = keys.map { FileAccess.path($0, in: folder) }.filter { path in
            FileAccess.mode(of: path).map { $0 & FileAccess.Mode.others != 0 } ?? false
        }
        if !open.isEmpty {
            report.blame(
                .keys, "others may read " + open.joined(separator: ", "),
                "chmod 600 " + open.joined(separator: " "))
        } else if keys.contains("custodian.key") {
            report.warn(
                .keys, "\(keys.count) in \(folder), readable by you alone, the custodian's too",
                "before real money keep that on a machine that runs no node")
        } else {
            report.ok(.keys, "\(keys.count) in \(folder), readable by you alone")
        }
    }

    private mutating func examineMode(_ path: String, subject: DoctorCheck) {
        guard FileAccess.exists(path) else {
            report.blame(subject, "there is no \(path)", "make it, or change the setting")
            return
        }
        if isPrivate(path, subject: subject) {
            report.ok(subject, "\(path) is readable by its owner alone")
        }
    }

    /// Whether only its owner can read a file; blames it if not.
    private mutating func isPrivate(_ path: String, subject: DoctorCheck) -> Bool {
        guard let mode = FileAccess.mode(of: path), mode & FileAccess.Mode.others != 0 else {
            return true
        }
        report.blame(
            subject, "others may read \(path) (mode \(String(mode, radix: 8)))",
            "chmod 600 \(path)")
        return false
    }
}
