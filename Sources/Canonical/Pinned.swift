/// What keeps a large value in its place. A value of many fields whose every field is plain is
/// taken apart by the compiler and put together again on the stack for each function that only
/// reads it: hundreds of bytes are copied for one that looks at eight. What is `Pinned` has an
/// address, so a value that holds one is lent by its address. It takes a byte and does nothing
/// else.

/// A field of what must never be copied to be read.
@safe
@_rawLayout(like: UInt8)
public struct Pinned: ~Copyable {
    @inlinable
    public init() {}
}
