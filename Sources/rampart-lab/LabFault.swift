/// Why a command of the laboratory ended without its result.

/// What is said, and the exit code.
struct LabFault: Error {
    let message: String
    let exit: Int32
}
