/* The figures are the county's (see rules/policies/county-pilot.yaml) or were worked out by hand.
 */
#include "rules/decision.h"
#include "rules/waterfall.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASE TEST_SOURCE_DIR "/tests/policies/base.yaml"
#define PILOT TEST_SOURCE_DIR "/rules/policies/county-pilot.yaml"

static struct policy *load(const char *path)
{
    size_t length = 0;
    char *bytes = file_read(path, &length);
    struct policy *policy = NULL;
    struct error err = {0};
    check_ok(policy_load(path, bytes, length, &policy, &err), &err);
    free(bytes);
    return policy;
}

/* The base policy with one piece of its text put in another's place. */
static bool load_changed(const char *old, const char *new, struct policy **ret, struct error *err)
{
    size_t length = 0;
    char *text = file_read(BASE, &length);
    char *at = strstr(text, old);
    assert_non_null(at);
    char *changed = NULL;
    assert_true(asprintf(&changed, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old)) > 0);
    bool loaded = policy_load("changed.yaml", changed, strlen(changed), ret, err);
    free(changed);
    free(text);
    return loaded;
}

static int setup(void **state)
{
    *state = load(BASE);
    return 0;
}

static int teardown(void **state)
{
    policy_free(*state);
    return 0;
}

static int64_t fen(const struct policy *policy, enum parameter parameter, const char *on)
{
    struct money amount = MONEY_ZERO;
    struct error err = {0};
    check_ok(policy_money(policy, parameter, day(on), &amount, NULL, &err), &err);
    return money_fen(amount);
}

static int64_t ppm(const struct policy *policy, enum parameter parameter, const char *on)
{
    struct rate rate = {0};
    struct error err = {0};
    check_ok(policy_rate(policy, parameter, day(on), &rate, NULL, &err), &err);
    return rate.ppm;
}

static int64_t number(const struct policy *policy, enum parameter parameter, const char *on)
{
    int64_t got = 0;
    struct error err = {0};
    check_ok(policy_int(policy, parameter, day(on), &got, NULL, &err), &err);
    return got;
}

/* --- The county's policy -----------------------------------------------------------------------
 */

static void county_pilot_holds_the_values_of_the_scheme(void **state)
{
    (void)state;
    struct policy *pilot = load(PILOT);
    const char *on = "2016-10-20";
    check_text_equal(policy_name(pilot), "county-pilot");
    check_int_equal(fen(pilot, PARAMETER_HOUSEHOLD_LIMIT, on), 5000000);
    check_int_equal(fen(pilot, PARAMETER_MICRO_ENTREPRENEUR_LIMIT, on), 10000000);
    check_int_equal(fen(pilot, PARAMETER_COVERED_LIMIT, on), 5000000);
    check_int_equal(number(pilot, PARAMETER_TERM_MAX, on), 36);
    check_int_equal(number(pilot, PARAMETER_AGE_MIN, on), 18);
    check_int_equal(number(pilot, PARAMETER_AGE_MAX, on), 65);
    check_int_equal(ppm(pilot, PARAMETER_SUBSIDY_RATE, on), 50000);
    check_int_equal(ppm(pilot, PARAMETER_SUBSIDY_SHARE, on), 1000000);
    check_int_equal(ppm(pilot, PARAMETER_PENALTY_FACTOR, on), 1500000);
    check_int_equal(number(pilot, PARAMETER_SETTLE_DAY, on), 20);
    check_int_equal(number(pilot, PARAMETER_CLAIM_AFTER_DAYS, on), 90);
    check_int_equal(number(pilot, PARAMETER_NON_ACCRUAL_AFTER_DAYS, on), 90);
    check_int_equal(ppm(pilot, PARAMETER_TOP_UP_SHARE, on), 100000);
    check_int_equal(ppm(pilot, PARAMETER_PREMIUM_SHARE, on), 15000);
    bool subsidised = true;
    struct error err = {0};
    check_ok(policy_truth(pilot, PARAMETER_SUBSIDY_WHILE_OVERDUE, day(on), &subsidised, NULL, &err),
             &err);
    assert_false(subsidised);
    policy_free(pilot);
}

static void county_pilot_says_what_is_assumed(void **state)
{
    (void)state;
    struct policy *pilot = load(PILOT);
    struct rate rate = {0};
    struct clause clause = {0};
    struct error err = {0};
    check_ok(policy_rate(pilot, PARAMETER_PREMIUM_SHARE, day("2017-01-01"), &rate, &clause, &err),
             &err);
    assert_non_null(strstr(clause.en, "Assumed: 1.5 %"));
    assert_non_null(strstr(policy_loss_clause(pilot, day("2017-01-01")).en, "70 %"));
    assert_non_null(strstr(policy_recovery_clause(pilot, day("2017-01-01")).en, "what each bore"));
    policy_free(pilot);
}

static void county_pilot_begins_in_2016(void **state)
{
    (void)state;
    struct policy *pilot = load(PILOT);
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        check_int_equal((int64_t)policy_rows(pilot, (enum parameter)i), 1);
        check_date(policy_row(pilot, (enum parameter)i, 0).from, "2016-01-01");
    }
    policy_free(pilot);
}

/* --- Names, digest, rows -----------------------------------------------------------------------
 */

static void policy_has_titles_in_two_languages(void **state)
{
    check_text_equal(policy_title(*state, true), "测试政策");
    check_text_equal(policy_title(*state, false), "Policy of the tests");
}

static void digest_is_the_sha256_of_the_bytes(void **state)
{
    struct policy *pilot = load(PILOT);
    struct sha256 digest = policy_digest(pilot);
    char got[SHA256_HEX_SIZE];
    hex_format(digest.byte, SHA256_SIZE, got);
    FILE *tool = popen("sha256sum '" PILOT "'", "re");
    char want[SHA256_HEX_SIZE] = "";
    assert_non_null(tool);
    assert_non_null(fgets(want, sizeof want, tool));
    pclose(tool);
    check_text_equal(got, want);
    struct sha256 other = policy_digest(*state);
    assert_false(sha256_equal(&digest, &other));
    policy_free(pilot);
}

static void rows_are_shown_as_they_stand_in_the_file(void **state)
{
    check_int_equal((int64_t)policy_rows(*state, PARAMETER_SUBSIDY_SHARE), 2);
    struct parameter_row first = policy_row(*state, PARAMETER_SUBSIDY_SHARE, 0);
    struct parameter_row second = policy_row(*state, PARAMETER_SUBSIDY_SHARE, 1);
    check_date(first.from, "2016-01-01");
    check_text_equal(first.value, "100%");
    check_text_equal(first.clause.en, "h");
    check_date(second.from, "2024-01-01");
    check_text_equal(second.value, "70%");
    check_text_equal(second.clause.en, "i");
    check_text_equal(policy_row(*state, PARAMETER_HOUSEHOLD_LIMIT, 0).value, "50000 yuan");
}

static void each_parameter_says_which_date_governs_it(void **state)
{
    check_int_equal(policy_governed_by(*state, PARAMETER_HOUSEHOLD_LIMIT), GOVERNED_BY_APPLICATION);
    check_int_equal(policy_governed_by(*state, PARAMETER_COVERED_LIMIT), GOVERNED_BY_SIGNING);
    check_int_equal(policy_governed_by(*state, PARAMETER_SUBSIDY_SHARE), GOVERNED_BY_ACCRUAL);
    check_int_equal(policy_governed_by(*state, PARAMETER_CLAIM_AFTER_DAYS), GOVERNED_BY_CLAIM);
    check_int_equal(policy_loss_governed_by(*state), GOVERNED_BY_CLAIM);
    check_int_equal(policy_recovery_governed_by(*state), GOVERNED_BY_CLAIM);
}

static void parameter_names_are_those_of_the_file(void **state)
{
    (void)state;
    check_text_equal(parameter_name(PARAMETER_HOUSEHOLD_LIMIT), "household_limit");
    check_text_equal(parameter_name(PARAMETER_PREMIUM_SHARE), "premium_share");
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        assert_non_null(parameter_name((enum parameter)i));
    }
}

/* --- Dates -------------------------------------------------------------------------------------
 */

static void value_changes_on_its_from_date_and_not_before(void **state)
{
    check_int_equal(ppm(*state, PARAMETER_SUBSIDY_SHARE, "2016-01-01"), 1000000);
    check_int_equal(ppm(*state, PARAMETER_SUBSIDY_SHARE, "2023-12-31"), 1000000);
    check_int_equal(ppm(*state, PARAMETER_SUBSIDY_SHARE, "2024-01-01"), 700000);
    check_int_equal(ppm(*state, PARAMETER_SUBSIDY_SHARE, "2199-12-31"), 700000);
}

static struct policy *load_with(const char *old, const char *new)
{
    struct policy *policy = NULL;
    struct error err = {0};
    check_ok(load_changed(old, new, &policy, &err), &err);
    return policy;
}

static void check_clause(struct policy *policy, struct clause clause, const char *zh,
                         const char *en)
{
    check_text_equal(clause_text(clause, true), zh);
    check_text_equal(clause_text(clause, false), en);
    policy_free(policy);
}

static void a_clause_has_a_text_for_each_language(void **state)
{
    struct date on = day("2017-01-01");
    struct policy *policy = load_with("clause: l}", "clause: {zh: 结息日, en: day}}");
    check_clause(policy, policy_row(policy, PARAMETER_SETTLE_DAY, 0).clause, "结息日", "day");
    policy = load_with("clause: v}", "clause: {en: provision, zh: 准备金}}");
    check_clause(policy, policy_table_row(policy, 1, 0).clause, "准备金", "provision");
    policy = load_with("clause: q}", "clause: {zh: 损失, en: loss}}");
    check_clause(policy, policy_loss_clause(policy, on), "损失", "loss");
    policy = load_with("clause: r}", "clause: {zh: 追偿, en: recovery}}");
    check_clause(policy, policy_recovery_clause(policy, on), "追偿", "recovery");
    policy = load_with("clause: u}", "clause: {zh: 顺序, en: order}}");
    check_clause(policy, policy_repayment_row(policy, 0).clause, "顺序", "order");
    /* one text stands for both */
    struct clause one = policy_row(*state, PARAMETER_HOUSEHOLD_LIMIT, 0).clause;
    check_text_equal(clause_text(one, true), "a");
    check_text_equal(clause_text(one, false), "a");
}

static void chinese_goes_over_lines_without_a_blank(void **state)
{
    (void)state;
    struct policy *policy = load_with(
        "clause: l}", "clause: {zh: \"第一行，\n      第二行用 LPR\n      报价。 完\", en: \"two\n"
                      "      lines\"}}");
    check_clause(policy, policy_row(policy, PARAMETER_SETTLE_DAY, 0).clause,
                 "第一行，第二行用 LPR 报价。完", "two lines");
}

/* A text in another language makes another policy: the digest is that of the bytes. */
static void the_digest_covers_both_languages(void **state)
{
    (void)state;
    struct policy *one = load_with("clause: l}", "clause: {zh: 结息日, en: day}}");
    struct policy *other = load_with("clause: l}", "clause: {zh: 结算日, en: day}}");
    struct sha256 a = policy_digest(one);
    struct sha256 b = policy_digest(other);
    assert_false(sha256_equal(&a, &b));
    policy_free(one);
    policy_free(other);
}

static void clause_is_that_of_the_row_in_force(void **state)
{
    struct rate rate = {0};
    struct clause clause = {0};
    struct error err = {0};
    check_ok(policy_rate(*state, PARAMETER_SUBSIDY_SHARE, day("2023-12-31"), &rate, &clause, &err),
             &err);
    check_text_equal(clause.en, "h");
    check_ok(policy_rate(*state, PARAMETER_SUBSIDY_SHARE, day("2024-01-01"), &rate, &clause, &err),
             &err);
    check_text_equal(clause.en, "i");
}

static void nothing_is_in_force_before_the_first_row(void **state)
{
    struct date eve = day("2015-12-31");
    struct money amount = MONEY_ZERO;
    struct rate rate = {0};
    int64_t count = 0;
    bool truth = false;
    struct error err = {0};
    check_refused(policy_money(*state, PARAMETER_COVERED_LIMIT, eve, &amount, NULL, &err), &err,
                  "policy.not-in-force");
    check_int_equal(err.fault, FAULT_REFUSED);
    assert_non_null(strstr(err.text, "covered_limit"));
    assert_non_null(strstr(err.text, "2015-12-31"));
    assert_non_null(strstr(err.limit, "2016-01-01"));
    check_refused(policy_rate(*state, PARAMETER_SUBSIDY_RATE, eve, &rate, NULL, &err), &err,
                  "policy.not-in-force");
    check_refused(policy_int(*state, PARAMETER_SETTLE_DAY, eve, &count, NULL, &err), &err,
                  "policy.not-in-force");
    check_refused(policy_truth(*state, PARAMETER_SUBSIDY_WHILE_OVERDUE, eve, &truth, NULL, &err),
                  &err, "policy.not-in-force");
}

static void next_change_is_the_first_date_after_the_given_one(void **state)
{
    struct date next = {0};
    assert_true(policy_next_change(*state, PARAMETER_SUBSIDY_SHARE, day("2015-01-01"), &next));
    check_date(next, "2016-01-01");
    assert_true(policy_next_change(*state, PARAMETER_SUBSIDY_SHARE, day("2016-01-01"), &next));
    check_date(next, "2024-01-01");
    assert_true(policy_next_change(*state, PARAMETER_SUBSIDY_SHARE, day("2023-12-31"), &next));
    check_date(next, "2024-01-01");
    assert_false(policy_next_change(*state, PARAMETER_SUBSIDY_SHARE, day("2024-01-01"), &next));
    assert_false(policy_next_change(*state, PARAMETER_SETTLE_DAY, day("2016-01-01"), &next));
}

/* --- What the loader takes and refuses beyond the files of tests/policies/bad -------------------
 */

static void file_at_the_size_limit_is_read_and_one_byte_more_refused(void **state)
{
    (void)state;
    size_t length = 0;
    char *text = file_read(BASE, &length);
    char *padded = malloc(POLICY_BYTES_MAX + 1);
    assert_non_null(padded);
    memcpy(padded, text, length);
    memset(padded + length, '#', POLICY_BYTES_MAX + 1 - length);
    struct policy *policy = NULL;
    struct error err = {0};
    check_ok(policy_load("padded.yaml", padded, POLICY_BYTES_MAX, &policy, &err), &err);
    policy = policy_free(policy);
    check_refused(policy_load("padded.yaml", padded, POLICY_BYTES_MAX + 1, &policy, &err), &err,
                  "policy.too-large");
    assert_non_null(strstr(err.limit, "262144"));
    check_int_equal(err.line, 1);
    free(padded);
    free(text);
}

static void file_with_too_many_values_is_refused(void **state)
{
    (void)state;
    /* 40 lists of 500 values: 1 map, 40 keys, 40 lists, 20,000 scalars, above the 16,384. */
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    for (int list = 0; list < 40; list++) {
        fprintf(file, "k%d: [", list);
        for (int i = 0; i < 500; i++) {
            fputs("1,", file);
        }
        fputs("]\n", file);
    }
    fclose(file);
    struct policy *policy = NULL;
    struct error err = {0};
    check_refused(policy_load("many.yaml", text, length, &policy, &err), &err, "policy.too-large");
    assert_true(err.line > 30);
    free(text);
}

static void edges_of_the_ranges_are_let_in(void **state)
{
    (void)state;
    static const struct {
        const char *old;
        const char *new;
    } rows[] = {
        {"value: 20, clause: l", "value: 1, clause: l"},
        {"value: 20, clause: l", "value: 28, clause: l"},
        {"value: 36 months", "value: 1 month"},
        {"value: 36 months", "value: 360 months"},
        {"value: 50000 yuan, clause: c", "value: 0 yuan, clause: c"},
        {"value: 50000 yuan, clause: a", "value: '10,000,000.00 yuan', clause: a"},
        {"value: 90 days, clause: m", "value: 1 day, clause: m"},
        {"value: 150%", "value: 100%"},
        {"value: 150%", "value: 200%"},
        {"value: no", "value: yes"},
        {"value: 18 years", "value: 65 years"},
        {"share: 70%", "share: 100%"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct policy *policy = NULL;
        struct error err = {0};
        check_ok(load_changed(rows[i].old, rows[i].new, &policy, &err), &err);
        policy_free(policy);
    }
}

static void quoted_and_block_scalars_read_like_plain_ones(void **state)
{
    (void)state;
    struct policy *policy = NULL;
    struct error err = {0};
    check_ok(load_changed("  settle_day: {governed_by: signing, values: [{from: 2016-01-01, "
                          "value: 20, clause: l}]}",
                          "  settle_day:\n    \"governed_by\": 'signing'\n    values:\n"
                          "      - from: '2016-01-01'\n        value: \"21\"\n        clause: |\n"
                          "          The first line,\n          the second.\n",
                          &policy, &err),
             &err);
    check_int_equal(number(policy, PARAMETER_SETTLE_DAY, "2016-01-01"), 21);
    check_text_equal(policy_row(policy, PARAMETER_SETTLE_DAY, 0).clause.en,
                     "The first line, the second.");
    policy_free(policy);
}

static enum outcome eligibility(const struct policy *policy, const char *on, int64_t fen)
{
    struct arena arena;
    struct case_facts facts = {0};
    struct decision decision;
    struct error err = {0};
    struct date date = day(on);
    struct governing_days days = {{date, date, date, date}};
    arena_init(&arena, (size_t)1 << 20);
    assert_true(case_set_word(&facts, FACT_PRODUCT, "household"));
    case_set_money(&facts, FACT_HOUSEHOLD_BALANCE, MONEY_ZERO);
    case_set_money(&facts, FACT_AMOUNT, money_from_fen(fen));
    check_ok(
        policy_decide(policy, &arena, DECISION_ELIGIBILITY, &days, date, &facts, &decision, &err),
        &err);
    arena_release(&arena);
    return decision.outcome;
}

/* The condition holds from 2018 to 2019; the share is 70 % from 2024 on. */
static void a_policy_held_at_a_day_is_the_same_on_every_day(void **state)
{
    struct policy *policy = NULL;
    struct error err = {0};
    struct date change;
    (void)state;
    const char *old = "{id: over-limit, from: 2016-01-01,";
    const char *limited = "{id: over-limit, from: 2018-01-01, until: 2020-01-01,";
    check_ok(load_changed(old, limited, &policy, &err), &err);
    check_int_equal(eligibility(policy, "2017-06-01", 5000001), OUTCOME_PASS);
    check_refused(policy_hold(policy, day("2015-12-31"), &err), &err, "policy.not-in-force");
    check_ok(policy_hold(policy, day("2018-05-01"), &err), &err);
    check_int_equal(ppm(policy, PARAMETER_SUBSIDY_SHARE, "1990-01-01"), 1000000);
    check_int_equal(ppm(policy, PARAMETER_SUBSIDY_SHARE, "2199-12-31"), 1000000);
    assert_false(policy_next_change(policy, PARAMETER_SUBSIDY_SHARE, day("1990-01-01"), &change));
    check_int_equal(eligibility(policy, "2017-06-01", 5000001), OUTCOME_BLOCK);
    check_int_equal(eligibility(policy, "2030-06-01", 5000001), OUTCOME_BLOCK);
    check_int_equal(eligibility(policy, "2030-06-01", 5000000), OUTCOME_PASS);
    assert_true(policy_is_in_force(policy, day("1900-01-01"), &err));
    check_text_equal(policy_loss_clause(policy, day("1900-01-01")).en, "q");
    policy_free(policy);
    check_ok(load_changed(old, limited, &policy, &err), &err);
    check_ok(policy_hold(policy, day("2024-01-01"), &err), &err);
    check_int_equal(ppm(policy, PARAMETER_SUBSIDY_SHARE, "2018-05-01"), 700000);
    check_int_equal(eligibility(policy, "2018-05-01", 5000001), OUTCOME_PASS);
    policy_free(policy);
}

static void freeing_nothing_is_allowed(void **state)
{
    (void)state;
    assert_null(policy_free(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(county_pilot_holds_the_values_of_the_scheme),
        cmocka_unit_test(county_pilot_says_what_is_assumed),
        cmocka_unit_test(county_pilot_begins_in_2016),
        cmocka_unit_test(policy_has_titles_in_two_languages),
        cmocka_unit_test(digest_is_the_sha256_of_the_bytes),
        cmocka_unit_test(rows_are_shown_as_they_stand_in_the_file),
        cmocka_unit_test(each_parameter_says_which_date_governs_it),
        cmocka_unit_test(parameter_names_are_those_of_the_file),
        cmocka_unit_test(value_changes_on_its_from_date_and_not_before),
        cmocka_unit_test(a_clause_has_a_text_for_each_language),
        cmocka_unit_test(chinese_goes_over_lines_without_a_blank),
        cmocka_unit_test(the_digest_covers_both_languages),
        cmocka_unit_test(clause_is_that_of_the_row_in_force),
        cmocka_unit_test(nothing_is_in_force_before_the_first_row),
        cmocka_unit_test(next_change_is_the_first_date_after_the_given_one),
        cmocka_unit_test(file_at_the_size_limit_is_read_and_one_byte_more_refused),
        cmocka_unit_test(file_with_too_many_values_is_refused),
        cmocka_unit_test(edges_of_the_ranges_are_let_in),
        cmocka_unit_test(quoted_and_block_scalars_read_like_plain_ones),
        cmocka_unit_test(a_policy_held_at_a_day_is_the_same_on_every_day),
        cmocka_unit_test(freeing_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
