/* RocksDB's C interface as Debian ships it. Used by Replication only. */
#pragma once
#include <rocksdb/c.h>
