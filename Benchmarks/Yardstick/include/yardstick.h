// A limit order book of std::map and std::list, in price-time priority, that writes an event for each
// thing that happens: the yardstick for the order rows of `make bench`.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct yardstick_book yardstick_book;

yardstick_book *yardstick_book_make(void);
void yardstick_book_free(yardstick_book *book);

// side: 0 buy, 1 sell. rests: whether what is left joins the book.
void yardstick_place(yardstick_book *book, uint64_t order, uint32_t account, int side, int64_t price,
                     int64_t quantity, int rests);
void yardstick_cancel(yardstick_book *book, uint64_t order);
void yardstick_move(yardstick_book *book, uint64_t order, int64_t price, int64_t quantity);

// Forgets the events that were written; returns how many there were.
uint64_t yardstick_drain(yardstick_book *book);
uint64_t yardstick_resting(const yardstick_book *book);

// The least work that margining anew can be: for each account, the sum over its positions of
// quantity × change in each scenario, and the worst of them. Returns the sum of the worst.
int64_t yardstick_scenarios(uint32_t accounts, uint32_t positions, uint32_t scenarios,
                            const int64_t *changes);

#ifdef __cplusplus
}
#endif
