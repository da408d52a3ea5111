// A clock for single commands: reading it must cost little beside what it measures. The time-stamp
// counter of current x86-64 processors runs at one rate whatever the core does; the rate is measured.
#include "yardstick.h"

#include <ctime>
#include <vector>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace {

uint64_t monotonic() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

inline uint64_t ticks() {
#if defined(__x86_64__)
    return __rdtsc();
#else
    return monotonic();
#endif
}

}  // namespace

struct yardstick_stamps {
    std::vector<uint64_t> ticks;
    uint64_t count = 0;
};

yardstick_stamps *yardstick_stamps_make(uint64_t room) {
    return new yardstick_stamps{std::vector<uint64_t>(room), 0};
}

void yardstick_stamps_free(yardstick_stamps *stamps) { delete stamps; }
void yardstick_stamps_clear(yardstick_stamps *stamps) { stamps->count = 0; }

void yardstick_stamp(yardstick_stamps *stamps) {
    if (stamps->count < stamps->ticks.size()) stamps->ticks[stamps->count++] = ticks();
}

uint64_t yardstick_stamps_count(const yardstick_stamps *stamps) { return stamps->count; }

uint64_t yardstick_stamp_at(const yardstick_stamps *stamps, uint64_t place) {
    return place < stamps->count ? stamps->ticks[place] : 0;
}

double yardstick_tick_nanoseconds(void) {
    const uint64_t began = monotonic();
    const uint64_t first = ticks();
    uint64_t now = began;
    while (now - began < 50'000'000) now = monotonic();
    return static_cast<double>(now - began) / static_cast<double>(ticks() - first);
}
