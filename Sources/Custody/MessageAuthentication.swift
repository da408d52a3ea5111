/// HMAC-SHA256 by libsodium, with which clients of the API sign requests (`client_signature` and
/// `deri-hmac-sha256` of Deribit's conventions). Tags are compared in constant time. Source: RFC
/// 2104, FIPS 180-4.
import CSodium
package import Canonical

/// HMAC-SHA256.
package enum MessageAuthentication {
    /// Bytes of a tag.
    package static let tagSize = 32

    /// The tag of `message` under `key`, which may have any length. O(length).
    package static func tag(of message: [UInt8], key: borrowing Secret) -> Bytes32 {
        Sodium.prepare()
        var state = crypto_auth_hmacsha256_state()
        var tag = [UInt8](repeating: 0, count: tagSize)
        let count = key.count
        _ = unsafe key.withAddress { bytes in
            unsafe crypto_auth_hmacsha256_init(&state, bytes, count)
        }
        unsafe crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        unsafe crypto_auth_hmacsha256_final(&state, &tag)
        unsafe sodium_memzero(&state, MemoryLayout<crypto_auth_hmacsha256_state>.size)
        return Bytes32(tag)
    }

    /// Whether `tag` is the tag of `message` under `key`. How much of a wrong tag is right does not
    /// show in the time; that its length is wrong does.
    package static func isValid(
        tag: [UInt8], of message: [UInt8], key: borrowing Secret
    ) -> Bool {
        guard tag.count == tagSize else { return false }
        return unsafe sodium_memcmp(tag, self.tag(of: message, key: key).bytes, tagSize) == 0
    }
}
