#include "rules/policy_test_reader.h"

#include "ledger/base/text.h"

#include <string.h>

#define BECAUSE_MAX 64

/* --- decisions -------------------------------------------------------------------------------- */

static bool find_fact(const struct node *node, enum decision_point point, enum fact_name *ret,
                      struct error *err)
{
    for (size_t i = 0; i < FACT_COUNT; i++) {
        enum fact_name name = (enum fact_name)i;
        if (fact_belongs_to(name, point) && text_equal(fact_symbol(name).name, node->key->text)) {
            *ret = name;
            return true;
        }
    }
    return node_error(node->key, err, "policy.unknown-key", _("“%s” is no fact of the decision %s"),
                      node->key->text,
                      (size_t)point == FACTS_OF_LOSS ? "loss" : decision_point_name(point));
}

static bool read_fact(const struct node *node, enum fact_name name, struct fact *ret,
                      struct error *err)
{
    struct symbol symbol = fact_symbol(name);
    size_t word = 0;

    if (node->kind != NODE_SCALAR) {
        return node_error(node, err, "policy.value", _("the fact “%s” should be a single value"),
                          symbol.name);
    }
    if (text_equal(node->text, "unknown")) {
        *ret = (struct fact){.known = false};
        return true;
    }
    *ret = (struct fact){.known = true, .value = {.kind = symbol.kind, .words = symbol.words}};
    if (symbol.kind != VALUE_WORD) {
        return case_scalar(node, symbol.kind, &ret->value, err);
    }
    if (!node_read_word(node, symbol.words->words, symbol.words->count, &word, err)) {
        return false;
    }
    ret->value.number = (int64_t)word;
    return true;
}

bool case_facts_read(const struct node *map, enum decision_point point, struct case_facts *facts,
                     struct error *err)
{
    for (const struct node *node = map == NULL ? NULL : map->first; node != NULL;
         node = node->next) {
        enum fact_name name = FACT_COUNT;
        if (!find_fact(node, point, &name, err) || !read_fact(node, name, &facts->of[name], err)) {
            return false;
        }
    }
    return true;
}

static bool is_condition(const struct condition_list *list, const char *id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (text_equal(list->rows[i].id, id)) {
            return true;
        }
    }
    return false;
}

/* "over-household-limit, age-out-of-range": each a condition of the policy. */
static bool read_because(struct reading *r, const struct node *node, struct decision_case *test,
                         struct error *err)
{
    if (node == NULL) {
        return true;
    }
    test->because = arena_alloc_array(r->arena, BECAUSE_MAX, sizeof *test->because);
    for (const char *at = node->text + strspn(node->text, ", "); *at != '\0';) {
        const char *id = arena_text_n(r->arena, at, strcspn(at, ", "));
        if (!test->expects_error && !is_condition(&r->tests->policy->conditions[test->point], id)) {
            return node_error(node, err, "policy.value",
                              _("the policy has no condition “%s” for the decision %s"), id,
                              decision_point_name(test->point));
        }
        if (test->because_count == BECAUSE_MAX) {
            node_error(node, err, "policy.too-large", _("too many conditions"));
            return error_limit(err, _("at most %d"), BECAUSE_MAX);
        }
        test->because[test->because_count++] = id;
        at += strlen(id);
        at += strspn(at, ", ");
    }
    return true;
}

/* A class, or an error; the conditions named are those by which it is worse than by the table. */
static bool read_class_expectation(struct reading *r, const struct node *expect,
                                   const struct node *because, struct decision_case *test,
                                   struct error *err)
{
    const struct word_list *classes = fact_word_list("loan_class");
    const char *words[CLASS_LOSS + 2];
    size_t chosen = 0;

    for (size_t i = 0; i <= CLASS_LOSS; i++) {
        words[i] = classes->words[i];
    }
    words[CLASS_LOSS + 1] = "error";
    if (!node_read_word(expect, words, COUNT_OF(words), &chosen, err)) {
        return false;
    }
    test->expects_error = chosen == COUNT_OF(words) - 1;
    test->class = test->expects_error ? CLASS_NORMAL : (enum loan_class)chosen;
    if (!read_because(r, because, test, err)) {
        return false;
    }
    test->outcome = test->because_count == 0 ? OUTCOME_PASS : OUTCOME_WARN;
    return !test->expects_error || test->because_count > 0 ||
           node_error(expect, err, "policy.value", _("because must say which error it is"));
}

static bool read_expectation(struct reading *r, const struct node *expect,
                             const struct node *because, struct decision_case *test,
                             struct error *err)
{
    if (test->point == DECISION_CLASSIFICATION) {
        return read_class_expectation(r, expect, because, test, err);
    }

    static const char *const words[] = {"pass", "warn", "refer", "block", "error"};
    size_t chosen = 0;

    if (!node_read_word(expect, words, COUNT_OF(words), &chosen, err)) {
        return false;
    }
    test->expects_error = chosen == COUNT_OF(words) - 1;
    test->outcome = test->expects_error ? OUTCOME_PASS : (enum outcome)chosen;
    if (!read_because(r, because, test, err)) {
        return false;
    }
    bool passes = !test->expects_error && test->outcome == OUTCOME_PASS;
    if (passes != (test->because_count == 0)) {
        return node_error(expect, err, "policy.value",
                          passes ? _("what passes has no because")
                                 : _("because must say which conditions do not hold"));
    }
    return true;
}

/* The days named by the case; all others are the day of the decision. */
static bool read_days(const struct node *const day[GOVERNING_DATE_COUNT],
                      struct decision_case *test, struct error *err)
{
    for (size_t i = 0; i < GOVERNING_DATE_COUNT; i++) {
        test->days.of[i] = test->on;
        if (day[i] != NULL && !case_date(day[i], &test->days.of[i], err)) {
            return false;
        }
    }
    return true;
}

static bool read_decision(struct reading *r, const struct node *row, const struct date *usual_day,
                          struct decision_case *test, struct error *err)
{
    enum { TITLE, ON, SIGNED, APPLIED, ACCRUED, CLAIMED, GIVEN, EXPECT, BECAUSE, KEYS };
    static const struct node_key keys[KEYS] = {
        [TITLE] = {"case", NODE_SCALAR, false},     [ON] = {"on", NODE_SCALAR, true},
        [SIGNED] = {"signed", NODE_SCALAR, true},   [APPLIED] = {"applied", NODE_SCALAR, true},
        [ACCRUED] = {"accrued", NODE_SCALAR, true}, [CLAIMED] = {"claimed", NODE_SCALAR, true},
        [GIVEN] = {"given", NODE_MAP, true},        [EXPECT] = {"expect", NODE_SCALAR, false},
        [BECAUSE] = {"because", NODE_SCALAR, true},
    };
    const struct node *found[KEYS];

    if (!node_read_map(row, keys, KEYS, found, err) ||
        !case_name(r, row, found[TITLE], &test->name, err)) {
        return false;
    }
    if (found[ON] == NULL && usual_day == NULL) {
        return node_error(row, err, "policy.missing-key",
                          _("the case needs “on”, the day of the decision"));
    }
    test->on = usual_day == NULL ? test->on : *usual_day;
    const struct node *const day[GOVERNING_DATE_COUNT] = {
        [GOVERNED_BY_SIGNING] = found[SIGNED],
        [GOVERNED_BY_APPLICATION] = found[APPLIED],
        [GOVERNED_BY_ACCRUAL] = found[ACCRUED],
        [GOVERNED_BY_CLAIM] = found[CLAIMED],
    };
    return (found[ON] == NULL || case_date(found[ON], &test->on, err)) &&
           read_days(day, test, err) &&
           case_facts_read(found[GIVEN], test->point, &test->facts, err) &&
           read_expectation(r, found[EXPECT], found[BECAUSE], test, err);
}

static bool read_decisions(struct reading *r, const struct node *section, enum decision_point point,
                           struct error *err)
{
    enum { ON, USUAL, CASES, KEYS };
    static const struct node_key keys[KEYS] = {
        [ON] = {"on", NODE_SCALAR, true},
        [USUAL] = {"usual", NODE_MAP, true},
        [CASES] = {"cases", NODE_LIST, false},
    };
    const struct node *found[KEYS];
    struct case_facts usual = {0};
    struct date day = {0};

    if (section == NULL) {
        return true;
    }
    if (!node_read_map(section, keys, KEYS, found, err) ||
        (found[ON] != NULL && !case_date(found[ON], &day, err)) ||
        !case_facts_read(found[USUAL], point, &usual, err)) {
        return false;
    }
    struct policy_tests *tests = r->tests;
    for (const struct node *row = found[CASES]->first; row != NULL; row = row->next) {
        struct decision_case *test = &tests->decision[tests->decisions];
        *test = (struct decision_case){.point = point, .facts = usual};
        if (!read_decision(r, row, found[ON] == NULL ? NULL : &day, test, err)) {
            return false;
        }
        tests->decisions++;
    }
    return true;
}

/* --- the file --------------------------------------------------------------------------------- */

enum { KEY_TESTS, KEY_VALUES, KEY_BANDS, KEY_LOSS, KEY_RECOVERY, KEY_REPAYMENT, KEY_POINTS };
#define FILE_KEYS ((size_t)KEY_POINTS + DECISION_POINT_COUNT)

static size_t rows_of(const struct node *list)
{
    return list == NULL ? 0 : list->count;
}

static bool read_rows(struct reading *r, const struct node *list, const char *section,
                      bool (*read)(struct reading *, const struct node *, struct error *),
                      struct error *err)
{
    r->section = section;
    for (const struct node *row = list == NULL ? NULL : list->first; row != NULL; row = row->next) {
        if (!read(r, row, err)) {
            return false;
        }
    }
    return true;
}

static void make_room(struct reading *r, const struct node *const found[FILE_KEYS])
{
    struct policy_tests *tests = r->tests;
    size_t decisions = 0;
    for (size_t i = KEY_POINTS; i < FILE_KEYS; i++) {
        for (const struct node *key = found[i] == NULL ? NULL : found[i]->first; key != NULL;
             key = key->next) {
            decisions += key->count; /* no fewer than its cases */
        }
    }
    tests->decision = arena_alloc_array(r->arena, decisions, sizeof *tests->decision);
    tests->value = arena_alloc_array(r->arena, rows_of(found[KEY_VALUES]), sizeof *tests->value);
    tests->loss = arena_alloc_array(r->arena, rows_of(found[KEY_LOSS]), sizeof *tests->loss);
    tests->recovery =
        arena_alloc_array(r->arena, rows_of(found[KEY_RECOVERY]), sizeof *tests->recovery);
    tests->band = arena_alloc_array(r->arena, rows_of(found[KEY_BANDS]), sizeof *tests->band);
    tests->repayment =
        arena_alloc_array(r->arena, rows_of(found[KEY_REPAYMENT]), sizeof *tests->repayment);
}

static bool read_sections(struct reading *r, const struct node *const found[FILE_KEYS],
                          struct error *err)
{
    make_room(r, found);
    for (size_t i = 0; i < DECISION_POINT_COUNT; i++) {
        r->section = decision_point_name((enum decision_point)i);
        if (!read_decisions(r, found[KEY_POINTS + i], (enum decision_point)i, err)) {
            return false;
        }
    }
    return read_rows(r, found[KEY_VALUES], "values", value_case_read, err) &&
           read_rows(r, found[KEY_BANDS], "bands", band_case_read, err) &&
           read_rows(r, found[KEY_LOSS], "loss", loss_case_read, err) &&
           read_rows(r, found[KEY_RECOVERY], "recovery", recovery_case_read, err) &&
           read_rows(r, found[KEY_REPAYMENT], "repayment", repayment_case_read, err);
}

static bool read_file(struct reading *r, const struct node *root, struct error *err)
{
    struct node_key keys[FILE_KEYS] = {[KEY_TESTS] = {"tests", NODE_SCALAR, false},
                                       [KEY_VALUES] = {"values", NODE_LIST, true},
                                       [KEY_BANDS] = {"bands", NODE_LIST, true},
                                       [KEY_LOSS] = {"loss", NODE_LIST, true},
                                       [KEY_RECOVERY] = {"recovery", NODE_LIST, true},
                                       [KEY_REPAYMENT] = {"repayment", NODE_LIST, true}};
    const struct node *found[FILE_KEYS];

    for (size_t i = 0; i < DECISION_POINT_COUNT; i++) {
        keys[KEY_POINTS + i] =
            (struct node_key){decision_point_name((enum decision_point)i), NODE_MAP, true};
    }
    if (!node_read_map(root, keys, FILE_KEYS, found, err)) {
        return false;
    }
    if (!text_equal(found[KEY_TESTS]->text, policy_name(r->tests->policy))) {
        return node_error(found[KEY_TESTS], err, "policy.tests-of-other",
                          _("these are tests of the policy “%s”, not of “%s”"),
                          found[KEY_TESTS]->text, policy_name(r->tests->policy));
    }
    if (!read_sections(r, found, err)) {
        return false;
    }
    return r->cases > 0 ||
           node_error(root, err, "policy.missing-key", _("there is not one case in the file"));
}

bool policy_tests_load(struct arena *arena, const char *file, const char *bytes, size_t length,
                       const struct policy *policy, const struct policy_tests **ret,
                       struct error *err)
{
    struct policy_tests *tests = arena_alloc(arena, sizeof *tests);
    struct reading reading = {.arena = arena, .tests = tests};
    const struct node *root = NULL;

    *tests = (struct policy_tests){.policy = policy};
    if (!yaml_tree_load(arena, file, bytes, length, &root, err) ||
        !read_file(&reading, root, err)) {
        return false;
    }
    *ret = tests;
    return true;
}
