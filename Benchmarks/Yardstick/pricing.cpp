// Black-76 with the C library in double precision: see yardstick.h.
#include "yardstick.h"

#include <cmath>

namespace {

constexpr double kRootOfHalf = 0.70710678118654752440;
constexpr double kDensityAtZero = 0.39894228040143267794;

double share(double deviation) { return 0.5 * std::erfc(-deviation * kRootOfHalf); }

}  // namespace

double yardstick_greeks(uint32_t count, const double *log_moneyness, const double *moneyness,
                        const double *volatility, double years) {
    double total = 0;
    for (uint32_t place = 0; place < count; place++) {
        const double x = log_moneyness[place], m = moneyness[place], v = volatility[place];
        const double upper = v / 2 - x / v;
        const double delta = share(upper);
        const double strike = m * share(upper - v);
        const double density = kDensityAtZero * std::exp(-upper * upper / 2);
        total += (delta - strike) + delta + density / v + density * std::sqrt(years) -
                 density * v / (2 * years) / 365 + strike * years;
    }
    return total;
}

double yardstick_reprice(uint32_t count, const double *log_moneyness, const double *moneyness,
                         const double *volatility, uint32_t scenarios, const double *factors,
                         const double *log_factors) {
    double total = 0;
    for (uint32_t place = 0; place < count; place++) {
        for (uint32_t lane = 0; lane < scenarios; lane++) {
            const double v = volatility[place];
            const double upper = v / 2 - (log_moneyness[place] - log_factors[lane]) / v;
            total += share(upper) - moneyness[place] / factors[lane] * share(upper - v);
        }
    }
    return total;
}
