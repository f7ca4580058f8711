/* policy_test_cases.c - cases that are one row each: values, bands, losses, recoveries, repayments.
 */
#include "rules/policy_test_reader.h"

#include "ledger/base/text.h"
#include "rules/scalar.h"

#define CASE_TITLE_MAX 200

bool case_scalar(const struct node *node, enum value_kind kind, struct value *ret,
                 struct error *err)
{
    return scalar_parse(node->text, kind, ret, err) || node_place(node, err);
}

bool case_date(const struct node *node, struct date *ret, struct error *err)
{
    struct value value = {.kind = VALUE_DATE};
    if (!case_scalar(node, VALUE_DATE, &value, err)) {
        return false;
    }
    *ret = value_date(value);
    return true;
}

bool case_money(const struct node *node, struct money *ret, struct error *err)
{
    struct value value = {.kind = VALUE_MONEY};
    if (!case_scalar(node, VALUE_MONEY, &value, err)) {
        return false;
    }
    if (value.number < 0) {
        return node_error(node, err, "policy.range", _("the amount is negative"));
    }
    *ret = value_money(value);
    return true;
}

bool case_name(struct reading *r, const struct node *row, const struct node *title,
               struct case_name *ret, struct error *err)
{
    if (++r->cases > POLICY_TEST_CASES_MAX) {
        node_error(row, err, "policy.too-large", _("the file has too many cases"));
        return error_limit(err, _("at most %d"), POLICY_TEST_CASES_MAX);
    }
    ret->section = r->section;
    ret->line = row->line;
    return node_read_text(r->arena, title, CASE_TITLE_MAX, &ret->title, err);
}

bool value_case_read(struct reading *r, const struct node *row, struct error *err)
{
    enum { PARAMETER, ON, EXPECT, KEYS };
    static const struct node_key keys[KEYS] = {
        [PARAMETER] = {"parameter", NODE_SCALAR, false},
        [ON] = {"on", NODE_SCALAR, false},
        [EXPECT] = {"expect", NODE_SCALAR, false},
    };
    const struct node *found[KEYS];
    struct value_case *test = &r->tests->value[r->tests->values];

    if (!node_read_map(row, keys, KEYS, found, err) ||
        !case_name(r, row, found[PARAMETER], &test->name, err)) {
        return false;
    }
    if (!parameter_find(found[PARAMETER]->text, &test->parameter)) {
        return node_error(found[PARAMETER], err, "policy.value", _("“%s” is no parameter"),
                          found[PARAMETER]->text);
    }
    enum value_kind kind = parameter_rule(test->parameter)->kind;
    r->tests->values++;
    return case_date(found[ON], &test->on, err) &&
           case_scalar(found[EXPECT], kind, &test->expected, err);
}

static const struct band_table *find_table(const struct policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->bands.count; i++) {
        if (text_equal(policy->bands.tables[i].name, name)) {
            return &policy->bands.tables[i];
        }
    }
    return NULL;
}

static bool read_of_kind(const struct node *node, const struct band_kind *kind, struct value *ret,
                         struct error *err)
{
    size_t word = 0;

    *ret = (struct value){.kind = kind->kind, .words = kind->words};
    if (kind->kind != VALUE_WORD) {
        return case_scalar(node, kind->kind, ret, err);
    }
    if (!node_read_word(node, kind->words->words, kind->words->count, &word, err)) {
        return false;
    }
    ret->number = (int64_t)word;
    return true;
}

bool band_case_read(struct reading *r, const struct node *row, struct error *err)
{
    enum { TABLE, ON, OF, EXPECT, KEYS };
    static const struct node_key keys[KEYS] = {
        [TABLE] = {"table", NODE_SCALAR, false},
        [ON] = {"on", NODE_SCALAR, false},
        [OF] = {"of", NODE_SCALAR, false},
        [EXPECT] = {"expect", NODE_SCALAR, false},
    };
    const struct node *found[KEYS];
    struct band_case *test = &r->tests->band[r->tests->bands++];

    if (!node_read_map(row, keys, KEYS, found, err) ||
        !case_name(r, row, found[TABLE], &test->name, err)) {
        return false;
    }
    test->table = find_table(r->tests->policy, found[TABLE]->text);
    if (test->table == NULL) {
        return node_error(found[TABLE], err, "policy.value", _("the policy has no table “%s”"),
                          found[TABLE]->text);
    }
    return case_date(found[ON], &test->on, err) &&
           read_of_kind(found[OF], &test->table->of, &test->of, err) &&
           read_of_kind(found[EXPECT], &test->table->gives, &test->expected, err);
}

/* {penalty: 5 yuan, interest: 20 yuan}: what is not named is nothing. */
static bool read_dues(const struct node *map, struct dues *ret, struct error *err)
{
    struct node_key keys[DUE_COUNT];
    const struct node *found[DUE_COUNT];

    for (size_t i = 0; i < DUE_COUNT; i++) {
        keys[i] = (struct node_key){due_name((enum due)i), NODE_SCALAR, true};
    }
    if (!node_read_map(map, keys, DUE_COUNT, found, err)) {
        return false;
    }
    for (size_t i = 0; i < DUE_COUNT; i++) {
        if (found[i] != NULL && !case_money(found[i], &ret->of[i], err)) {
            return false;
        }
    }
    return true;
}

bool repayment_case_read(struct reading *r, const struct node *row, struct error *err)
{
    enum { TITLE, ON, OVERDUE, DUE, PAID, EXPECT, OVER, KEYS };
    static const struct node_key keys[KEYS] = {
        [TITLE] = {"case", NODE_SCALAR, false},
        [ON] = {"on", NODE_SCALAR, false},
        [OVERDUE] = {"days_overdue", NODE_SCALAR, false},
        [DUE] = {"due", NODE_MAP, false},
        [PAID] = {"paid", NODE_SCALAR, false},
        [EXPECT] = {"expect", NODE_MAP, false},
        [OVER] = {"left_over", NODE_SCALAR, true},
    };
    const struct node *found[KEYS];
    struct repayment_case *test = &r->tests->repayment[r->tests->repayments++];
    struct value overdue = {.kind = VALUE_DAYS};

    if (!node_read_map(row, keys, KEYS, found, err) ||
        !case_name(r, row, found[TITLE], &test->name, err) ||
        !case_date(found[ON], &test->on, err) ||
        !case_scalar(found[OVERDUE], VALUE_DAYS, &overdue, err)) {
        return false;
    }
    test->days_overdue = overdue.number;
    return read_dues(found[DUE], &test->due, err) && case_money(found[PAID], &test->paid, err) &&
           read_dues(found[EXPECT], &test->expected, err) &&
           (found[OVER] == NULL || case_money(found[OVER], &test->over, err));
}

/* {insurer: 35000 yuan, fund: 7500 yuan}: who is not named gets nothing. */
static bool read_shares(const struct policy *policy, const struct node *map, struct shares *ret,
                        struct error *err)
{
    struct node_key keys[PAYERS_MAX];
    const struct node *found[PAYERS_MAX];
    size_t count = policy_payers(policy);

    for (size_t i = 0; i < count; i++) {
        keys[i] = (struct node_key){policy_payer(policy, i).name, NODE_SCALAR, true};
    }
    if (!node_read_map(map, keys, count, found, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (found[i] != NULL && !case_money(found[i], &ret->of[i], err)) {
            return false;
        }
    }
    return true;
}

/* What each payer bore before; with one of the two the other is nothing. */
static bool read_history(const struct policy *policy, const struct node *this_year,
                         const struct node *in_all, struct loss_case *ret, struct error *err)
{
    ret->has_history = this_year != NULL || in_all != NULL;
    return (this_year == NULL || read_shares(policy, this_year, &ret->this_year, err)) &&
           (in_all == NULL || read_shares(policy, in_all, &ret->in_all, err));
}

static bool read_free_balance(const struct node *node, struct case_facts *facts, struct error *err)
{
    struct value value = {.kind = VALUE_MONEY};

    if (node == NULL) {
        return true;
    }
    if (!case_scalar(node, VALUE_MONEY, &value, err)) {
        return false;
    }
    case_set_money(facts, FACT_FUND_FREE_BALANCE, value_money(value));
    return true;
}

static bool names_a_loss(const struct node *row, const struct loss_test *test, struct error *err)
{
    if (!test->by_facts || test->facts.of[FACT_COVERED_UNPAID].known) {
        return true;
    }
    node_error(row, err, "policy.missing-key", _("“%s” is missing"), "loss");
    return error_limit(err, _("or covered_unpaid under “given”, of which the policy works it out"));
}

bool loss_case_read(struct reading *r, const struct node *row, struct error *err)
{
    enum { TITLE, ON, LOSS, FREE, GIVEN, THIS_YEAR, IN_ALL, EXPECT, KEYS };
    static const struct node_key keys[KEYS] = {
        [TITLE] = {"case", NODE_SCALAR, false},
        [ON] = {"on", NODE_SCALAR, false},
        [LOSS] = {"loss", NODE_SCALAR, true},
        [FREE] = {"fund_free_balance", NODE_SCALAR, true},
        [GIVEN] = {"given", NODE_MAP, true},
        [THIS_YEAR] = {"borne_this_year", NODE_MAP, true},
        [IN_ALL] = {"borne_in_all", NODE_MAP, true},
        [EXPECT] = {"expect", NODE_MAP, false},
    };
    const struct node *found[KEYS];
    const struct policy *policy = r->tests->policy;
    struct loss_test *test = &r->tests->loss[r->tests->losses++];

    if (!node_read_map(row, keys, KEYS, found, err) ||
        !case_name(r, row, found[TITLE], &test->name, err) ||
        !case_date(found[ON], &test->on, err)) {
        return false;
    }
    for (size_t i = 0; i < GOVERNING_DATE_COUNT; i++) {
        test->days.of[i] = test->on;
    }
    test->loss.days = &test->days;
    test->loss.facts = &test->facts;
    test->by_facts = found[LOSS] == NULL;
    return (test->by_facts || case_money(found[LOSS], &test->loss.loss, err)) &&
           case_facts_read(found[GIVEN], FACTS_OF_LOSS, &test->facts, err) &&
           names_a_loss(row, test, err) && read_free_balance(found[FREE], &test->facts, err) &&
           read_history(policy, found[THIS_YEAR], found[IN_ALL], &test->loss, err) &&
           read_shares(policy, found[EXPECT], &test->expected, err);
}

bool recovery_case_read(struct reading *r, const struct node *row, struct error *err)
{
    enum { TITLE, ON, BORNE, RECOVERED, EXPECT, KEYS };
    static const struct node_key keys[KEYS] = {
        [TITLE] = {"case", NODE_SCALAR, false}, [ON] = {"on", NODE_SCALAR, false},
        [BORNE] = {"borne", NODE_MAP, false},   [RECOVERED] = {"recovered", NODE_SCALAR, false},
        [EXPECT] = {"expect", NODE_MAP, false},
    };
    const struct node *found[KEYS];
    struct recovery_case *test = &r->tests->recovery[r->tests->recoveries++];

    return node_read_map(row, keys, KEYS, found, err) &&
           case_name(r, row, found[TITLE], &test->name, err) &&
           case_date(found[ON], &test->on, err) &&
           read_shares(r->tests->policy, found[BORNE], &test->borne, err) &&
           case_money(found[RECOVERED], &test->recovered, err) &&
           read_shares(r->tests->policy, found[EXPECT], &test->expected, err);
}
