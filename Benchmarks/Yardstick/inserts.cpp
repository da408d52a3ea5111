// Rows into SQLite with nothing around it: one prepared statement, one transaction, one table of
// eight numbers without an index, no waiting for the disk.
#include <sqlite3.h>

#include <chrono>

#include "yardstick.h"

extern "C" double yardstick_sqlite_inserts(const char *path, int64_t rows) {
    sqlite3 *database = nullptr;
    sqlite3_stmt *statement = nullptr;
    double seconds = -1;
    if (sqlite3_open(path, &database) == SQLITE_OK &&
        sqlite3_exec(database,
                     "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                     "CREATE TABLE plain (a, b, c, d, e, f, g, h); BEGIN",
                     nullptr, nullptr, nullptr) == SQLITE_OK &&
        sqlite3_prepare_v2(database, "INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?, ?, ?)", -1,
                           &statement, nullptr) == SQLITE_OK) {
        const auto start = std::chrono::steady_clock::now();
        for (int64_t row = 0; row < rows; row++) {
            for (int column = 1; column <= 8; column++)
                sqlite3_bind_int64(statement, column, row * 1'000'003 + column);
            sqlite3_step(statement);
            sqlite3_reset(statement);
        }
        sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr);
        seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return seconds;
}
