/// How RocksDB is set up, and why.

import CRocksDB

extension Database {
    /// Bytes of an information log of RocksDB before it starts another, and how many stay.
    private static let informationBytes = 1 << 20
    private static let informationFiles = 2
    /// Files that are kept open; each costs an index in memory.
    private static let openFiles: Int32 = 256
    /// Threads that write and merge tables.
    private static let backgroundJobs: Int32 = 2
    /// Bits of filter a key: one look-up in a hundred reads a table for nothing.
    private static let filterBits = 10.0
    /// Bytes read from tables and kept.
    private static let cacheBytes = 32 << 20
    /// Bytes of tables written before the disk is asked to start on them, so that the block's own
    /// write does not queue behind a whole table.
    private static let bytesPerSync: UInt64 = 1 << 20

    /// The log is cut when it is so many buffers long; at most that much is replayed at a start.
    private static let logBuffers = 2

    /// Options for a database or a family.
    ///
    /// - The log is replayed to the first record that is damaged (`point in time`): a torn last
    ///   write must not keep a store from opening, and checking what remains against the tip file
    ///   finds every other damage. The stricter modes either refuse after a power cut in the middle
    ///   of a write, or take a flipped length for the end of the file and do not say so.
    /// - Families are written to tables together, so that none can be ahead of another.
    static func options(buffer: Int, isCompressed: Bool) -> OpaquePointer {
        let options = unsafe required(rocksdb_options_create())
        unsafe rocksdb_options_set_paranoid_checks(options, 1)
        unsafe rocksdb_options_set_wal_recovery_mode(
            options, Int32(rocksdb_point_in_time_recovery))
        unsafe rocksdb_options_set_atomic_flush(options, 1)
        unsafe rocksdb_options_set_write_buffer_size(options, buffer)
        unsafe rocksdb_options_set_max_total_wal_size(options, UInt64(logBuffers * buffer))
        unsafe rocksdb_options_set_max_background_jobs(options, backgroundJobs)
        unsafe rocksdb_options_set_bytes_per_sync(options, bytesPerSync)
        unsafe rocksdb_options_set_max_open_files(options, openFiles)
        unsafe rocksdb_options_set_max_log_file_size(options, informationBytes)
        unsafe rocksdb_options_set_keep_log_file_num(options, informationFiles)
        unsafe rocksdb_options_set_stats_dump_period_sec(options, 0)
        unsafe rocksdb_options_set_level_compaction_dynamic_level_bytes(options, 1)
        unsafe rocksdb_options_set_compression(
            options,
            Int32(isCompressed ? rocksdb_lz4_compression : rocksdb_no_compression))
        let tables = unsafe rocksdb_block_based_options_create()
        let cache = unsafe rocksdb_cache_create_lru(cacheBytes)
        unsafe rocksdb_block_based_options_set_block_cache(tables, cache)
        unsafe rocksdb_block_based_options_set_filter_policy(
            tables, rocksdb_filterpolicy_create_bloom(filterBits))
        unsafe rocksdb_options_set_block_based_table_factory(options, tables)
        unsafe rocksdb_cache_destroy(cache)
        unsafe rocksdb_block_based_options_destroy(tables)
        return unsafe options
    }
}
