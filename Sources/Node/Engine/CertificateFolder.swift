/// Certificates as files: one an account and block, and the headers that they are checked with.
///
///     certificates/HEIGHT-ACCOUNT.certificate
///     certificates/HEIGHT.headers              the header before and the block's own
///     certificates/genesis                     of a laboratory's chain, encoded
///
/// They are written when the block is on disk and before anybody hears of it. What a crash between
/// the two loses is not lost: replaying the chain makes the same files again.

import Canonical
import Certificates
import FixedPoint
import Gateway
package import Ledger
import Replication

/// Where certificates are written.
package struct CertificateFolder: Sendable {
    private let path: String

    /// A folder that is made with the first certificate.
    package init(_ path: String) { self.path = path }

    /// Of a node with this data folder.
    init(data: String) { path = FileAccess.path("certificates", in: data) }

    /// Writes the certificates of the block that was applied last, if it makes any.
    ///
    /// - Parameter before: the header of the block before.
    /// - Returns: how many.
    /// - Throws: `CommandFault` where a file cannot be written.
    func write(
        _ outcome: BlockOutcome, of ledger: Ledger, before: BlockHeader?, header: BlockHeader
    ) throws(CommandFault) -> Int {
        guard let before, !ledger.evidence.isEmpty else { return 0 }
        let made: [MarginCallCertificate]
        do throws(CertificateFault) {
            made = try CertificateMaker.certificates(
                of: outcome, from: ledger, lastTime: before.time)
        } catch {
            throw CommandFault(
                "block \(outcome.height) makes no certificates: \(error.text)",
                exit: ExitCode.cannotWrite)
        }
        try FileAccess.makeFolder(path)
        let headers = CertificateHeaders(before: before, header: header)
        try FileAccess.write(
            headers.canonicalBytes, to: FileAccess.path("\(header.height).headers", in: path))
        for certificate in made {
            try FileAccess.write(
                certificate.canonicalBytes,
                to: file(of: certificate.account, at: header.height))
        }
        return made.count
    }

    /// Writes the genesis beside the certificates, as its hash takes it.
    fileprivate func write(_ genesis: Genesis) throws(CommandFault) {
        try FileAccess.write(genesis.canonicalBytes, to: FileAccess.path("genesis", in: path))
    }

    /// The certificate of an account and a height, with its headers; nil where there is none.
    func kept(of account: AccountIdentifier, at height: UInt64) -> KeptCertificate? {
        do throws(CommandFault) {
            return KeptCertificate(
                certificate: try FileAccess.read(file(of: account, at: height)),
                headers: try FileAccess.read(
                    FileAccess.path("\(height).headers", in: path)))
        } catch {
            return nil
        }
    }

    private func file(of account: AccountIdentifier, at height: UInt64) -> String {
        FileAccess.path("\(height)-\(account.number).certificate", in: path)
    }
}

/// Certificates of a machine without a store: a laboratory's. The headers are chained here.
package struct CertificateLog {
    private let folder: CertificateFolder
    private var last: BlockHeader?
    private var hasGenesis = false

    /// - Parameter path: of a folder that is made with the first certificate.
    package init(_ path: String) { folder = CertificateFolder(path) }

    /// Writes the certificates of a block.
    ///
    /// - Parameter ledger: which has just applied it, and collects evidence.
    /// - Returns: how many.
    /// - Throws: `CommandFault` where a file cannot be written.
    package mutating func add(
        _ block: Block, _ outcome: BlockOutcome, of ledger: Ledger
    ) throws(CommandFault) -> Int {
        let before = last
        let header = BlockHeader(
            chain: ledger.chain, following: before, term: 1, block: block.canonicalBytes,
            applied: AppliedBlock(outcome, time: block.time))
        last = header
        let count = try folder.write(outcome, of: ledger, before: before, header: header)
        if count > 0, !hasGenesis {
            try folder.write(ledger.genesis)
            hasGenesis = true
        }
        return count
    }
}

/// The two headers that a certificate is checked with.
struct CertificateHeaders: CanonicalValue {
    let before: BlockHeader
    let header: BlockHeader

    init(before: BlockHeader, header: BlockHeader) {
        self.before = before
        self.header = header
    }

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(before)
        encoder.append(header)
    }

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        before = try decoder.value()
        header = try decoder.value()
    }

    static func read(_ path: String) throws(CommandFault) -> CertificateHeaders {
        try VerifyMarginCallCommand.decode(path, "pair of headers")
    }
}

extension HeaderCommitment {
    init(_ header: BlockHeader) {
        self.init(
            chain: header.chain, height: header.height, time: header.time, hash: header.hash,
            previous: header.previous, root: header.root, firstEvent: header.firstEvent)
    }
}
