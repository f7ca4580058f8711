/* Tables of bands and the order of repayment, as the county's policy has them. */
#include "rules/decision.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <stdlib.h>
#include <string.h>

#define PILOT TEST_SOURCE_DIR "/rules/policies/county-pilot.yaml"
#define BASE TEST_SOURCE_DIR "/tests/policies/base.yaml"

static struct policy *load(char *text)
{
    struct policy *policy = NULL;
    struct error err = {0};
    check_ok(policy_load("policy.yaml", text, strlen(text), &policy, &err), &err);
    free(text);
    return policy;
}

static struct policy *pilot(void)
{
    size_t length = 0;
    return load(file_read(PILOT, &length));
}

/* The base policy with one piece replaced. */
static struct policy *base_with(const char *piece, const char *replacement)
{
    size_t length = 0;
    char *base = file_read(BASE, &length);
    char *at = strstr(base, piece);
    char *text = NULL;
    assert_non_null(at);
    assert_true(
        asprintf(&text, "%.*s%s%s", (int)(at - base), base, replacement, at + strlen(piece)) > 0);
    free(base);
    return load(text);
}

static void class_follows_from_the_days_overdue(void **state)
{
    (void)state;
    static const struct {
        int64_t days;
        enum loan_class want;
    } rows[] = {
        {-1, CLASS_NORMAL},          {0, CLASS_NORMAL},       {1, CLASS_SPECIAL_MENTION},
        {90, CLASS_SPECIAL_MENTION}, {91, CLASS_SUBSTANDARD}, {270, CLASS_SUBSTANDARD},
        {271, CLASS_DOUBTFUL},       {360, CLASS_DOUBTFUL},   {361, CLASS_LOSS},
        {100000, CLASS_LOSS},
    };
    struct policy *policy = pilot();
    struct error err = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        enum loan_class got = CLASS_LOSS;
        struct clause clause = {0};
        check_ok(policy_class(policy, day("2018-01-18"), rows[i].days, &got, &clause, &err), &err);
        check_int_equal(got, rows[i].want);
        assert_non_null(strstr(clause.en, "order no. 1 of 2023"));
    }
    policy_free(policy);
}

static void bad_loans_begin_with_the_first_day_of_their_first_band(void **state)
{
    (void)state;
    struct policy *policy = pilot();
    struct error err = {0};
    int64_t days = 0;
    check_ok(policy_days_to_class(policy, day("2018-01-18"), CLASS_SUBSTANDARD, &days, &err), &err);
    check_int_equal(days, 91);
    check_ok(policy_days_to_class(policy, day("2018-01-18"), CLASS_LOSS, &days, &err), &err);
    check_int_equal(days, 361);
    check_refused(policy_days_to_class(policy, day("2015-12-31"), CLASS_LOSS, &days, &err), &err,
                  "policy.not-in-force");
    policy_free(policy);
    policy = base_with("{from: 361 days, value: loss}", "{from: 361 days, value: doubtful}");
    check_ok(policy_days_to_class(policy, day("2018-01-18"), CLASS_LOSS, &days, &err), &err);
    assert_true(days == INT64_MAX);
    policy_free(policy);
}

static void class_before_the_first_row_is_refused(void **state)
{
    (void)state;
    struct policy *policy = pilot();
    struct error err = {0};
    enum loan_class got = CLASS_NORMAL;
    check_refused(policy_class(policy, day("2015-12-31"), 1, &got, NULL, &err), &err,
                  "policy.not-in-force");
    assert_non_null(strstr(err.text, "loan_class"));
    policy_free(policy);
}

static void tables_can_be_listed_as_they_stand(void **state)
{
    (void)state;
    struct policy *policy = pilot();
    check_int_equal((int64_t)policy_tables(policy), 2);
    check_text_equal(policy_table(policy, 0).name, "loan_class");
    check_int_equal(policy_table(policy, 0).governed_by, GOVERNED_BY_ACCRUAL);
    check_int_equal((int64_t)policy_table_row(policy, 0, 0).bands, 5);
    check_date(policy_table_row(policy, 0, 0).from, "2016-01-01");
    check_text_equal(policy_table_band(policy, 0, 0, 0), "to 0 days: normal");
    check_text_equal(policy_table_band(policy, 0, 0, 2), "from 91 days to 270 days: substandard");
    check_text_equal(policy_table_band(policy, 1, 0, 4), "is loss: 100%");
    policy_free(policy);
}

/* --- Conditions that ask a table ----------------------------------------------------------------
 */

#define TERMS                                                                                      \
    "rate_cap: {governed_by: application, of: months, gives: rate, values: ["                      \
    "{from: 2016-01-01, bands: [{to: 12 months, value: 4.35%}, {above: 12 months, value: 4.75%}"   \
    "], clause: x}, "                                                                              \
    "{from: 2020-01-01, bands: [{value: 3.85%}], clause: y}]}, "

static struct policy *with_rate_cap(void)
{
    size_t length = 0;
    char *base = file_read(BASE, &length);
    char *bands = strstr(base, "bands: {");
    const char *old = "household_balance + amount <= household_limit";
    char *require = strstr(base, old);
    char *text = NULL;
    assert_true(bands != NULL && require != NULL && bands < require);
    bands += strlen("bands: {");
    assert_true(asprintf(&text, "%.*s%s%.*srate <= band(rate_cap, term)%s", (int)(bands - base),
                         base, TERMS, (int)(require - bands), bands, require + strlen(old)) > 0);
    free(base);
    return load(text);
}

static bool decide(const struct policy *policy, struct arena *arena, const char *applied,
                   int64_t rate, int64_t term, struct decision *ret, struct error *err)
{
    struct governing_days days;
    struct case_facts facts = {0};
    for (size_t i = 0; i < GOVERNING_DATE_COUNT; i++) {
        days.of[i] = day("2021-01-01");
    }
    days.of[GOVERNED_BY_APPLICATION] = day(applied);
    assert_true(case_set_word(&facts, FACT_PRODUCT, "household"));
    case_set_rate(&facts, FACT_RATE, rate_from_ppm(rate));
    case_set_count(&facts, FACT_TERM, term);
    return policy_decide(policy, arena, DECISION_ELIGIBILITY, &days, day("2021-01-01"), &facts, ret,
                         err);
}

static void condition_asks_the_row_of_its_governing_day(void **state)
{
    (void)state;
    static const struct {
        const char *applied;
        int64_t rate;
        int64_t term;
        enum outcome want;
    } rows[] = {
        {"2016-01-01", 43500, 12, OUTCOME_PASS},  {"2016-01-01", 43501, 12, OUTCOME_BLOCK},
        {"2016-01-01", 47500, 13, OUTCOME_PASS},  {"2016-01-01", 47501, 13, OUTCOME_BLOCK},
        {"2019-12-31", 47500, 36, OUTCOME_PASS},  {"2020-01-01", 38500, 36, OUTCOME_PASS},
        {"2020-01-01", 38501, 12, OUTCOME_BLOCK},
    };
    struct policy *policy = with_rate_cap();
    AUTO_ARENA arena;
    arena_init(&arena, (size_t)1 << 20);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct decision decision = {0};
        struct error err = {0};
        check_ok(
            decide(policy, &arena, rows[i].applied, rows[i].rate, rows[i].term, &decision, &err),
            &err);
        check_int_equal(decision.outcome, rows[i].want);
        check_int_equal((int64_t)decision.table_count, 1);
        check_text_equal(decision.tables[0].name, "rate_cap");
        bool late = strcmp(rows[i].applied, "2020-01-01") == 0;
        check_text_equal(decision.tables[0].clause.en, late ? "y" : "x");
        check_date(decision.tables[0].from, late ? "2020-01-01" : "2016-01-01");
    }
    policy_free(policy);
}

static void table_that_is_not_in_force_stops_the_decision(void **state)
{
    (void)state;
    struct policy *policy = with_rate_cap();
    AUTO_ARENA arena;
    struct decision decision = {0};
    struct error err = {0};
    arena_init(&arena, (size_t)1 << 20);
    check_refused(decide(policy, &arena, "2015-12-31", 1, 1, &decision, &err), &err,
                  "policy.not-in-force");
    assert_non_null(strstr(err.text, "rate_cap"));
    policy_free(policy);
}

static void explanation_shows_what_was_found_in_the_table(void **state)
{
    (void)state;
    struct policy *policy = with_rate_cap();
    AUTO_ARENA arena;
    AUTO_BUFFER text;
    struct decision decision = {0};
    struct error err = {0};
    arena_init(&arena, (size_t)1 << 20);
    buffer_init(&text, 4000);
    check_ok(decide(policy, &arena, "2016-01-01", 50000, 36, &decision, &err), &err);
    decision_explain(&decision, EXPLAIN_CLAUSES, false, &text);
    assert_non_null(strstr(text.data, "    band(rate_cap, term): 4.75%\n"));
    assert_non_null(strstr(text.data, "- rate_cap (from 2016-01-01): x\n"));
    policy_free(policy);
}

/* --- The order of repayment ---------------------------------------------------------------------
 */

#define ORDER "order: [costs, penalty, compound, interest, principal]"

static void check_order(const struct policy *policy, const char *on, int64_t days_overdue,
                        const char *want)
{
    enum due order[DUE_COUNT];
    struct clause clause = {0};
    struct error err = {0};
    char text[128] = "";
    check_ok(policy_repayment_order(policy, day(on), days_overdue, order, &clause, &err), &err);
    for (size_t i = 0; i < DUE_COUNT; i++) {
        strcat(text, i == 0 ? "" : " ");
        strcat(text, due_name(order[i]));
    }
    check_text_equal(text, want);
    assert_non_null(clause.en);
}

static void order_of_repayment_is_the_policys(void **state)
{
    (void)state;
    struct policy *policy =
        base_with(ORDER ", clause: u}", ORDER
                  ", long_overdue: {after: 90 days, order: [costs, principal, interest, compound,"
                  " penalty]}, clause: u}, {from: 2020-01-01, order: [principal, interest, penalty,"
                  " compound, costs], clause: v}");
    enum due order[DUE_COUNT];
    struct error err = {0};
    check_order(policy, "2016-01-01", 0, "costs penalty compound interest principal");
    check_order(policy, "2016-01-01", 90, "costs penalty compound interest principal");
    check_order(policy, "2016-01-01", 91, "costs principal interest compound penalty");
    check_order(policy, "2020-01-01", 91, "principal interest penalty compound costs");
    check_refused(policy_repayment_order(policy, day("2015-12-31"), 0, order, NULL, &err), &err,
                  "policy.not-in-force");
    check_int_equal(policy_repayment_governed_by(policy), GOVERNED_BY_SIGNING);
    check_int_equal((int64_t)policy_repayment_rows(policy), 2);
    check_int_equal(policy_repayment_row(policy, 0).long_overdue_after, 90);
    assert_false(policy_repayment_row(policy, 1).has_long_overdue);
    policy_free(policy);
}

static void payment_is_taken_in_the_order(void **state)
{
    (void)state;
    static const enum due order[DUE_COUNT] = {DUE_COSTS, DUE_PRINCIPAL, DUE_PENALTY, DUE_COMPOUND,
                                              DUE_INTEREST};
    struct dues due = {{[DUE_COSTS] = money_from_fen(10),
                        [DUE_PENALTY] = money_from_fen(20),
                        [DUE_INTEREST] = money_from_fen(30),
                        [DUE_PRINCIPAL] = money_from_fen(1000)}};
    struct money over = MONEY_ZERO;
    struct dues taken = dues_take(order, &due, money_from_fen(1015), &over);
    check_fen(taken.of[DUE_COSTS], 10);
    check_fen(taken.of[DUE_PRINCIPAL], 1000);
    check_fen(taken.of[DUE_PENALTY], 5);
    check_fen(taken.of[DUE_INTEREST], 0);
    check_fen(over, 0);
    taken = dues_take(order, &due, money_from_fen(2000), &over);
    check_fen(taken.of[DUE_INTEREST], 30);
    check_fen(over, 940);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(class_follows_from_the_days_overdue),
        cmocka_unit_test(bad_loans_begin_with_the_first_day_of_their_first_band),
        cmocka_unit_test(class_before_the_first_row_is_refused),
        cmocka_unit_test(tables_can_be_listed_as_they_stand),
        cmocka_unit_test(condition_asks_the_row_of_its_governing_day),
        cmocka_unit_test(table_that_is_not_in_force_stops_the_decision),
        cmocka_unit_test(explanation_shows_what_was_found_in_the_table),
        cmocka_unit_test(order_of_repayment_is_the_policys),
        cmocka_unit_test(payment_is_taken_in_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
