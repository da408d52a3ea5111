/// HTTP requests side by side on one thread, by libcurl's multi interface: connections are kept and
/// used again, certificates and names are checked, nothing is followed to another place, and an
/// answer that takes too long or is too long ends there. All unsafe code of the room but the pipes'
/// is here.

import CCurl
import Foundation

/// How a request has ended.
package enum TransferOutcome: Equatable, Sendable {
    case answered(status: Int, body: [UInt8])
    case timedOut
    case tooLong
    /// What the library says; no address in it.
    case failed(String)
}

/// What one turn has brought.
package struct TransferEvents: Sendable {
    /// By the tag that the request was begun with.
    package var ended: [(tag: Int, outcome: TransferOutcome)] = []
    /// Descriptors from which can be read.
    package var readable: [Int32] = []
}

/// Requests under way. For one thread, but for `wake`.
@safe
package final class Transfers: @unchecked Sendable {
    private static let agent = "rampart-publish"
    /// Milliseconds; a longer wait is several turns.
    private static let mostWait = 60_000
    /// CURL_WAIT_POLLIN.
    private static let readable: Int16 = 1
    private let multi: UnsafeMutableRawPointer
    private var transfers: [UnsafeMutableRawPointer: Transfer] = unsafe [:]

    /// - Returns: nil without memory.
    package init?() {
        guard ccurl_global_init() == CURLE_OK, let multi = unsafe curl_multi_init() else {
            return nil
        }
        unsafe self.multi = multi
    }

    deinit {
        unsafe transfers.forEach { handle, _ in
            unsafe curl_multi_remove_handle(multi, handle)
            unsafe curl_easy_cleanup(handle)
        }
        unsafe curl_multi_cleanup(multi)
    }

    /// Whether nothing is under way.
    package var isIdle: Bool { unsafe transfers.isEmpty }

    /// Begins a request; how it ends a later turn tells.
    ///
    /// - Returns: false without memory, or where the library does not take the request.
    package func begin(_ request: WebRequest, tag: Int) -> Bool {
        guard let handle = unsafe curl_easy_init() else { return false }
        let transfer = Transfer(tag: tag, mostBytes: request.mostBytes)
        let owner = unsafe Unmanaged.passUnretained(transfer).toOpaque()
        let codes = unsafe [
            ccurl_set_text(handle, CURLOPT_URL, request.address),
            ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"),
            ccurl_set_text(handle, CURLOPT_USERAGENT, Transfers.agent),
            // No proxy of the environment: what speaks is what the configuration names.
            ccurl_set_text(handle, CURLOPT_PROXY, ""),
            ccurl_set_number(handle, CURLOPT_FOLLOWLOCATION, 0),
            ccurl_set_number(handle, CURLOPT_SSL_VERIFYPEER, 1),
            ccurl_set_number(handle, CURLOPT_SSL_VERIFYHOST, 2),
            ccurl_set_number(handle, CURLOPT_NOSIGNAL, 1),
            ccurl_set_number(handle, CURLOPT_TIMEOUT_MS, request.milliseconds),
            ccurl_set_number(handle, CURLOPT_CONNECTTIMEOUT_MS, request.milliseconds),
            ccurl_set_number(handle, CURLOPT_MAXFILESIZE, request.mostBytes),
            ccurl_set_writer(handle, transferWriter, owner),
        ]
        var isTaken = codes.allSatisfy { $0 == CURLE_OK }
        if let authorities = request.authorities {
            let code = unsafe ccurl_set_text(handle, CURLOPT_CAINFO, authorities)
            isTaken = isTaken && code == CURLE_OK
        }
        if let body = request.body {
            let headers = unsafe curl_slist_append(nil, "content-type: application/json")
            unsafe transfer.headers = headers
            let code = unsafe body.withUnsafeBytes { bytes in
                unsafe ccurl_set_body(
                    handle, bytes.assumingMemoryBound(to: CChar.self).baseAddress,
                    curl_off_t(bytes.count))
            }
            let set = unsafe ccurl_set_headers(handle, headers)
            isTaken = isTaken && code == CURLE_OK && set == CURLE_OK
        }
        guard isTaken, unsafe curl_multi_add_handle(multi, handle) == CURLM_OK else {
            unsafe curl_easy_cleanup(handle)
            return false
        }
        unsafe transfers[handle] = transfer
        return true
    }

    /// Waits until something has happened, or for so many milliseconds, and does what can be done.
    package func turn(milliseconds: Int, reading descriptors: [Int32] = []) -> TransferEvents {
        var events = TransferEvents()
        var running: Int32 = 0
        var waits = descriptors.map { descriptor in
            curl_waitfd(fd: descriptor, events: Transfers.readable, revents: 0)
        }
        let wait = Int32(min(max(milliseconds, 0), Transfers.mostWait))
        unsafe waits.withUnsafeMutableBufferPointer { buffer in
            _ = unsafe curl_multi_poll(
                multi, buffer.baseAddress, UInt32(buffer.count), wait, nil)
        }
        for wait in waits where wait.revents != 0 {
            events.readable.append(wait.fd)
        }
        unsafe curl_multi_perform(multi, &running)
        var code = CURLE_OK
        while let handle = unsafe ccurl_next_ended(multi, &code) {
            if let ended = unsafe end(handle, code) { events.ended.append(ended) }
        }
        return events
    }

    private func end(
        _ handle: UnsafeMutableRawPointer, _ code: CURLcode
    ) -> (tag: Int, outcome: TransferOutcome)? {
        let status = unsafe ccurl_status(handle)
        unsafe curl_multi_remove_handle(multi, handle)
        unsafe curl_easy_cleanup(handle)
        guard let transfer = unsafe transfers.removeValue(forKey: handle) else { return nil }
        let outcome: TransferOutcome =
            switch code {
            case CURLE_OK: .answered(status: status, body: transfer.body)
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_FILESIZE_EXCEEDED: .tooLong
            case CURLE_WRITE_ERROR where transfer.isTooLong: .tooLong
            default: .failed(unsafe String(cString: curl_easy_strerror(code)))
            }
        return (transfer.tag, outcome)
    }

    /// Ends the wait of `turn`; from any thread.
    package func wake() { unsafe curl_multi_wakeup(multi) }
}

/// One request under way.
@safe
private final class Transfer {
    let tag: Int
    private let mostBytes: Int
    var body: [UInt8] = []
    var isTooLong = false
    var headers: UnsafeMutablePointer<curl_slist>?

    init(tag: Int, mostBytes: Int) {
        self.tag = tag
        self.mostBytes = mostBytes
        unsafe headers = nil
    }

    deinit { unsafe curl_slist_free_all(headers) }

    func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= mostBytes else {
            isTooLong = true
            return false
        }
        unsafe body.append(contentsOf: bytes)
        return true
    }
}

/// Takes a part of an answer; less than all of it ends the request.
private func transferWriter(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ owner: UnsafeMutableRawPointer?
) -> Int {
    guard let owner = unsafe owner else { return 0 }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(owner).takeUnretainedValue()
    let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    return unsafe transfer.take(buffer) ? size * count : 0
}
