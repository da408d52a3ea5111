/// Protection of a node against web pages that its owner happens to visit. A browser opens
/// connections to the loopback for any page, and with a name server's help (DNS rebinding) the page
/// even reads the answers. What the page cannot change are `Origin` and `Host`.

/// Which origins and host names are admitted. CORS is off: no answer ever carries leave for another
/// origin.
package struct AdmissionPolicy: Sendable {
    /// Origins admitted beside none and loopback ones, such as `https://desk.example`.
    package var origins: [String] = []
    /// Names admitted in `Host` beside the loopback's. When empty, only connections from the
    /// loopback are held to loopback names.
    package var hosts: [String] = []

    package init() {}

    private static let loopbackNames = ["localhost", "127.0.0.1", "[::1]"]

    /// Whether a request with this `Origin` may go on.
    func admits(origin: String?) -> Bool {
        guard let origin else { return true }
        let lowered = origin.lowercased()
        if origins.contains(where: { $0.lowercased() == lowered }) { return true }
        for scheme in ["http://", "https://"] where lowered.hasPrefix(scheme) {
            return AdmissionPolicy.isLoopback(String(lowered.dropFirst(scheme.count)))
        }
        return false
    }

    /// Whether a request with this `Host` may go on.
    func admits(host: String, fromLoopback: Bool) -> Bool {
        if hosts.isEmpty && !fromLoopback { return true }
        let name = AdmissionPolicy.withoutPort(host.lowercased())
        return AdmissionPolicy.isLoopback(name)
            || hosts.contains { AdmissionPolicy.withoutPort($0.lowercased()) == name }
    }

    private static func isLoopback(_ host: String) -> Bool {
        loopbackNames.contains(withoutPort(host))
    }

    /// `name:port` without the port. What follows the colon must be digits, or it stays.
    private static func withoutPort(_ host: String) -> String {
        guard let colon = host.lastIndex(of: ":") else { return host }
        let port = host[host.index(after: colon)...]
        return port.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            ? String(host[..<colon]) : host
    }
}
