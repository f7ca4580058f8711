/* Schedules over random terms: whatever is asked for, the sums close, dates ascend, and each row's
 * interest is what its balance and days say. */
#include "ledger/loans/schedule.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#include <string.h>

#define ROUNDS 3000

static struct period random_every(struct random_source *source)
{
    switch (random_between(source, 0, 4)) {
    case 0:
        return (struct period){PERIOD_MONTHS, 3};
    case 1:
        return (struct period){PERIOD_DAYS, (int)random_between(source, 5, 60)};
    case 2:
        return (struct period){PERIOD_ONCE, 1};
    default:
        return (struct period){PERIOD_MONTHS, 1};
    }
}

static struct schedule_terms random_terms(struct random_source *source)
{
    const int64_t most[] = {100, 100000, 10000000, INT64_C(100000000000)};
    const int64_t rates[] = {0, 50000, 240000, 10000000};
    struct schedule_terms terms = {
        .principal = money_from_fen(random_between(source, 1, most[random_between(source, 0, 3)])),
        .rate = rate_from_ppm(random_between(source, 0, rates[random_between(source, 0, 3)])),
        .start = date_from_day(random_between(source, 14000, 24000)),
        .method = (enum repayment_method)random_between(source, METHOD_INTEREST_ONLY, METHOD_FLAT),
        .every = random_every(source),
        .day_count = (enum day_count)random_between(source, DAY_COUNT_ACT_360, DAY_COUNT_30_360),
        .month_end = (enum month_end)random_between(source, MONTH_END_LAST, MONTH_END_NEXT),
        .rounding = random_between(source, 0, 1) == 0 ? ROUND_HALF_UP : ROUND_HALF_EVEN,
        .installment_unit = money_from_fen(random_between(source, 0, 1) == 0 ? 1 : 100),
        .subsidy = rate_from_ppm(random_between(source, 0, 80000)),
    };
    if (random_between(source, 0, 3) == 0)
        terms.term_days = (int)random_between(source, 1, 1500);
    else
        terms.term_months = (int)random_between(source, 1, 60);
    if (terms.every.unit != PERIOD_DAYS && random_between(source, 0, 1) == 0)
        terms.settle_day = (int)random_between(source, 1, 28);
    if (random_between(source, 0, 3) == 0)
        terms.grace_principal = (int)random_between(source, 0, 5);
    terms.has_first_due = random_between(source, 0, 3) == 0;
    terms.first_due = date_add_days(terms.start, (int32_t)random_between(source, 1, 60));
    return terms;
}

static void check_rows_hang_together(const struct schedule_terms *terms,
                                     const struct schedule *schedule)
{
    struct date at = terms->start;
    int64_t balance = money_fen(terms->principal);
    for (size_t i = 0; i < schedule->count; i++) {
        const struct schedule_row *row = &schedule->row[i];
        check_int_equal(row->no, (int64_t)i + 1);
        check_int_equal(row->from.day, at.day);
        check_int_equal(date_compare(row->from, row->due), -1);
        at = row->due;
        assert_false(money_is_negative(row->principal));
        assert_false(money_is_negative(row->subsidy));
        assert_false(money_is_negative(row->own_interest));
        balance -= money_fen(row->principal);
        check_fen(row->balance, balance);
        check_fen(row->interest, money_fen(row->subsidy) + money_fen(row->own_interest));
        check_fen(row->payment, money_fen(row->principal) + money_fen(row->interest));
        if ((int)i < terms->grace_principal)
            check_fen(row->principal, 0);
        if (terms->day_count != DAY_COUNT_30_360)
            check_int_equal(row->days, date_days_between(row->from, row->due));
    }
    check_int_equal(at.day, schedule->maturity.day);
    check_int_equal(balance, 0);
}

static void check_totals(const struct schedule_terms *terms, const struct schedule *schedule)
{
    int64_t interest = 0;
    int64_t subsidy = 0;
    for (size_t i = 0; i < schedule->count; i++) {
        interest += money_fen(schedule->row[i].interest);
        subsidy += money_fen(schedule->row[i].subsidy);
    }
    check_fen(schedule->principal, money_fen(terms->principal));
    check_fen(schedule->interest, interest);
    check_fen(schedule->subsidy, subsidy);
    check_fen(schedule->own_interest, interest - subsidy);
    check_fen(schedule->payment, money_fen(terms->principal) + interest);
    if (terms->rate.ppm <= terms->subsidy.ppm)
        check_fen(schedule->own_interest, 0);
    if (terms->subsidy.ppm == 0)
        check_fen(schedule->subsidy, 0);
}

/* |balance x ppm x days - interest x 10^6 x year| <= half of 10^6 x year, for actual days. */
static void check_interest(const struct schedule_terms *terms, const struct schedule *schedule)
{
    const int64_t years[] = {360, 364, 365};
    if (terms->method == METHOD_FLAT || terms->day_count > DAY_COUNT_ACT_365 ||
        money_fen(terms->principal) > 10000000 || terms->rate.ppm > 240000)
        return;
    const int64_t unit = 1000000 * years[terms->day_count];
    int64_t balance = money_fen(terms->principal);
    for (size_t i = 0; i < schedule->count; i++) {
        const struct schedule_row *row = &schedule->row[i];
        const int64_t exact = balance * terms->rate.ppm * row->days;
        const int64_t off = exact - money_fen(row->interest) * unit;
        assert_true(2 * off <= unit && 2 * off >= -unit);
        balance = money_fen(row->balance);
    }
}

static void any_schedule_closes(void **state)
{
    (void)state;
    struct random_source source = random_start("any_schedule_closes");
    int built = 0;
    for (int i = 0; i < ROUNDS; i++) {
        const struct schedule_terms terms = random_terms(&source);
        AUTO_ARENA arena;
        arena_init(&arena, ARENA_LIMIT_COMMAND);
        struct schedule schedule = {0};
        struct error err = {0};
        if (schedule_build(&terms, &arena, &schedule, &err)) {
            check_rows_hang_together(&terms, &schedule);
            check_totals(&terms, &schedule);
            check_interest(&terms, &schedule);
            built++;
        } else {
            /* Random terms can ask for a first due day after maturity, or for too much grace. */
            assert_true(strcmp(err.reason, "quote.first-due") == 0 ||
                        strcmp(err.reason, "quote.grace") == 0);
        }
    }
    assert_true(built > ROUNDS / 2);
}

/* Paying the level payment, in exact steps, leaves a last payment close to it: each of the n - 1
 * payments is off by at most half a unit and each interest by half a fen, carried at the rate. */
static void the_last_payment_of_an_annuity_is_near_the_others(void **state)
{
    (void)state;
    struct random_source source = random_start("the_last_payment_of_an_annuity_is_near_the_others");
    for (int i = 0; i < ROUNDS; i++) {
        struct schedule_terms terms = random_terms(&source);
        terms.method = METHOD_ANNUITY;
        terms.principal = money_from_fen(random_between(&source, 1000000, 100000000));
        terms.rate = rate_from_ppm(random_between(&source, 0, 100000));
        terms.installment_unit = money_from_fen(1);
        terms.grace_principal = 0;
        terms.has_first_due = false;
        AUTO_ARENA arena;
        arena_init(&arena, ARENA_LIMIT_COMMAND);
        struct schedule schedule = {0};
        struct error err = {0};
        check_ok(schedule_build(&terms, &arena, &schedule, &err), &err);
        const int64_t first = money_fen(schedule.row[0].payment);
        const int64_t last = money_fen(schedule.row[schedule.count - 1].payment);
        /* At 10 % over five years errors grow by less than 1.7. */
        const int64_t bound = 2 * (int64_t)schedule.count + 1;
        if (last - first > bound || first - last > bound)
            fail_msg("first %lld, last %lld of %zu", (long long)first, (long long)last,
                     schedule.count);
        for (size_t k = 0; k + 1 < schedule.count; k++)
            check_fen(schedule.row[k].payment, first);
    }
}

static void settlement_rows_fall_due_the_day_after_the_close(void **state)
{
    (void)state;
    struct random_source source = random_start("settlement_rows_fall_due_the_day_after_the_close");
    for (int i = 0; i < ROUNDS; i++) {
        struct schedule_terms terms = random_terms(&source);
        terms.method = METHOD_INTEREST_ONLY;
        terms.every = (struct period){PERIOD_MONTHS, 3};
        terms.settle_day = 20;
        terms.grace_principal = 0;
        terms.has_first_due = false;
        AUTO_ARENA arena;
        arena_init(&arena, ARENA_LIMIT_COMMAND);
        struct schedule schedule = {0};
        struct error err = {0};
        check_ok(schedule_build(&terms, &arena, &schedule, &err), &err);
        size_t closes = 0;
        for (struct date d = date_add_days(terms.start, 1);
             date_compare(date_add_days(d, 1), schedule.maturity) < 0; d = date_add_days(d, 1)) {
            const struct ymd ymd = date_to_ymd(d);
            if (ymd.day != 20 || ymd.month % 3 != 0)
                continue;
            assert_true(closes + 1 < schedule.count);
            check_int_equal(schedule.row[closes].due.day, d.day + 1);
            closes++;
        }
        check_int_equal((int64_t)schedule.count, (int64_t)closes + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_schedule_closes),
        cmocka_unit_test(the_last_payment_of_an_annuity_is_near_the_others),
        cmocka_unit_test(settlement_rows_fall_due_the_day_after_the_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
