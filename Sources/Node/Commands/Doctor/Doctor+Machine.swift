/// What the doctor looks at of the machine: its address, its limits and its processor.

import Documents
import Foundation
import Glibc

extension Doctor {
    /// Descriptors that a node needs beside its connections: the database's files. Ours.
    private static let ownFiles = 1_024

    /// Who can reach the API, and whether its address is free.
    mutating func examineListening(_ configuration: NodeConfiguration) {
        let address = configuration.listen
        if !address.isLoopback, configuration.certificate == nil {
            report.blame(
                .listening, "\(address.text) is reachable from outside, without TLS",
                "set api.tls.certificate and api.tls.key, or listen on 127.0.0.1 behind a proxy")
        } else {
            report.ok(
                .listening,
                address.isLoopback
                    ? "\(address.text), reachable from this machine alone"
                    : "\(address.text), with TLS")
        }
        switch Doctor.bind(address) {
        case 0: report.ok(.address, "\(address.text) is free")
        case EADDRINUSE:
            report.warn(
                .address, "\(address.text) is taken",
                "by a node that runs already? else choose another api.listen")
            examineNode(configuration)
        case let number:
            report.blame(
                .address, "\(address.text) cannot be used: \(FileAccess.reason(number))",
                "choose an address of this machine (ip address) and a port above 1023")
        }
    }

    /// Tries to take an address and gives it back; 0, or the system's error number.
    static func bind(_ address: ListenAddress) -> Int32 {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(address.host, String(address.port), &hints, &list) == 0,
            let first = unsafe list?.pointee
        else { return EADDRNOTAVAIL }
        defer { unsafe freeaddrinfo(list) }
        let handle = unsafe socket(first.ai_family, first.ai_socktype, first.ai_protocol)
        guard handle >= 0 else { return errno }
        defer { close(handle) }
        var yes: Int32 = 1
        _ = unsafe setsockopt(
            handle, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard unsafe Glibc.bind(handle, first.ai_addr, first.ai_addrlen) == 0 else { return errno }
        return listen(handle, 1) == 0 ? 0 : errno
    }

    /// Whether somebody takes a connection at an address.
    static func isListening(_ host: String, _ port: UInt16) -> Bool {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICSERV
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &list) == 0,
            let first = unsafe list?.pointee
        else { return false }
        defer { unsafe freeaddrinfo(list) }
        let handle = unsafe socket(first.ai_family, first.ai_socktype, first.ai_protocol)
        guard handle >= 0 else { return false }
        defer { close(handle) }
        // Linux takes the time to send for the time to connect (socket(7)).
        var patience = timeval(tv_sec: 3, tv_usec: 0)
        _ = unsafe setsockopt(
            handle, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        return unsafe connect(handle, first.ai_addr, first.ai_addrlen) == 0
    }

    /// Each connection is an open file.
    mutating func examineOpenFiles(_ configuration: NodeConfiguration) {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            report.warn(.openFiles, "the limit is unknown", "look with ulimit -n")
            return
        }
        // The node raises its own limit as far as the hard one.
        let most = limit.rlim_max
        let wanted = UInt64(configuration.connections + Doctor.ownFiles)
        let text = most >= rlim_t(Int64.max) ? "no limit" : "at most \(most)"
        if most >= wanted {
            report.ok(.openFiles, "\(text), enough for \(configuration.connections) connections")
        } else {
            report.blame(
                .openFiles,
                "\(text), and \(configuration.connections) connections need \(wanted)",
                "raise it (ulimit -n, LimitNOFILE), or lower api.connections")
        }
    }

    /// The program is built for processors with AVX2.
    mutating func examineProcessor() {
        #if arch(x86_64)
            guard let data = FileManager.default.contents(atPath: "/proc/cpuinfo") else {
                report.warn(.processor, "/proc/cpuinfo cannot be read", "see whether it has AVX2")
                return
            }
            if Doctor.hasAVX2(String(decoding: data, as: UTF8.self)) {
                report.ok(.processor, "has AVX2")
            } else {
                report.blame(
                    .processor, "has no AVX2, for which this program is built",
                    "take a machine with an Intel Haswell, an AMD Excavator, or newer")
            }
        #else
            report.ok(.processor, "no instruction is needed that it may lack")
        #endif
    }

    /// Whether the first `flags` line of `/proc/cpuinfo` names AVX2.
    static func hasAVX2(_ text: String) -> Bool {
        let line = text.split(separator: "\n").first { $0.hasPrefix("flags") }
        return line?.split(separator: " ").contains("avx2") ?? false
    }
}
