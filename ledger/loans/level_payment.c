/* The level payment of an annuity, without any approximation.
 *
 * With f_j = p_j / q the sum of discount factors is N / M, built from the last row backwards:
 * N' = (M + N) q and M' = M (q + p_j). Both are natural numbers of at most one 64-bit word a row,
 * so that 1,200 rows cost some milliseconds. The payment is the quotient principal x M / N, found
 * by comparing products only. */
#include "ledger/base/wide.h"
#include "ledger/loans/schedule_plan.h"

#include <assert.h>

__extension__ typedef unsigned __int128 double_word;

/* Little-endian, without zero words at the top. */
struct natural {
    uint64_t word[SCHEDULE_ROWS_MAX + 4];
    size_t count;
};

static void natural_push(struct natural *n, uint64_t word)
{
    if (word == 0) {
        return;
    }
    assert(n->count < COUNT_OF(n->word));
    n->word[n->count++] = word;
}

static void natural_multiply(struct natural *n, uint64_t factor)
{
    uint64_t carry = 0;
    for (size_t i = 0; i < n->count; i++) {
        const double_word product = (double_word)n->word[i] * factor + carry;
        n->word[i] = (uint64_t)product;
        carry = (uint64_t)(product >> 64);
    }
    if (factor == 0) {
        n->count = 0;
    }
    natural_push(n, carry);
}

static void natural_add(struct natural *n, const struct natural *m)
{
    const size_t count = n->count > m->count ? n->count : m->count;
    uint64_t carry = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t a = i < n->count ? n->word[i] : 0;
        const uint64_t b = i < m->count ? m->word[i] : 0;
        const double_word sum = (double_word)a + b + carry;
        n->word[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
    n->count = count;
    natural_push(n, carry);
}

static int natural_compare(const struct natural *a, const struct natural *b)
{
    if (a->count != b->count) {
        return a->count < b->count ? -1 : 1;
    }
    for (size_t i = a->count; i-- > 0;) {
        if (a->word[i] != b->word[i]) {
            return a->word[i] < b->word[i] ? -1 : 1;
        }
    }
    return 0;
}

/* Compares n x factor with m. */
static int compare_multiple(const struct natural *n, uint64_t factor, const struct natural *m)
{
    struct natural product = *n;
    natural_multiply(&product, factor);
    return natural_compare(&product, m);
}

/* The largest a below `limit` with a x den <= num, by halving the interval. */
static uint64_t find_quotient(const struct natural *num, const struct natural *den, uint64_t limit)
{
    uint64_t low = 0;
    uint64_t high = limit;
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if (compare_multiple(den, middle, num) <= 0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool rounds_up(const struct natural *num, const struct natural *den, uint64_t quotient,
                      enum rounding how)
{
    struct natural twice = *num;
    natural_multiply(&twice, 2);
    const int half = compare_multiple(den, 2 * quotient + 1, &twice);
    return half < 0 || (half == 0 && (how == ROUND_HALF_UP || quotient % 2 != 0));
}

bool level_payment(const struct schedule_terms *terms, const struct schedule_plan *plan,
                   int first_row, struct money *ret)
{
    struct natural n = {.count = 0};
    struct natural m = {.word = {1}, .count = 1};
    for (int i = plan->count; i-- > first_row;) {
        const struct year_fraction fraction = schedule_plan_fraction(plan, terms, i);
        const uint64_t whole = (uint64_t)(RATE_WHOLE_PPM * fraction.den);
        natural_add(&n, &m);
        natural_multiply(&n, whole);
        natural_multiply(&m, whole + (uint64_t)(terms->rate.ppm * fraction.num));
    }
    const uint64_t unit = (uint64_t)money_fen(terms->installment_unit);
    const uint64_t limit = (uint64_t)MONEY_LIMIT_FEN / unit;
    natural_multiply(&m, (uint64_t)money_fen(terms->principal));
    natural_multiply(&n, unit);
    if (compare_multiple(&n, limit, &m) <= 0) {
        return false;
    }
    uint64_t units = find_quotient(&m, &n, limit);
    if (rounds_up(&m, &n, units, terms->rounding)) {
        units++;
    }
    *ret = money_from_fen((int64_t)(units * unit));
    return true;
}
