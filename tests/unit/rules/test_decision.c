/* Decisions of the county's policy and of small policies made for the purpose. Expected sums were
 * worked out by hand. */
#include "rules/decision.h"
#include "rules/lexer.h"
#include "rules/parameter.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <stdlib.h>
#include <string.h>

#define PILOT TEST_SOURCE_DIR "/rules/policies/county-pilot.yaml"
#define BASE TEST_SOURCE_DIR "/tests/policies/base.yaml"

struct fixture {
    struct arena arena;
    struct policy *pilot;
    struct case_facts applicant; /* meets every condition of the application */
    struct case_facts debtor;    /* meets every condition of the claim */
};

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

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    arena_init(&fixture->arena, (size_t)1 << 24);
    fixture->pilot = load(PILOT);
    struct case_facts *facts = &fixture->applicant;
    assert_true(case_set_word(facts, FACT_PRODUCT, "household"));
    assert_true(case_set_word(facts, FACT_PURPOSE, "planting"));
    case_set_money(facts, FACT_AMOUNT, money_from_fen(3000000));
    case_set_money(facts, FACT_APPROVED_AMOUNT, money_from_fen(3000000));
    case_set_money(facts, FACT_HOUSEHOLD_BALANCE, money_from_fen(1500000));
    case_set_money(facts, FACT_HOUSEHOLD_APPROVED, money_from_fen(500000));
    case_set_count(facts, FACT_TERM, 12);
    case_set_count(facts, FACT_APPLICANT_AGE, 44);
    case_set_count(facts, FACT_HOUSEHOLD_OVERDUE_LOANS, 0);
    case_set_count(&fixture->debtor, FACT_DAYS_OVERDUE, 90);
    case_set_money(&fixture->debtor, FACT_COVERED_UNPAID, money_from_fen(5000000));
    case_set_count(&fixture->debtor, FACT_COLLECTION_NOTICES, 1);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    policy_free(fixture->pilot);
    arena_release(&fixture->arena);
    free(fixture);
    return 0;
}

static struct governing_days all_days(const char *text)
{
    struct governing_days days;
    for (size_t i = 0; i < GOVERNING_DATE_COUNT; i++) {
        days.of[i] = day(text);
    }
    return days;
}

static struct decision decide(struct fixture *fixture, enum decision_point point,
                              const struct case_facts *facts)
{
    struct governing_days days = all_days("2016-10-18");
    struct decision decision;
    struct error err = {0};
    check_ok(policy_decide(fixture->pilot, &fixture->arena, point, &days, day("2016-10-18"), facts,
                           &decision, &err),
             &err);
    return decision;
}

static const struct decided_condition *condition(const struct decision *decision, const char *id)
{
    for (size_t i = 0; i < decision->condition_count; i++) {
        if (strcmp(decision->conditions[i].id, id) == 0) {
            return &decision->conditions[i];
        }
    }
    fail_msg("no condition %s", id);
    return NULL;
}

/* The outcome is the wanted one because of this condition and no other. */
static void check_only(const struct decision *decision, const char *id, enum outcome want)
{
    check_text_equal(outcome_name(decision->outcome), outcome_name(want));
    for (size_t i = 0; i < decision->condition_count; i++) {
        const struct decided_condition *one = &decision->conditions[i];
        bool is_it = strcmp(one->id, id) == 0;
        check_text_equal(outcome_name(one->outcome), outcome_name(is_it ? want : OUTCOME_PASS));
    }
    if (want != OUTCOME_PASS) {
        condition(decision, id);
    }
}

/* --- The county's policy ------------------------------------------------------------------------
 */

static void applicant_within_all_limits_passes(void **state)
{
    struct fixture *fixture = *state;
    struct decision decision = decide(fixture, DECISION_ELIGIBILITY, &fixture->applicant);
    check_only(&decision, "", OUTCOME_PASS);
    check_int_equal((int64_t)decision.condition_count, 6);
    assert_false(condition(&decision, "over-micro-entrepreneur-limit")->asked);
    assert_null(condition(&decision, "over-micro-entrepreneur-limit")->require_trace);
    assert_true(condition(&decision, "over-household-limit")->asked);
    check_date(decision.on, "2016-10-18");
    check_text_equal(decision.policy_name, "county-pilot");
    struct sha256 digest = policy_digest(fixture->pilot);
    assert_true(sha256_equal(&decision.policy, &digest));
}

/* 15,000 unpaid + 5,000 approved + 30,000 = 50,000: one fen more is too much. */
static void household_limit_counts_all_loans_of_the_household(void **state)
{
    struct fixture *fixture = *state;
    struct case_facts facts = fixture->applicant;
    case_set_money(&facts, FACT_AMOUNT, money_from_fen(3000001));
    struct decision decision = decide(fixture, DECISION_ELIGIBILITY, &facts);
    check_only(&decision, "over-household-limit", OUTCOME_BLOCK);
    check_text_equal(condition(&decision, "over-household-limit")->message_zh,
                     "全户贷款合计超过农户贷款限额");
    decision = decide(fixture, DECISION_DISBURSEMENT, &facts);
    check_text_equal(outcome_name(condition(&decision, "over-household-limit")->outcome), "block");
}

/* 20,000 + 80,000 = 100,000. */
static void micro_entrepreneur_has_a_limit_of_its_own(void **state)
{
    struct fixture *fixture = *state;
    struct case_facts facts = fixture->applicant;
    assert_true(case_set_word(&facts, FACT_PRODUCT, "micro_entrepreneur"));
    case_set_money(&facts, FACT_AMOUNT, money_from_fen(8000000));
    struct decision decision = decide(fixture, DECISION_ELIGIBILITY, &facts);
    check_only(&decision, "", OUTCOME_PASS);
    case_set_money(&facts, FACT_AMOUNT, money_from_fen(8000001));
    decision = decide(fixture, DECISION_ELIGIBILITY, &facts);
    check_only(&decision, "over-micro-entrepreneur-limit", OUTCOME_BLOCK);
}

static void edges_of_age_and_term_are_inside(void **state)
{
    static const struct {
        enum fact_name fact;
        int64_t count;
        const char *id;
        enum outcome want;
    } rows[] = {
        {FACT_APPLICANT_AGE, 17, "age-out-of-range", OUTCOME_WARN},
        {FACT_APPLICANT_AGE, 18, "", OUTCOME_PASS},
        {FACT_APPLICANT_AGE, 65, "", OUTCOME_PASS},
        {FACT_APPLICANT_AGE, 66, "age-out-of-range", OUTCOME_WARN},
        {FACT_TERM, 36, "", OUTCOME_PASS},
        {FACT_TERM, 37, "term-too-long", OUTCOME_BLOCK},
        {FACT_HOUSEHOLD_OVERDUE_LOANS, 1, "overdue-elsewhere", OUTCOME_REFER},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct case_facts facts = fixture->applicant;
        case_set_count(&facts, rows[i].fact, rows[i].count);
        struct decision decision = decide(fixture, DECISION_ELIGIBILITY, &facts);
        check_only(&decision, rows[i].id, rows[i].want);
    }
}

static void forbidden_uses_are_blocked(void **state)
{
    static const char *const uses[] = {"wedding", "housing",   "investment", "household_goods",
                                       "equity",  "relending", "quota_sale", "company_use"};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT_OF(uses); i++) {
        struct case_facts facts = fixture->applicant;
        assert_true(case_set_word(&facts, FACT_PURPOSE, uses[i]));
        struct decision decision = decide(fixture, DECISION_ELIGIBILITY, &facts);
        check_only(&decision, "forbidden-use", OUTCOME_BLOCK);
    }
}

static void payout_never_exceeds_the_approval(void **state)
{
    struct fixture *fixture = *state;
    struct case_facts facts = fixture->applicant;
    case_set_money(&facts, FACT_APPROVED_AMOUNT, money_from_fen(2999999));
    struct decision decision = decide(fixture, DECISION_DISBURSEMENT, &facts);
    check_only(&decision, "above-approval", OUTCOME_BLOCK);
}

static void claim_needs_90_days_and_something_covered(void **state)
{
    struct fixture *fixture = *state;
    struct decision decision = decide(fixture, DECISION_CLAIM, &fixture->debtor);
    check_only(&decision, "", OUTCOME_PASS);
    struct case_facts early = fixture->debtor;
    case_set_count(&early, FACT_DAYS_OVERDUE, 89);
    decision = decide(fixture, DECISION_CLAIM, &early);
    check_only(&decision, "not-yet-overdue-long-enough", OUTCOME_BLOCK);
    struct case_facts uncovered = fixture->debtor;
    case_set_money(&uncovered, FACT_COVERED_UNPAID, MONEY_ZERO);
    decision = decide(fixture, DECISION_CLAIM, &uncovered);
    check_only(&decision, "nothing-covered", OUTCOME_BLOCK);
}

static void claim_without_a_demand_is_warned_of_and_wrong_use_is_referred(void **state)
{
    struct fixture *fixture = *state;
    struct case_facts facts = fixture->debtor;
    case_set_count(&facts, FACT_COLLECTION_NOTICES, 0);
    struct decision decision = decide(fixture, DECISION_CLAIM, &facts);
    check_only(&decision, "no-demand-on-record", OUTCOME_WARN);
    assert_false(condition(&decision, "used-otherwise")->asked);
    facts = fixture->debtor;
    case_set_truth(&facts, FACT_USED_AS_APPLIED, true);
    decision = decide(fixture, DECISION_CLAIM, &facts);
    check_only(&decision, "", OUTCOME_PASS);
    case_set_truth(&facts, FACT_USED_AS_APPLIED, false);
    decision = decide(fixture, DECISION_CLAIM, &facts);
    check_only(&decision, "used-otherwise", OUTCOME_REFER);
}

static void worst_outcome_of_all_conditions_counts(void **state)
{
    struct fixture *fixture = *state;
    struct case_facts facts = fixture->applicant;
    case_set_count(&facts, FACT_APPLICANT_AGE, 70);
    case_set_count(&facts, FACT_HOUSEHOLD_OVERDUE_LOANS, 2);
    struct decision decision = decide(fixture, DECISION_ELIGIBILITY, &facts);
    check_text_equal(outcome_name(decision.outcome), "refer");
    check_text_equal(outcome_name(condition(&decision, "age-out-of-range")->outcome), "warn");
    case_set_count(&facts, FACT_TERM, 60);
    decision = decide(fixture, DECISION_ELIGIBILITY, &facts);
    check_text_equal(outcome_name(decision.outcome), "block");
}

static void what_was_read_is_listed(void **state)
{
    struct fixture *fixture = *state;
    struct decision decision = decide(fixture, DECISION_CLAIM, &fixture->debtor);
    char text[VALUE_TEXT_SIZE];
    check_int_equal((int64_t)decision.fact_count, 3);
    check_int_equal(decision.facts[0].name, FACT_DAYS_OVERDUE);
    check_text_equal(value_format(decision.facts[0].value, text), "90 days");
    check_int_equal(decision.facts[1].name, FACT_COVERED_UNPAID);
    check_text_equal(value_format(decision.facts[1].value, text), "50000 yuan");
    check_int_equal(decision.facts[2].name, FACT_COLLECTION_NOTICES);
    check_text_equal(value_format(decision.facts[2].value, text), "1");
    check_int_equal((int64_t)decision.parameter_count, 1);
    check_text_equal(parameter_name(decision.parameters[0].parameter), "claim_after_days");
    check_text_equal(decision.parameters[0].written, "90 days");
    check_date(decision.parameters[0].from, "2016-01-01");
    assert_non_null(strstr(decision.parameters[0].clause.en, "90 days overdue"));
}

/* --- What cannot be decided ---------------------------------------------------------------------
 */

static void unknown_fact_stops_the_decision_and_names_the_condition(void **state)
{
    struct fixture *fixture = *state;
    struct case_facts facts = fixture->applicant;
    facts.of[FACT_APPLICANT_AGE].known = false;
    struct governing_days days = all_days("2016-10-18");
    struct decision decision = {.outcome = OUTCOME_REFER};
    struct error err = {0};
    check_refused(policy_decide(fixture->pilot, &fixture->arena, DECISION_ELIGIBILITY, &days,
                                day("2016-10-18"), &facts, &decision, &err),
                  &err, "expression.unknown-fact");
    check_int_equal(err.fault, FAULT_REFUSED);
    assert_non_null(strstr(err.text, "applicant_age"));
    assert_non_null(strstr(err.limit, "age-out-of-range"));
    check_text_equal(outcome_name(decision.outcome), "refer"); /* untouched */
}

static void parameter_not_in_force_on_its_day_stops_the_decision(void **state)
{
    struct fixture *fixture = *state;
    struct governing_days days = all_days("2016-10-18");
    days.of[GOVERNED_BY_APPLICATION] = day("2015-12-31");
    struct decision decision;
    struct error err = {0};
    check_refused(policy_decide(fixture->pilot, &fixture->arena, DECISION_ELIGIBILITY, &days,
                                day("2016-10-18"), &fixture->applicant, &decision, &err),
                  &err, "policy.not-in-force");
    assert_non_null(strstr(err.text, "household_limit"));
    assert_non_null(strstr(err.limit, "over-household-limit"));
}

static void word_that_is_not_in_the_list_is_not_known(void **state)
{
    (void)state;
    struct case_facts facts = {0};
    assert_true(case_set_word(&facts, FACT_PURPOSE, "breeding"));
    assert_true(facts.of[FACT_PURPOSE].known);
    assert_false(case_set_word(&facts, FACT_PURPOSE, "gambling"));
    assert_false(facts.of[FACT_PURPOSE].known);
}

/* --- Dates --------------------------------------------------------------------------------------
 */

/* The base policy with other conditions for eligibility, and one more row for the term. */
static struct policy *load_with(const char *conditions)
{
    size_t length = 0;
    char *base = file_read(BASE, &length);
    char *at = strstr(base, "\nconditions:");
    char *loss = strstr(base, "\nloss:");
    char *term = strstr(base, "clause: d}");
    assert_true(at != NULL && loss != NULL && term != NULL && term < at);
    term += strlen("clause: d}");
    char *text = NULL;
    assert_true(asprintf(&text,
                         "%.*s, {from: 2020-01-01, value: 24 months, clause: d2}%.*s\n"
                         "conditions: {eligibility: [%s], disbursement: [], claim: [], "
                         "lending: [], coverage: []}%s",
                         (int)(term - base), base, (int)(at - term), term, conditions, loss) > 0);
    struct policy *policy = NULL;
    struct error err = {0};
    check_ok(policy_load("made.yaml", text, strlen(text), &policy, &err), &err);
    free(text);
    free(base);
    return policy;
}

static struct decision decide_on(struct fixture *fixture, const struct policy *policy,
                                 const char *applied, const char *decided)
{
    struct governing_days days = all_days(decided);
    days.of[GOVERNED_BY_APPLICATION] = day(applied);
    struct case_facts facts = fixture->applicant;
    case_set_count(&facts, FACT_TERM, 30);
    struct decision decision;
    struct error err = {0};
    check_ok(policy_decide(policy, &fixture->arena, DECISION_ELIGIBILITY, &days, day(decided),
                           &facts, &decision, &err),
             &err);
    return decision;
}

#define REST "otherwise: block, message: {zh: 否, en: no}, clause: t"

static void parameters_are_taken_from_their_governing_day(void **state)
{
    struct fixture *fixture = *state;
    struct policy *policy =
        load_with("{id: term, from: 2016-01-01, require: \"term <= term_max\", " REST "}");
    /* 30 months: within 36 for who applied in 2019, above 24 for who applied in 2020. */
    struct decision decision = decide_on(fixture, policy, "2019-12-31", "2020-02-01");
    check_only(&decision, "", OUTCOME_PASS);
    check_text_equal(decision.parameters[0].written, "36 months");
    decision = decide_on(fixture, policy, "2020-01-01", "2020-02-01");
    check_only(&decision, "term", OUTCOME_BLOCK);
    check_text_equal(decision.parameters[0].written, "24 months");
    check_date(decision.parameters[0].from, "2020-01-01");
    check_text_equal(decision.parameters[0].clause.en, "d2");
    policy_free(policy);
}

static void conditions_hold_from_a_day_until_a_day(void **state)
{
    struct fixture *fixture = *state;
    struct policy *policy = load_with(
        "{id: x, from: 2017-01-01, until: 2018-01-01, require: \"term < 12 months\", " REST "}, "
        "{id: x, from: 2018-01-01, require: \"term < 60 months\", " REST "}");
    static const struct {
        const char *on;
        int64_t conditions;
        enum outcome want;
    } rows[] = {
        {"2016-12-31", 0, OUTCOME_PASS},  {"2017-01-01", 1, OUTCOME_BLOCK},
        {"2017-12-31", 1, OUTCOME_BLOCK}, {"2018-01-01", 1, OUTCOME_PASS},
        {"2199-12-31", 1, OUTCOME_PASS},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct decision decision = decide_on(fixture, policy, rows[i].on, rows[i].on);
        check_int_equal((int64_t)decision.condition_count, rows[i].conditions);
        check_text_equal(outcome_name(decision.outcome), outcome_name(rows[i].want));
    }
    policy_free(policy);
}

/* --- Explanations -------------------------------------------------------------------------------
 */

static void check_explained(const struct decision *decision, enum explanation_depth depth,
                            bool chinese, const char *want)
{
    AUTO_BUFFER out;
    buffer_init(&out, 1 << 16);
    decision_explain(decision, depth, chinese, &out);
    check_text_equal(out.data, want);
}

static void check_told(const struct decision *decision, bool chinese, const char *want)
{
    AUTO_BUFFER out;
    buffer_init(&out, 1 << 16);
    decision_tell(decision, EXPLAIN_CLAUSES, chinese, &out);
    check_text_equal(out.data, want);
}

static void decision_explains_itself_at_three_depths(void **state)
{
    struct fixture *fixture = *state;
    struct policy *policy = load_with(
        "{id: term, from: 2016-01-01, when: \"product = household\", require: \"term <= "
        "term_max\", " REST "}, "
        "{id: fund, from: 2016-01-01, when: \"product = micro_entrepreneur\", require: "
        "\"fund_free_balance > 0 yuan\", " REST "}, "
        "{id: age, from: 2016-01-01, require: \"applicant_age < 50 or npl_ratio < 3%\", " REST "}");
    struct decision decision = decide_on(fixture, policy, "2020-01-01", "2020-02-01");
    check_explained(&decision, EXPLAIN_RESULT, false,
                    "eligibility 2020-02-01 (base): blocked\n"
                    "- term: does not hold (blocks): no\n");
    check_explained(&decision, EXPLAIN_RESULT, true,
                    "准入审查 2020-02-01 (base): 不予通过\n"
                    "- term: 不符合 (阻止): 否\n");
    check_explained(&decision, EXPLAIN_STEPS, false,
                    "eligibility 2020-02-01 (base): blocked\n"
                    "- term: does not hold (blocks): no\n"
                    "    product: household\n"
                    "    product = household: yes\n"
                    "    term: 30 months\n"
                    "    term_max: 24 months\n"
                    "    term <= term_max: no\n"
                    "- fund: does not apply\n"
                    "    product: household\n"
                    "    product = micro_entrepreneur: no\n"
                    "- age: holds\n"
                    "    applicant_age: 44 years\n"
                    "    applicant_age < 50: yes\n"
                    "    npl_ratio: not needed\n"
                    "    npl_ratio < 3%: not needed\n"
                    "    applicant_age < 50 or npl_ratio < 3%: yes\n");
    check_explained(&decision, EXPLAIN_CLAUSES, false,
                    "eligibility 2020-02-01 (base): blocked\n"
                    "- term: does not hold (blocks): no\n"
                    "    product: household\n"
                    "    product = household: yes\n"
                    "    term: 30 months\n"
                    "    term_max: 24 months\n"
                    "    term <= term_max: no\n"
                    "    clause (from 2016-01-01): t\n"
                    "- fund: does not apply\n"
                    "    product: household\n"
                    "    product = micro_entrepreneur: no\n"
                    "    clause (from 2016-01-01): t\n"
                    "- age: holds\n"
                    "    applicant_age: 44 years\n"
                    "    applicant_age < 50: yes\n"
                    "    npl_ratio: not needed\n"
                    "    npl_ratio < 3%: not needed\n"
                    "    applicant_age < 50 or npl_ratio < 3%: yes\n"
                    "    clause (from 2016-01-01): t\n"
                    "values of the policy\n"
                    "- term_max: 24 months (from 2020-01-01): d2\n");
    policy_free(policy);
}

/* Blanks and line breaks of a condition are read as one blank. */
static void people_read_titles_and_values_in_their_language(void **state)
{
    struct fixture *fixture = *state;
    struct policy *policy = load_with(
        "{id: product, from: 2016-01-01, require: \"product = household     and term <= 36 "
        "months\", " REST "}, "
        "{id: age, from: 2016-01-01, require: \"applicant_age < 50 or npl_ratio < 3%\", " REST "}");
    struct decision decision = decide_on(fixture, policy, "2020-01-01", "2020-02-01");
    check_told(&decision, false,
               "eligibility 2020-02-01 (base): passed\n"
               "- product: holds\n"
               "    product: household\n"
               "    product = household: yes\n"
               "    term: 30 months\n"
               "    term <= 36 months: yes\n"
               "    product = household and term <= 36 months: yes\n"
               "    clause (from 2016-01-01): t\n"
               "- age: holds\n"
               "    applicant_age (age of the borrower): 44 years\n"
               "    applicant_age < 50: yes\n"
               "    npl_ratio (ratio of bad loans): not needed\n"
               "    npl_ratio < 3%: not needed\n"
               "    applicant_age < 50 or npl_ratio < 3%: yes\n"
               "    clause (from 2016-01-01): t\n");
    check_told(&decision, true,
               "准入审查 2020-02-01 (base): 通过\n"
               "- product: 符合\n"
               "    product（贷款品种）: 农户贷款\n"
               "    product = household: 是\n"
               "    term（贷款期限）: 30 个月\n"
               "    term <= 36 months: 是\n"
               "    product = household and term <= 36 months: 是\n"
               "    依据 (起用日 2016-01-01): t\n"
               "- age: 符合\n"
               "    applicant_age（借款人年龄）: 44 岁\n"
               "    applicant_age < 50: 是\n"
               "    npl_ratio（不良率）: 无需计算\n"
               "    npl_ratio < 3%: 无需计算\n"
               "    applicant_age < 50 or npl_ratio < 3%: 是\n"
               "    依据 (起用日 2016-01-01): t\n");
    policy_free(policy);
}

static void result_names_its_outcome_in_both_languages(void **state)
{
    static const struct {
        enum fact_name fact;
        int64_t count;
        const char *en;
        const char *zh;
    } rows[] = {
        {FACT_APPLICANT_AGE, 44, "eligibility 2016-10-18 (county-pilot): passed\n",
         "准入审查 2016-10-18 (county-pilot): 通过\n"},
        {FACT_APPLICANT_AGE, 66,
         "eligibility 2016-10-18 (county-pilot): passed with a warning\n"
         "- age-out-of-range: does not hold (warning): The borrower is younger or "
         "older than usual.\n",
         "准入审查 2016-10-18 (county-pilot): 通过（有提示）\n"
         "- age-out-of-range: 不符合 (提示): 借款人年龄不在规定范围内\n"},
        {FACT_HOUSEHOLD_OVERDUE_LOANS, 1,
         "eligibility 2016-10-18 (county-pilot): referred to a person\n"
         "- overdue-elsewhere: does not hold (a person decides): Another loan of the household "
         "is overdue.\n",
         "准入审查 2016-10-18 (county-pilot): 需人工审定\n"
         "- overdue-elsewhere: 不符合 (转人工审定): 该户另有逾期贷款\n"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct case_facts facts = fixture->applicant;
        case_set_count(&facts, rows[i].fact, rows[i].count);
        struct decision decision = decide(fixture, DECISION_ELIGIBILITY, &facts);
        check_explained(&decision, EXPLAIN_RESULT, false, rows[i].en);
        check_explained(&decision, EXPLAIN_RESULT, true, rows[i].zh);
    }
}

/* --- The registry -------------------------------------------------------------------------------
 */

static void facts_are_set_with_their_kind(void **state)
{
    (void)state;
    struct case_facts facts = {0};
    char text[VALUE_TEXT_SIZE];
    case_set_rate(&facts, FACT_NPL_RATIO, rate_from_ppm(31500));
    case_set_truth(&facts, FACT_USED_AS_APPLIED, true);
    case_set_count(&facts, FACT_TERM, 1);
    case_set_money(&facts, FACT_AMOUNT, money_from_fen(1));
    check_text_equal(value_format(facts.of[FACT_NPL_RATIO].value, text), "3.15%");
    check_text_equal(value_format(facts.of[FACT_USED_AS_APPLIED].value, text), "yes");
    check_text_equal(value_format(facts.of[FACT_TERM].value, text), "1 month");
    check_text_equal(value_format(facts.of[FACT_AMOUNT].value, text), "0.01 yuan");
    int known = 0;
    for (size_t i = 0; i < FACT_COUNT; i++) {
        known += facts.of[i].known ? 1 : 0;
    }
    check_int_equal(known, 4);
}

static void facts_have_names_titles_and_decisions(void **state)
{
    (void)state;
    for (size_t i = 0; i < FACT_COUNT; i++) {
        enum fact_name name = (enum fact_name)i;
        assert_true(strlen(fact_symbol(name).name) > 0);
        assert_true(strlen(fact_title(name, false)) > 0);
        assert_true(strlen(fact_title(name, true)) > 0);
        bool asked = fact_belongs_to(name, FACTS_OF_LOSS);
        for (size_t point = 0; point < DECISION_POINT_COUNT; point++) {
            asked = asked || fact_belongs_to(name, (enum decision_point)point);
        }
        assert_true(asked);
    }
    check_text_equal(fact_symbol(FACT_HOUSEHOLD_BALANCE).name, "household_balance");
    assert_true(fact_belongs_to(FACT_DAYS_OVERDUE, DECISION_CLAIM));
    assert_false(fact_belongs_to(FACT_DAYS_OVERDUE, DECISION_ELIGIBILITY));
    check_text_equal(decision_point_name(DECISION_CLAIM), "claim");
}

static bool is_ascii(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text > 127) {
            return false;
        }
    }
    return true;
}

static void every_word_and_title_has_its_chinese(void **state)
{
    static const char *const lists[] = {"product", "household_status", "purpose", "loan_class"};
    char zh[VALUE_TEXT_SIZE];
    char other[VALUE_TEXT_SIZE];
    (void)state;
    for (size_t i = 0; i < FACT_COUNT; i++) {
        assert_true(is_ascii(fact_title((enum fact_name)i, false)));
        assert_false(is_ascii(fact_title((enum fact_name)i, true)));
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(fact_title((enum fact_name)i, true),
                                    fact_title((enum fact_name)k, true));
        }
    }
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        const struct word_list *list = fact_word_list(lists[i]);
        for (size_t k = 0; k < list->count; k++) {
            struct value value = {VALUE_WORD, (int64_t)k, list};
            assert_false(is_ascii(value_tell(value, true, zh)));
            check_text_equal(value_tell(value, false, other), list->words[k]);
            for (size_t before = 0; before < k; before++) {
                value.number = (int64_t)before;
                assert_string_not_equal(zh, value_tell(value, true, other));
            }
        }
    }
}

static void values_are_told_in_both_languages(void **state)
{
    static const struct {
        struct value value;
        const char *en;
        const char *zh;
    } rows[] = {
        {{VALUE_MONEY, 4000003, NULL}, "40000.03 yuan", "40000.03 元"},
        {{VALUE_MONEY, -5000000, NULL}, "-50000 yuan", "-50000 元"},
        {{VALUE_RATE, 43500, NULL}, "4.35%", "4.35%"},
        {{VALUE_INTEGER, 2, NULL}, "2", "2"},
        {{VALUE_DAYS, 1, NULL}, "1 day", "1 天"},
        {{VALUE_DAYS, 94, NULL}, "94 days", "94 天"},
        {{VALUE_MONTHS, 36, NULL}, "36 months", "36 个月"},
        {{VALUE_YEARS, 65, NULL}, "65 years", "65 岁"},
        {{VALUE_TRUTH, 1, NULL}, "yes", "是"},
        {{VALUE_TRUTH, 0, NULL}, "no", "否"},
    };
    char text[VALUE_TEXT_SIZE];
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_text_equal(value_tell(rows[i].value, false, text), rows[i].en);
        check_text_equal(value_tell(rows[i].value, true, text), rows[i].zh);
    }
    struct date day;
    struct error err = {0};
    check_ok(date_parse("2016-10-20", &day, &err), &err);
    struct value date = {VALUE_DATE, day.day, NULL};
    check_text_equal(value_tell(date, true, text), "2016-10-20");
    size_t breeding = 0;
    assert_true(word_find(fact_word_list("purpose"), "breeding", &breeding));
    struct value purpose = {VALUE_WORD, (int64_t)breeding, fact_word_list("purpose")};
    check_text_equal(value_tell(purpose, true, text), "养殖业");
}

/* A word or name that means two things would quietly mean the wrong one. */
static bool is_symbol(const char *name)
{
    enum parameter parameter = PARAMETER_COUNT;
    for (size_t i = 0; i < FACT_COUNT; i++) {
        if (strcmp(fact_symbol((enum fact_name)i).name, name) == 0) {
            return true;
        }
    }
    return parameter_find(name, &parameter);
}

static void facts_are_read_as_they_are_written(void **state)
{
    (void)state;
    static const struct {
        enum fact_name name;
        const char *written;
    } rows[] = {{FACT_AMOUNT, "30000 yuan"},
                {FACT_FUND_FREE_BALANCE, "-5.03 yuan"},
                {FACT_TERM, "1 month"},
                {FACT_RATE, "4.35%"},
                {FACT_NPL_RATIO, "33.3333%"},
                {FACT_PURPOSE, "breeding"},
                {FACT_APPLICANT_AGE, "70 years"},
                {FACT_HOUSEHOLD_LOANS, "2"},
                {FACT_DAYS_OVERDUE, "94 days"},
                {FACT_USED_AS_APPLIED, "no"},
                {FACT_PRODUCT, "micro_entrepreneur"}};
    struct case_facts facts = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[VALUE_TEXT_SIZE];
        assert_true(case_set_written(&facts, rows[i].name, rows[i].written));
        check_text_equal(value_format(facts.of[rows[i].name].value, text), rows[i].written);
        assert_false(case_set_written(&facts, rows[i].name, "much"));
        assert_false(facts.of[rows[i].name].known);
    }
    for (size_t i = 0; i < FACT_COUNT; i++) {
        enum fact_name found = FACT_COUNT;
        assert_true(fact_find(fact_symbol((enum fact_name)i).name, &found));
        assert_int_equal(found, i);
    }
    enum fact_name found = FACT_COUNT;
    assert_false(fact_find("nothing", &found));
}

static void no_name_means_two_things(void **state)
{
    (void)state;
    for (size_t i = 0; i < FACT_COUNT; i++) {
        struct symbol symbol = fact_symbol((enum fact_name)i);
        enum parameter parameter = PARAMETER_COUNT;
        assert_false(lexer_is_reserved(symbol.name));
        assert_false(parameter_find(symbol.name, &parameter));
        for (size_t word = 0; symbol.words != NULL && word < symbol.words->count; word++) {
            assert_false(lexer_is_reserved(symbol.words->words[word]));
            assert_false(is_symbol(symbol.words->words[word]));
            assert_true(strlen(symbol.words->words[word]) <= VALUE_WORD_LENGTH_MAX);
        }
    }
    const struct word_list *classes = fact_word_list("loan_class");
    for (size_t word = 0; word < classes->count; word++) {
        assert_false(is_symbol(classes->words[word]));
    }
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        assert_false(lexer_is_reserved(parameter_name((enum parameter)i)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(applicant_within_all_limits_passes),
        cmocka_unit_test(household_limit_counts_all_loans_of_the_household),
        cmocka_unit_test(micro_entrepreneur_has_a_limit_of_its_own),
        cmocka_unit_test(edges_of_age_and_term_are_inside),
        cmocka_unit_test(forbidden_uses_are_blocked),
        cmocka_unit_test(payout_never_exceeds_the_approval),
        cmocka_unit_test(claim_needs_90_days_and_something_covered),
        cmocka_unit_test(claim_without_a_demand_is_warned_of_and_wrong_use_is_referred),
        cmocka_unit_test(worst_outcome_of_all_conditions_counts),
        cmocka_unit_test(what_was_read_is_listed),
        cmocka_unit_test(unknown_fact_stops_the_decision_and_names_the_condition),
        cmocka_unit_test(parameter_not_in_force_on_its_day_stops_the_decision),
        cmocka_unit_test(word_that_is_not_in_the_list_is_not_known),
        cmocka_unit_test(parameters_are_taken_from_their_governing_day),
        cmocka_unit_test(conditions_hold_from_a_day_until_a_day),
        cmocka_unit_test(decision_explains_itself_at_three_depths),
        cmocka_unit_test(people_read_titles_and_values_in_their_language),
        cmocka_unit_test(every_word_and_title_has_its_chinese),
        cmocka_unit_test(values_are_told_in_both_languages),
        cmocka_unit_test(result_names_its_outcome_in_both_languages),
        cmocka_unit_test(facts_are_set_with_their_kind),
        cmocka_unit_test(facts_have_names_titles_and_decisions),
        cmocka_unit_test(facts_are_read_as_they_are_written),
        cmocka_unit_test(no_name_means_two_things),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
