/* Words that the rules know and reports show are told alike: reports know no rules (design.md 2),
 * so each has its own list. */
#include "cli/service/use_case.h"
#include "ledger/base/text.h"
#include "reports/words.h"
#include "rules/decision.h"
#include "rules/facts.h"
#include "tests/support/check.h"

static void check_list(const char *list, word_function word)
{
    AUTO_ARENA arena;
    struct table table = {.arena = &arena};
    const struct word_list *words = fact_word_list(list);
    arena_init(&arena, (size_t)1 << 20);
    assert_non_null(words);
    for (size_t i = 0; i < words->count; i++) {
        struct cell cell = word(&table, words->words[i]);
        check_text_equal(cell.word->name, words->words[i]);
        check_text_equal(cell.word->zh, words->words_zh[i]);
    }
}

static void purposes_are_told_as_the_rules_tell_them(void **state)
{
    (void)state;
    check_list("purpose", word_of_purpose);
}

static void standings_are_told_as_the_rules_tell_them(void **state)
{
    (void)state;
    check_list("household_status", word_of_register_status);
}

static void classes_are_told_as_the_rules_tell_them(void **state)
{
    (void)state;
    check_list("loan_class", word_of_loan_class);
}

static void decisions_and_outcomes_are_told_as_the_rules_tell_them(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    struct table table = {.arena = &arena};
    arena_init(&arena, (size_t)1 << 20);
    for (int i = 0; i < DECISION_POINT_COUNT; i++) {
        const char *name = decision_point_name((enum decision_point)i);
        struct cell cell = word_of_decision(&table, name);
        check_text_equal(cell.word->en, decision_point_tell(name, false));
        check_text_equal(cell.word->zh, decision_point_tell(name, true));
    }
    for (int i = OUTCOME_PASS; i <= OUTCOME_BLOCK; i++) {
        const char *name = outcome_name((enum outcome)i);
        struct cell cell = word_of_outcome(&table, name);
        check_text_equal(cell.word->en, outcome_tell(name, false));
        check_text_equal(cell.word->zh, outcome_tell(name, true));
    }
    check_text_equal(outcome_tell("unheard-of", true), "unheard-of");
    check_text_equal(decision_point_tell("unheard-of", true), "unheard-of");
}

/* Of every type that there is, whoever is told of it: each its own, none the type itself. That
 * there is one in Chinese too, lint.translations sees. */
static void every_type_of_event_has_a_title(void **state)
{
    (void)state;
    for (size_t i = 0; i < use_case_count(); i++) {
        const struct use_case *one = use_case_at(i);
        assert_non_null(one->title);
        check_text_equal(event_title(one->type), one->title);
        assert_null(strchr(one->title, '.'));
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(one->title, use_case_at(k)->title);
        }
    }
    check_text_equal(event_title("unheard.of"), "unheard.of");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(purposes_are_told_as_the_rules_tell_them),
        cmocka_unit_test(standings_are_told_as_the_rules_tell_them),
        cmocka_unit_test(classes_are_told_as_the_rules_tell_them),
        cmocka_unit_test(every_type_of_event_has_a_title),
        cmocka_unit_test(decisions_and_outcomes_are_told_as_the_rules_tell_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
