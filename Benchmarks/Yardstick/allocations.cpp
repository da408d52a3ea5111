// Counts what this process allocates. The program's own malloc and its kin stand before those of the C
// library, for everything that is linked with it, the Swift runtime included, and pass each call on.
// While nothing counts they cost a test of one flag, for the engine and the yardstick alike.
#include "yardstick.h"

#include <cerrno>
#include <cstddef>
#include <malloc.h>

extern "C" {
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);
}

namespace {

bool counting = false;
uint64_t calls = 0;
int64_t live = 0;

void *counted(void *block) {
    if (__builtin_expect(counting, 0) && block != nullptr) {
        calls += 1;
        live += static_cast<int64_t>(malloc_usable_size(block));
    }
    return block;
}

void forgotten(void *block) {
    if (__builtin_expect(counting, 0) && block != nullptr) {
        live -= static_cast<int64_t>(malloc_usable_size(block));
    }
}

}  // namespace

extern "C" {

void *malloc(size_t size) { return counted(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { return counted(__libc_calloc(count, size)); }
void *memalign(size_t alignment, size_t size) {
    return counted(__libc_memalign(alignment, size));
}
void *aligned_alloc(size_t alignment, size_t size) {
    return counted(__libc_memalign(alignment, size));
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    void *block = counted(__libc_memalign(alignment, size));
    if (block == nullptr) return ENOMEM;
    *result = block;
    return 0;
}

void *realloc(void *block, size_t size) {
    forgotten(block);
    return counted(__libc_realloc(block, size));
}

void free(void *block) {
    forgotten(block);
    __libc_free(block);
}

void yardstick_allocations_start(void) {
    calls = 0;
    live = 0;
    counting = true;
}
void yardstick_allocations_pause(void) { counting = false; }
void yardstick_allocations_resume(void) { counting = true; }
uint64_t yardstick_allocations(void) { return calls; }
int64_t yardstick_live_bytes(void) { return live; }

}  // extern "C"
