// What the benchmark needs of C and C++: a limit order book of std::map and std::list to compare with,
// Black-76 in floating point, a clock cheap enough to read once per command, and counts of the
// process's allocations.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// --- SQLite (inserts.cpp) ---

// The seconds that so many plain rows take; negative where the file cannot be made.
double yardstick_sqlite_inserts(const char *path, int64_t rows);

// --- The book (book.cpp) ---

// One order operation, ready to run: the book decodes nothing.
typedef struct {
    uint64_t order;     // of a placement: the number it gets
    uint64_t client;    // the client's own name; 0 is none
    int64_t price;      // ticks
    int64_t quantity;   // lots
    uint32_t account;
    uint32_t place;     // of its receipt
    uint16_t instrument;
    uint8_t kind;       // 0 place, 1 cancel, 2 move
    uint8_t side;       // 0 buy, 1 sell
    uint8_t rests;      // of a placement: whether what is left joins the book
} yardstick_operation;

typedef struct yardstick_book yardstick_book;
typedef struct yardstick_stamps yardstick_stamps;

yardstick_book *yardstick_book_make(void);
void yardstick_book_free(yardstick_book *book);

// Runs operations in order: writes a receipt for each, and an event for each thing that happens, over
// those of the run before. With stamps, takes one before the first and one after each.
void yardstick_run(yardstick_book *book, const yardstick_operation *operations, uint64_t count,
                   yardstick_stamps *stamps);

// Of the last run.
uint64_t yardstick_events(const yardstick_book *book);
uint64_t yardstick_refused(const yardstick_book *book);
uint64_t yardstick_resting(const yardstick_book *book);

// A token bucket and two counters for each owner over so many order events. Returns how many passed.
int64_t yardstick_buckets(uint32_t events, uint32_t owners);

// The least work that margining anew can be: for each account, the sum over its positions of
// quantity × change in each scenario, and the worst of them. Returns the sum of the worst.
int64_t yardstick_scenarios(uint32_t accounts, uint32_t positions, uint32_t scenarios,
                            const int64_t *changes);

// A portfolio under two rules: for each position its worth and, for each of so many lanes, quantity ×
// change. Returns cash, worth and the worst lane of each half, each shifted right by `bits`, all summed.
int64_t yardstick_portfolio(uint32_t positions, uint32_t lanes, int64_t cash, uint32_t bits,
                            const int64_t *quantities, const int64_t *initial_worths,
                            const int64_t *maintenance_worths, const int64_t *initial_changes,
                            const int64_t *maintenance_changes);

// --- Pricing (pricing.cpp) ---

// Value, delta, gamma, vega, theta and rho of calls by Black-76 with the C library in double
// precision; all of them summed.
double yardstick_greeks(uint32_t count, const double *log_moneyness, const double *moneyness,
                        const double *volatility, double years);

// The values of calls at forwards times each factor; their sum.
double yardstick_reprice(uint32_t count, const double *log_moneyness, const double *moneyness,
                         const double *volatility, uint32_t scenarios, const double *factors,
                         const double *log_factors);

// --- The clock (clock.cpp) ---

// Room for this many stamps of a clock that is read in a few nanoseconds: the time-stamp counter
// on x86-64, CLOCK_MONOTONIC elsewhere.
yardstick_stamps *yardstick_stamps_make(uint64_t room);
void yardstick_stamps_free(yardstick_stamps *stamps);
void yardstick_stamps_clear(yardstick_stamps *stamps);
// Takes a stamp; those beyond the room are dropped.
void yardstick_stamp(yardstick_stamps *stamps);
uint64_t yardstick_stamps_count(const yardstick_stamps *stamps);
// The stamp at a place, in ticks of the clock.
uint64_t yardstick_stamp_at(const yardstick_stamps *stamps, uint64_t place);
// Nanoseconds of a tick, measured against CLOCK_MONOTONIC over 50 ms.
double yardstick_tick_nanoseconds(void);

// --- Allocations (allocations.cpp) ---

// Starts counting this process's allocations, from zero. One thread only.
void yardstick_allocations_start(void);
void yardstick_allocations_pause(void);
void yardstick_allocations_resume(void);
// Calls of malloc, calloc, realloc and their kin while counting.
uint64_t yardstick_allocations(void);
// Bytes allocated less bytes freed while counting, as the allocator rounds them.
int64_t yardstick_live_bytes(void);

// --- WebSocket clients (sockets.cpp) ---

typedef struct yardstick_sockets yardstick_sockets;

// What came back for what was sent.
typedef struct {
    uint64_t nanoseconds;  // from the first byte sent to the last answer
    uint64_t accepted;     // commands, by their receipts
    uint64_t refused;
    uint64_t errors;       // messages
    char first[512];       // the first error
} yardstick_answers;

// What followers of a book heard.
typedef struct {
    uint64_t nanoseconds;  // from the first message to the last
    uint64_t messages;
    uint64_t bytes;
    uint64_t gaps;         // messages that do not follow the one before on their connection
} yardstick_feed;

// Connects to a port of the loopback; null where one connection fails.
yardstick_sockets *yardstick_sockets_open(uint16_t port, uint32_t count);
void yardstick_sockets_close(yardstick_sockets *sockets);
// Makes a frame for the next run; frames of a connection go out in order.
void yardstick_sockets_prepare(yardstick_sockets *sockets, uint32_t connection, const uint8_t *text,
                               uint64_t count);
// Sends all prepared frames, each connection with at most `window` of them unanswered, and returns when
// all are answered; -1 where a connection ends or two minutes pass.
int yardstick_sockets_run(yardstick_sockets *sockets, uint64_t window, yardstick_answers *answers);
// Sends a message and waits for nothing; -1 where the connection has ended.
int yardstick_sockets_tell(yardstick_sockets *sockets, uint32_t connection, const char *text);
// Sends a message and waits for one that has `mark` in it and one that has `last`, whose text it copies.
// Returns the nanoseconds until the first of `mark`; -1 on failure.
int64_t yardstick_sockets_ask(yardstick_sockets *sockets, uint32_t connection, const char *text,
                              const char *mark, const char *last, char *answer, uint64_t room);
// Hears book changes on all connections until there are so many; -1 where a connection ends or ten
// seconds pass without any.
int yardstick_sockets_follow(yardstick_sockets *sockets, uint64_t messages, yardstick_feed *feed);

// The median of each column and that of the distances from it, of numbers that stand row by row.
// Returns their sum.
int64_t yardstick_medians(const int64_t *values, uint32_t columns, uint32_t count);

#ifdef __cplusplus
}
#endif
