/* policy_test_reader.h - one file of tests while it is read. Layer: rules; part of policy_test.h.
 */
#ifndef YICANG_RULES_POLICY_TEST_READER_H
#define YICANG_RULES_POLICY_TEST_READER_H

#include "rules/policy_test_model.h"
#include "rules/yaml_tree.h"

struct reading {
    struct arena *arena;
    struct policy_tests *tests;
    const char *section;
    size_t cases; /* of all sections so far */
};

bool case_scalar(const struct node *node, enum value_kind kind, struct value *ret,
                 struct error *err);
bool case_date(const struct node *node, struct date *ret, struct error *err);
/* Not negative: reason id policy.range. */
bool case_money(const struct node *node, struct money *ret, struct error *err);
/* Facts of a decision or of FACTS_OF_LOSS by their names; NULL: none. Adds to what is known. */
bool case_facts_read(const struct node *map, enum decision_point point, struct case_facts *facts,
                     struct error *err);
/* Counts the case and names it by its title. Reason id policy.too-large. */
bool case_name(struct reading *r, const struct node *row, const struct node *title,
               struct case_name *ret, struct error *err);

/* Each reads one row and adds it to the tests. */
bool value_case_read(struct reading *r, const struct node *row, struct error *err);
bool band_case_read(struct reading *r, const struct node *row, struct error *err);
bool loss_case_read(struct reading *r, const struct node *row, struct error *err);
bool recovery_case_read(struct reading *r, const struct node *row, struct error *err);
bool repayment_case_read(struct reading *r, const struct node *row, struct error *err);

#endif
