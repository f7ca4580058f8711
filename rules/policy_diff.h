/* policy_diff.h - what differs between two policies, in words. Layer: rules.
 *
 * Values are compared day by day, not row by row: a row that changes nothing is no change, and a
 * change that a later row ends says until when. */
#ifndef YICANG_RULES_POLICY_DIFF_H
#define YICANG_RULES_POLICY_DIFF_H

#include "ledger/base/arena.h"
#include "rules/policy.h"

struct policy_change {
    const char *section;     /* "title", "values", "eligibility", ..., "loss", "recovery" */
    const char *subject;     /* name of a parameter, id of a condition, payer */
    const char *label;       /* translated: "insurer share" */
    const char *before;      /* NULL: there was none */
    const char *after;       /* NULL: there is none any more */
    const char *told_before; /* the same in the language of the program; NULL: as it stands */
    const char *told_after;
    bool is_prose;    /* before and after are texts, not values */
    struct date from; /* the first day on which it makes a difference */
    bool ends;
    struct date until; /* the first day on which it makes none any more */
    const char *words; /* "insurer share 70% -> 60% from 2024-01-01" */
};

struct policy_changes {
    struct policy_change *row; /* in the order of the policy */
    size_t count;
    size_t capacity;
};

/* Everything in the arena; it must not outlive the policies. */
void policy_diff(const struct policy *before, const struct policy *after, struct arena *arena,
                 struct policy_changes *ret);

#endif
