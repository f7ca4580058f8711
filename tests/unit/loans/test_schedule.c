/* The rows of each case come from tests/fixtures/schedule.py, which shares no code with the engine;
 * the worked example and the refusals are written out by hand. */
#include "ledger/base/text.h"
#include "ledger/loans/schedule.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

struct schedule_case {
    const char *name, *principal, *rate, *start, *term, *method, *every;
    int settle_day;
    const char *day_count, *month_end, *rounding, *unit;
    int grace;
    const char *first_due, *subsidy;
    const char *const *rows; /* "no from due days principal interest payment balance subsidy own" */
};

#include "tests/fixtures/schedule_expected.h"

static struct schedule_terms terms_of(const struct schedule_case *c)
{
    struct schedule_terms terms = {
        .start = day(c->start),
        .settle_day = c->settle_day,
        .month_end = text_equal(c->month_end, "next") ? MONTH_END_NEXT : MONTH_END_LAST,
        .rounding = text_equal(c->rounding, "half-even") ? ROUND_HALF_EVEN : ROUND_HALF_UP,
        .grace_principal = c->grace,
        .has_first_due = c->first_due[0] != '\0',
    };
    struct error err = {0};
    check_ok(money_parse(c->principal, &terms.principal, &err), &err);
    check_ok(money_parse(c->unit, &terms.installment_unit, &err), &err);
    check_ok(rate_parse(c->rate, &terms.rate, &err), &err);
    check_ok(rate_parse(c->subsidy, &terms.subsidy, &err), &err);
    check_ok(term_parse(c->term, &terms.term_months, &terms.term_days, &err), &err);
    check_ok(repayment_method_parse(c->method, &terms.method, &err), &err);
    check_ok(period_parse(c->every, &terms.every, &err), &err);
    check_ok(day_count_parse(c->day_count, &terms.day_count, &err), &err);
    if (terms.has_first_due)
        terms.first_due = day(c->first_due);
    return terms;
}

#define ROW_TEXT_SIZE 256
static const char *row_text(const struct schedule_row *row, char *buffer)
{
    char from[DATE_TEXT_SIZE];
    char due[DATE_TEXT_SIZE];
    char amount[6][MONEY_TEXT_SIZE];
    (void)snprintf(buffer, ROW_TEXT_SIZE, "%d %s %s %d %s %s %s %s %s %s", row->no,
                   date_format(row->from, from), date_format(row->due, due), row->days,
                   money_format(row->principal, amount[0]), money_format(row->interest, amount[1]),
                   money_format(row->payment, amount[2]), money_format(row->balance, amount[3]),
                   money_format(row->subsidy, amount[4]),
                   money_format(row->own_interest, amount[5]));
    return buffer;
}

static void check_case(const struct schedule_case *c)
{
    const struct schedule_terms terms = terms_of(c);
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    struct schedule schedule = {0};
    struct error err = {0};
    print_message("%s\n", c->name);
    check_ok(schedule_build(&terms, &arena, &schedule, &err), &err);
    size_t count = 0;
    for (; c->rows[count] != NULL && count < schedule.count; count++) {
        char text[ROW_TEXT_SIZE];
        check_text_equal(row_text(&schedule.row[count], text), c->rows[count]);
    }
    assert_null(c->rows[count]);
    check_int_equal((int64_t)schedule.count, (int64_t)count);
}

static void every_case_of_the_fixture_is_met_to_the_fen(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(schedule_cases); i++)
        check_case(&schedule_cases[i]);
}

/* The base of the tests below: the worked example of the design. */
static struct schedule_terms example_terms(void)
{
    return (struct schedule_terms){
        .principal = money_from_fen(5000000),
        .rate = rate_from_ppm(43500),
        .start = day("2016-10-20"),
        .term_months = 12,
        .method = METHOD_INTEREST_ONLY,
        .every = {PERIOD_MONTHS, 3},
        .settle_day = 20,
        .day_count = DAY_COUNT_ACT_360,
        .rounding = ROUND_HALF_UP,
        .installment_unit = money_from_fen(1),
        .subsidy = rate_from_ppm(50000),
    };
}

static void the_worked_example_is_met(void **state)
{
    (void)state;
    static const struct {
        const char *from, *due;
        int days;
        int64_t interest;
    } rows[] = {
        {"2016-10-20", "2016-12-21", 62, 37458}, {"2016-12-21", "2017-03-21", 90, 54375},
        {"2017-03-21", "2017-06-21", 92, 55583}, {"2017-06-21", "2017-09-21", 92, 55583},
        {"2017-09-21", "2017-10-20", 29, 17521},
    };
    const struct schedule_terms terms = example_terms();
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    struct schedule schedule = {0};
    struct error err = {0};
    check_ok(schedule_build(&terms, &arena, &schedule, &err), &err);
    check_int_equal((int64_t)schedule.count, (int64_t)COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_date(schedule.row[i].from, rows[i].from);
        check_date(schedule.row[i].due, rows[i].due);
        check_int_equal(schedule.row[i].days, rows[i].days);
        check_fen(schedule.row[i].interest, rows[i].interest);
        check_fen(schedule.row[i].principal, i == 4 ? 5000000 : 0);
    }
    check_fen(schedule.principal, 5000000);
    check_fen(schedule.interest, 220520);
    check_fen(schedule.payment, 5220520);
    /* The subsidy of 5 % is never more than the contract's 4.35 %. */
    check_fen(schedule.subsidy, 220520);
    check_fen(schedule.own_interest, 0);
    check_date(schedule.maturity, "2017-10-20");
}

static void check_terms_refused(const struct schedule_terms *terms, const char *reason)
{
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    struct schedule schedule = {.count = 77};
    struct error err = {0};
    check_refused(schedule_build(terms, &arena, &schedule, &err), &err, reason);
    check_int_equal(err.fault, FAULT_USAGE);
    check_int_equal((int64_t)schedule.count, 77);
}

static void an_impossible_term_is_refused(void **state)
{
    (void)state;
    static const struct {
        int months, days;
    } rows[] = {{0, 0}, {-1, 0}, {0, -1}, {601, 0}, {0, 18264}, {12, 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct schedule_terms terms = example_terms();
        terms.term_months = rows[i].months;
        terms.term_days = rows[i].days;
        check_terms_refused(&terms, "quote.term");
    }
    struct schedule_terms late = example_terms();
    late.start = day("2199-06-01");
    check_terms_refused(&late, "quote.term");
}

static void an_impossible_amount_is_refused(void **state)
{
    (void)state;
    static const int64_t rows[] = {0, -1, MONEY_LIMIT_FEN + 1, MONEY_LIMIT_FEN};
    for (enum repayment_method method = METHOD_INTEREST_ONLY; method <= METHOD_FLAT; method++) {
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            struct schedule_terms terms = example_terms();
            terms.method = method;
            terms.principal = money_from_fen(rows[i]);
            check_terms_refused(&terms, "quote.amount");
        }
        struct schedule_terms dear = example_terms();
        dear.method = method;
        dear.principal = money_from_fen(MONEY_LIMIT_FEN);
        dear.rate = rate_from_ppm(RATE_LIMIT_PPM);
        dear.term_months = TERM_MONTHS_MAX;
        check_terms_refused(&dear, "quote.amount");
    }
}

static void an_impossible_settlement_day_is_refused(void **state)
{
    (void)state;
    static const int rows[] = {-1, 29, 31};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct schedule_terms terms = example_terms();
        terms.settle_day = rows[i];
        check_terms_refused(&terms, "quote.settle-day");
    }
    struct schedule_terms by_days = example_terms();
    by_days.every = (struct period){PERIOD_DAYS, 10};
    check_terms_refused(&by_days, "quote.settle-day");
}

static void a_first_due_day_outside_the_loan_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"2016-10-20", "2016-10-19", "2017-10-21"};
    struct schedule_terms terms = example_terms();
    terms.has_first_due = true;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        terms.first_due = day(rows[i]);
        check_terms_refused(&terms, "quote.first-due");
    }
    terms.first_due = day("2017-10-19");
    terms.method = METHOD_BULLET;
    check_terms_refused(&terms, "quote.first-due");
}

static void a_grace_of_all_instalments_is_refused(void **state)
{
    (void)state;
    static const int rows[] = {-1, 5, 6};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct schedule_terms terms = example_terms();
        terms.method = METHOD_ANNUITY;
        terms.grace_principal = rows[i];
        check_terms_refused(&terms, "quote.grace");
    }
}

static void other_units_of_instalments_are_refused(void **state)
{
    (void)state;
    static const int64_t rows[] = {0, -1, 10, 1000};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct schedule_terms terms = example_terms();
        terms.installment_unit = money_from_fen(rows[i]);
        check_terms_refused(&terms, "quote.unit");
    }
}

static void the_number_of_rows_has_a_limit(void **state)
{
    (void)state;
    struct schedule_terms terms = example_terms();
    terms.settle_day = 0;
    terms.every = (struct period){PERIOD_DAYS, 1};
    terms.term_months = 0;
    terms.term_days = SCHEDULE_ROWS_MAX + 1;
    check_terms_refused(&terms, "quote.rows");
    terms.term_days = SCHEDULE_ROWS_MAX;
    terms.method = METHOD_ANNUITY;
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    struct schedule schedule = {0};
    struct error err = {0};
    check_ok(schedule_build(&terms, &arena, &schedule, &err), &err);
    check_int_equal((int64_t)schedule.count, SCHEDULE_ROWS_MAX);
    check_fen(schedule.principal, 5000000);
}

static void words_of_the_command_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct period period;
    } periods[] = {
        {"month", {PERIOD_MONTHS, 1}}, {"quarter", {PERIOD_MONTHS, 3}}, {"10d", {PERIOD_DAYS, 10}},
        {"2w", {PERIOD_DAYS, 14}},     {"once", {PERIOD_ONCE, 1}},      {"1d", {PERIOD_DAYS, 1}},
    };
    static const struct {
        const char *text;
        int months, days;
    } terms[] = {{"12m", 12, 0}, {"90d", 0, 90}, {"1y", 12, 0}, {"50y", 600, 0}, {"600m", 600, 0}};
    struct error err = {0};
    for (size_t i = 0; i < COUNT_OF(periods); i++) {
        struct period got = {PERIOD_ONCE, 77};
        check_ok(period_parse(periods[i].text, &got, &err), &err);
        check_int_equal(got.unit, periods[i].period.unit);
        check_int_equal(got.count, periods[i].period.count);
    }
    for (size_t i = 0; i < COUNT_OF(terms); i++) {
        int months = 77;
        int days = 77;
        check_ok(term_parse(terms[i].text, &months, &days, &err), &err);
        check_int_equal(months, terms[i].months);
        check_int_equal(days, terms[i].days);
    }
    for (enum repayment_method method = METHOD_INTEREST_ONLY; method <= METHOD_FLAT; method++) {
        enum repayment_method got = METHOD_BULLET;
        check_ok(repayment_method_parse(repayment_method_name(method), &got, &err), &err);
        check_int_equal(got, method);
    }
}

static void other_words_are_refused(void **state)
{
    (void)state;
    static const char *const periods[] = {"",    "0d",  "d",     "10",     "10m",   "-1d", "01d",
                                          "1dd", "1 d", "Month", "99999d", "9999w", "１d"};
    static const char *const terms[] = {"",    "0m",   "12",   "m",    "601m",    "51y", "18264d",
                                        "-1m", "1.5y", "12mm", "012m", "999999d", "12w"};
    static const char *const methods[] = {"", "Annuity", "interest only", "annuity "};
    for (size_t i = 0; i < COUNT_OF(periods); i++) {
        struct period got = {PERIOD_ONCE, 77};
        struct error err = {0};
        check_refused(period_parse(periods[i], &got, &err), &err, "quote.every");
        check_int_equal(got.count, 77);
    }
    for (size_t i = 0; i < COUNT_OF(terms); i++) {
        int months = 77;
        int days = 77;
        struct error err = {0};
        check_refused(term_parse(terms[i], &months, &days, &err), &err, "quote.term");
        check_int_equal(months + days, 154);
    }
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        enum repayment_method got = METHOD_FLAT;
        struct error err = {0};
        check_refused(repayment_method_parse(methods[i], &got, &err), &err, "quote.method");
        check_int_equal(got, METHOD_FLAT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_of_the_fixture_is_met_to_the_fen),
        cmocka_unit_test(the_worked_example_is_met),
        cmocka_unit_test(an_impossible_term_is_refused),
        cmocka_unit_test(an_impossible_amount_is_refused),
        cmocka_unit_test(an_impossible_settlement_day_is_refused),
        cmocka_unit_test(a_first_due_day_outside_the_loan_is_refused),
        cmocka_unit_test(a_grace_of_all_instalments_is_refused),
        cmocka_unit_test(other_units_of_instalments_are_refused),
        cmocka_unit_test(the_number_of_rows_has_a_limit),
        cmocka_unit_test(words_of_the_command_are_read),
        cmocka_unit_test(other_words_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
