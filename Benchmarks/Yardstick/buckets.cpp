// What a gateway would do without a deterministic ledger: a token bucket for each owner in floating
// point, a counter of orders and one of fills, over the same events.

#include "yardstick.h"

#include <algorithm>
#include <vector>

namespace {
struct Bucket {
    double tokens = 50;
    double last = 0;
    unsigned orders = 0;
    unsigned fills = 0;
};
}  // namespace

int64_t yardstick_buckets(uint32_t events, uint32_t owners) {
    std::vector<Bucket> buckets(owners);
    int64_t admitted = 0;
    for (uint32_t event = 0; event < events; ++event) {
        const double now = event * 1e-5;
        Bucket &bucket = buckets[(event * 2654435761u) % owners];
        bucket.tokens = std::min(50.0, bucket.tokens + (now - bucket.last) * 10);
        bucket.last = now;
        if (event % 10 == 0) bucket.fills += 1;
        if (bucket.tokens < 1) continue;
        bucket.tokens -= 1;
        bucket.orders += 1;
        admitted += bucket.orders / 200 > bucket.fills ? 0 : 1;
    }
    return admitted;
}
