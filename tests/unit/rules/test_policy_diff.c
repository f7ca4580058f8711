/* What differs between two policies, in words. */
#include "rules/policy_diff.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <stdlib.h>
#include <string.h>

#define PILOT TEST_SOURCE_DIR "/rules/policies/county-pilot.yaml"

static char *replaced(const char *text, const char *piece, const char *by)
{
    const char *at = strstr(text, piece);
    char *out = NULL;
    assert_non_null(at);
    assert_true(asprintf(&out, "%.*s%s%s", (int)(at - text), text, by, at + strlen(piece)) > 0);
    return out;
}

/* county-pilot with one piece replaced, compared with itself: exactly these sentences. */
static void check_diff(const char *piece, const char *by, const char *const *words)
{
    size_t length = 0;
    char *text = file_read(PILOT, &length);
    char *changed = replaced(text, piece, by);
    struct policy *a = NULL;
    struct policy *b = NULL;
    struct arena arena = {0};
    struct policy_changes changes;
    struct error err = {0};
    size_t wanted = 0;

    arena_init(&arena, (size_t)16 << 20);
    check_ok(policy_load("a", text, length, &a, &err), &err);
    check_ok(policy_load("b", changed, strlen(changed), &b, &err), &err);
    policy_diff(a, b, &arena, &changes);
    for (; words[wanted] != NULL; wanted++) {
        assert_true(wanted < changes.count);
        check_text_equal(changes.row[wanted].words, words[wanted]);
    }
    check_int_equal((int64_t)changes.count, (int64_t)wanted);
    policy_free(a);
    policy_free(b);
    arena_release(&arena);
    free(changed);
    free(text);
}
#define SAYS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void nothing_differs_from_itself(void **state)
{
    (void)state;
    check_diff("policy: county-pilot", "policy:   county-pilot", (const char *const[]){NULL});
}

static void a_changed_share_is_one_sentence(void **state)
{
    (void)state;
    check_diff("share: 70%", "share: 60%", SAYS("insurer share 70% -> 60% from 2016-01-01"));
}

static void a_row_added_tells_its_day_and_clause(void **state)
{
    (void)state;
    check_diff("          accrues from its date on, also for contracts signed before.\n",
               "          accrues from its date on, also for contracts signed before.\n"
               "      - {from: 2024-01-01, value: 70%, clause: Notice of 2024.}\n"
               "      - {from: 2026-01-01, value: 100%, clause: Notice of 2026.}\n",
               SAYS("subsidy share 100% -> 70% from 2024-01-01 to 2025-12-31",
                    "clause of subsidy share: “County scheme: the subsidy is paid in full. A later "
                    "row lowers it for the interest that accrues from its date on, also for "
                    "contracts signed before.” -> “Notice of 2024.” from 2024-01-01 to 2025-12-31",
                    "clause of subsidy share: “County scheme: the subsidy is paid in full. A later "
                    "row lowers it for the interest that accrues from its date on, also for "
                    "contracts signed before.” -> “Notice of 2026.” from 2026-01-01"));
}

static void a_row_that_begins_later_leaves_a_hole(void **state)
{
    (void)state;
    check_diff("      - from: 2016-01-01\n        value: 36 months",
               "      - from: 2017-01-01\n        value: 36 months",
               SAYS("longest term: removed, it was 36 months from 2016-01-01 to 2016-12-31"));
}

static void another_governing_day_is_told(void **state)
{
    (void)state;
    check_diff("  subsidy_share:\n    governed_by: accrual",
               "  subsidy_share:\n    governed_by: signing",
               SAYS("subsidy share goes by the day the interest accrues -> the day of signing"
                    " from 2016-01-01"));
}

static void conditions_are_added_changed_ended_and_removed(void **state)
{
    (void)state;
    static const char must[] = "“applicant_age between age_min and age_max must hold, otherwise it"
                               " warns” -> “applicant_age between age_min and age_max must hold,"
                               " otherwise it blocks” from 2016-01-01";
    char *words = NULL;
    assert_true(asprintf(&words, "condition age-out-of-range: %s", must) > 0);
    check_diff("      otherwise: warn", "      otherwise: block", SAYS(words));
    free(words);
    check_diff("      require: \"amount <= approved_amount\"\n",
               "      require: \"amount <= approved_amount\"\n      override: yes\n",
               SAYS("condition above-approval: “amount <= approved_amount must hold, otherwise it"
                    " blocks” -> “amount <= approved_amount must hold, otherwise it blocks"
                    " (exceptions may be made)” from 2016-01-01"));
    check_diff("    - id: age-out-of-range\n      from: 2016-01-01\n",
               "    - id: age-out-of-range\n      from: 2016-01-01\n      until: 2024-01-01\n",
               SAYS("end of condition age-out-of-range no end -> 2024-01-01 from 2016-01-01"));
    check_diff("    - id: above-approval\n      from: 2016-01-01\n",
               "    - id: above-approval\n      from: 2017-01-01\n",
               SAYS("condition above-approval: removed, it was amount <= approved_amount must hold,"
                    " otherwise it blocks from 2016-01-01",
                    "condition above-approval: added, amount <= approved_amount must hold,"
                    " otherwise it blocks from 2017-01-01"));
    check_diff("        en: The payout is above the amount approved.", "        en: Too much.",
               SAYS("message of condition above-approval: “The payout is above the amount"
                    " approved.” -> “Too much.” from 2016-01-01"));
}

static void steps_of_a_loss_are_added_removed_and_turned_round(void **state)
{
    (void)state;
    check_diff("        - payer: fund\n          share: 50%\n          of: rest\n"
               "          rounding: down\n          at_most: free balance\n",
               "",
               SAYS("step of the fund: removed, it was fund 50% of rest, at most its free "
                    "balance from 2016-01-01",
                    "order of the steps: “insurer, fund, bank” -> “insurer, bank” from"
                    " 2016-01-01"));
    check_diff("          rounding: down\n          at_most: free balance\n", "",
               SAYS("step of the fund: “fund 50% of rest, at most its free balance” -> "
                    "“fund 50% of rest” from 2016-01-01"));
}

static void tables_and_the_order_of_repayment_are_compared(void **state)
{
    (void)state;
    check_diff("          - {is: doubtful, value: 50%}", "          - {is: doubtful, value: 60%}",
               SAYS("table provision_rate: “is normal: 1%; is special_mention: 2%; is substandard:"
                    " 25%; is doubtful: 50%; is loss: 100%” -> “is normal: 1%; is special_mention:"
                    " 2%; is substandard: 25%; is doubtful: 60%; is loss: 100%” from 2016-01-01"));
    check_diff("  provision_rate:\n", "  provision:\n",
               SAYS("table provision_rate: removed, it was is normal: 1%; is special_mention: 2%;"
                    " is substandard: 25%; is doubtful: 50%; is loss: 100% from 2016-01-01",
                    "table provision: added, is normal: 1%; is special_mention: 2%;"
                    " is substandard: 25%; is doubtful: 50%; is loss: 100% from 2016-01-01"));
    check_diff("      order: [costs, penalty, compound, interest, principal]\n",
               "      order: [costs, interest, compound, penalty, principal]\n"
               "      long_overdue: {after: 90 days,"
               " order: [principal, costs, penalty, compound, interest]}\n",
               SAYS("the order of repayment: “costs, penalty, compound, interest, principal” -> "
                    "“costs, interest, compound, penalty, principal; more than 90 days overdue: "
                    "principal, costs, penalty, compound, interest” from 2016-01-01"));
}

static void another_amount_of_the_loss_is_told(void **state)
{
    (void)state;
    check_diff(
        "      steps:\n        - payer: insurer",
        "      amount: \"share(covered_unpaid, 90%)\"\n      steps:\n        - payer: insurer",
        SAYS("what the loss is: “unpaid covered principal” -> “share(covered_unpaid, 90%)” "
             "from 2016-01-01"));
}

static void the_taker_of_the_odd_fen_is_told(void **state)
{
    (void)state;
    check_diff(
        "      shared_by: what each bore\n      remainder: bank",
        "      shared_by: what each bore\n      remainder: fund",
        SAYS("the sharing of recoveries: “by what each bore; bank the remainder” -> “by what each"
             " bore; fund the remainder” from 2016-01-01"));
}

static void name_and_title_are_told(void **state)
{
    (void)state;
    check_diff("policy: county-pilot", "policy: county-two",
               SAYS("name county-pilot -> county-two"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_differs_from_itself),
        cmocka_unit_test(a_changed_share_is_one_sentence),
        cmocka_unit_test(a_row_added_tells_its_day_and_clause),
        cmocka_unit_test(a_row_that_begins_later_leaves_a_hole),
        cmocka_unit_test(another_governing_day_is_told),
        cmocka_unit_test(conditions_are_added_changed_ended_and_removed),
        cmocka_unit_test(steps_of_a_loss_are_added_removed_and_turned_round),
        cmocka_unit_test(tables_and_the_order_of_repayment_are_compared),
        cmocka_unit_test(another_amount_of_the_loss_is_told),
        cmocka_unit_test(the_taker_of_the_odd_fen_is_told),
        cmocka_unit_test(name_and_title_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
