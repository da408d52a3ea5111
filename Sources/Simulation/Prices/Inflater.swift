/// Streaming gzip decompression by zlib. The one file that touches zlib, so all its unsafe calls are
/// here; outside it is a safe object that takes bytes and gives bytes.
import CZlib

/// Decompresses one gzip file, of one or several members, piece by piece.
@safe
final class Inflater {
    /// What became of one piece of input.
    enum Outcome {
        /// All input is used; the member is not at its end.
        case needsMore
        /// All input is used and the last member is complete.
        case complete
        case corrupt
    }

    /// Bytes by which the output grows at a time.
    private static let step = 65_536
    /// zlib's window bits for the largest window, plus 16 for "gzip only".
    private static let gzipWindow: Int32 = 15 + 16

    private let stream: UnsafeMutablePointer<z_stream>

    /// Nil when zlib cannot allocate its state.
    init?() {
        unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        guard unsafe inflateInit2_(stream, Inflater.gzipWindow, ZLIB_VERSION, size) == Z_OK else {
            unsafe stream.deallocate()
            return nil
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Appends to `output` what `input` decompresses to.
    func append(_ input: [UInt8], to output: inout [UInt8]) -> Outcome {
        var source = input
        return unsafe source.withUnsafeMutableBufferPointer { bytes in
            unsafe stream.pointee.next_in = bytes.baseAddress
            unsafe stream.pointee.avail_in = UInt32(truncatingIfNeeded: bytes.count)
            return drain(to: &output)
        }
    }

    /// Runs the decompressor until its input is used up.
    private func drain(to output: inout [UInt8]) -> Outcome {
        var chunk = [UInt8](repeating: 0, count: Inflater.step)
        while true {
            let status = unsafe chunk.withUnsafeMutableBufferPointer { room in
                unsafe stream.pointee.next_out = room.baseAddress
                unsafe stream.pointee.avail_out = UInt32(truncatingIfNeeded: room.count)
                return unsafe inflate(stream, Z_NO_FLUSH)
            }
            let free = unsafe Int(stream.pointee.avail_out)
            output.append(contentsOf: chunk[..<(chunk.count - free)])
            let unread = unsafe stream.pointee.avail_in
            switch status {
            case Z_STREAM_END:
                guard unread > 0 else {
                    // Another member may follow in the next piece.
                    return unsafe inflateReset(stream) == Z_OK ? .complete : .corrupt
                }
                guard unsafe inflateReset(stream) == Z_OK else { return .corrupt }
            case Z_OK, Z_BUF_ERROR:
                if unread == 0 && free > 0 { return .needsMore }
            default:
                return .corrupt
            }
        }
    }
}
