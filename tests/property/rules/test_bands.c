/* Random tables of bands, compared with a list that is searched from its beginning; and random
 * payments, which are never lost. The seed is printed. */
#include "rules/policy.h"
#include "tests/support/check.h"
#include "tests/support/file.h"
#include "tests/support/random.h"

#include <stdlib.h>
#include <string.h>

#define BASE TEST_SOURCE_DIR "/tests/policies/base.yaml"
#define TABLES 300
#define PAYMENTS 20000

static const char *const classes[] = {"normal", "special_mention", "substandard", "doubtful",
                                      "loss"};

struct edges {
    size_t count;
    int64_t last[40]; /* the last day of each band but the last */
    int class[41];
};

/* Classes never get better; each end is written in one of its two ways. */
static void make_edges(struct random_source *source, struct edges *ret, char *text, size_t size)
{
    size_t used = 0;
    int64_t edge = random_between(source, 0, 30);
    ret->count = (size_t)random_between(source, 0, 39);
    for (size_t i = 0; i <= ret->count; i++) {
        int least = i == 0 ? 0 : ret->class[i - 1];
        ret->class[i] = (int)random_between(source, least, random_between(source, least, 4));
        used += (size_t)snprintf(text + used, size - used, "%s{", i == 0 ? "" : ", ");
        if (i > 0) {
            bool above = random_between(source, 0, 1) == 1;
            int64_t from = ret->last[i - 1] + (above ? 0 : 1);
            used +=
                (size_t)snprintf(text + used, size - used, "%s: %lld day%s, ",
                                 above ? "above" : "from", (long long)from, from == 1 ? "" : "s");
        }
        if (i < ret->count) {
            bool below = random_between(source, 0, 1) == 1;
            int64_t to = edge + (below ? 1 : 0);
            used += (size_t)snprintf(text + used, size - used, "%s: %lld day%s, ",
                                     below ? "below" : "to", (long long)to, to == 1 ? "" : "s");
            ret->last[i] = edge;
            edge += random_between(source, 1, 1 + random_between(source, 0, 200));
        }
        used += (size_t)snprintf(text + used, size - used, "value: %s}", classes[ret->class[i]]);
    }
}

static struct policy *load_with(const char *bands)
{
    size_t length = 0;
    char *base = file_read(BASE, &length);
    char *at = strstr(base, "bands: [") + strlen("bands: [");
    char *end = strstr(at, "], clause: t");
    char *text = NULL;
    struct policy *policy = NULL;
    struct error err = {0};
    assert_true(asprintf(&text, "%.*s%s%s", (int)(at - base), base, bands, end) > 0);
    check_ok(policy_load("bands.yaml", text, strlen(text), &policy, &err), &err);
    free(text);
    free(base);
    return policy;
}

static int searched(const struct edges *edges, int64_t days)
{
    for (size_t i = 0; i < edges->count; i++) {
        if (days <= edges->last[i]) {
            return edges->class[i];
        }
    }
    return edges->class[edges->count];
}

static int64_t first_day_of(const struct edges *edges, int class)
{
    for (size_t i = 0; i <= edges->count; i++) {
        if (edges->class[i] >= class) {
            return i == 0 ? INT64_MIN : edges->last[i - 1] + 1;
        }
    }
    return INT64_MAX;
}

static void every_value_has_the_band_a_search_finds(void **state)
{
    (void)state;
    struct random_source source = random_start("every_value_has_the_band_a_search_finds");
    for (int round = 0; round < TABLES; round++) {
        static char text[8192];
        struct edges edges;
        struct error err = {0};
        make_edges(&source, &edges, text, sizeof text);
        struct policy *policy = load_with(text);
        for (int i = 0; i < 200; i++) {
            bool near = edges.count > 0 && i % 2 == 0;
            int64_t days = near ? edges.last[random_between(&source, 0, (int64_t)edges.count - 1)] +
                                      random_between(&source, -1, 1)
                                : random_between(&source, -10, 5000);
            enum loan_class got = CLASS_NORMAL;
            check_ok(policy_class(policy, day("2020-01-01"), days, &got, NULL, &err), &err);
            check_int_equal(got, searched(&edges, days));
        }
        for (int class = 0; class < 5; class ++) {
            int64_t days = 0;
            check_ok(policy_days_to_class(policy, day("2020-01-01"), (enum loan_class) class, &days,
                                          &err),
                     &err);
            check_int_equal(days, first_day_of(&edges, class));
        }
        policy_free(policy);
    }
}

static void shuffle(struct random_source *source, enum due order[DUE_COUNT])
{
    for (size_t i = 0; i < DUE_COUNT; i++) {
        order[i] = (enum due)i;
    }
    for (size_t i = DUE_COUNT - 1; i > 0; i--) {
        size_t other = (size_t)random_between(source, 0, (int64_t)i);
        enum due kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
}

static void no_fen_of_a_payment_is_lost(void **state)
{
    (void)state;
    struct random_source source = random_start("no_fen_of_a_payment_is_lost");
    for (int round = 0; round < PAYMENTS; round++) {
        enum due order[DUE_COUNT];
        struct dues due = {0};
        struct money over = MONEY_ZERO;
        shuffle(&source, order);
        for (size_t i = 0; i < DUE_COUNT; i++) {
            due.of[i] = money_from_fen(random_between(&source, 0, random_between(&source, 0, 999)));
        }
        int64_t paid = random_between(&source, 0, 3000);
        struct dues taken = dues_take(order, &due, money_from_fen(paid), &over);
        int64_t sum = money_fen(over);
        bool short_before = false;
        for (size_t i = 0; i < DUE_COUNT; i++) {
            int64_t part = money_fen(taken.of[order[i]]);
            assert_true(part >= 0 && part <= money_fen(due.of[order[i]]));
            /* Nothing is taken for what comes after something that is not paid in full. */
            assert_true(!short_before || part == 0);
            short_before = short_before || part < money_fen(due.of[order[i]]);
            sum += part;
        }
        check_int_equal(sum, paid);
        assert_true(!short_before || money_is_zero(over));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_has_the_band_a_search_finds),
        cmocka_unit_test(no_fen_of_a_payment_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
