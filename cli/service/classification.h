/* classification.h - the class of a loan at the close of a day, by the policy in force. Layer:
 * service. Reads the book, writes nothing.
 *
 * A policy that has conditions of `classification`, be it none, keeps classes: a close that looks
 * at a loan classes it, and a loan is looked at on the day on which its class is going to change,
 * and on no other for its sake. All of a class goes by the version in force on the day and by its
 * rows of that day. A condition that cannot be answered leaves the loan in the class of the table.
 */
#ifndef YICANG_SERVICE_CLASSIFICATION_H
#define YICANG_SERVICE_CLASSIFICATION_H

#include "cli/service/use_case.h"
#include "ledger/loans/loan.h"
#include "ledger/loans/loan_inspection.h"

/* What of a loan its class goes by, as it stands at the close of some day. */
struct class_case {
    const struct loan *loan;
    bool has_overdue_since;
    struct date overdue_since;
    const struct use_findings *use; /* NULL: read where a condition asks for it */
};

/* The class on the day by a policy. *ret_record (may be NULL) is the decision as events hold it, if
 * the class is not the loan's; else NULL. */
MUST_CHECK bool classify_by(struct planning *planning, const struct policy *policy,
                            const struct class_case *of, struct date day, enum loan_class *ret,
                            struct canon **ret_record, struct error *err);
/* The same by the policy in force; *ret_kept false: it keeps no classes. */
MUST_CHECK bool classify(struct planning *planning, const struct class_case *of, struct date day,
                         bool *ret_kept, enum loan_class *ret, struct canon **ret_record,
                         struct error *err);
/* The first day after `after` on whose close the class may be another than `class`; false in
 * *ret_found: it stays as long as nothing happens to the loan. `classed`: `class` is that of the
 * close of `after`. */
MUST_CHECK bool class_changes_on(struct planning *planning, const struct class_case *of,
                                 const char *class, bool classed, struct date after,
                                 bool *ret_found, struct date *ret, struct error *err);

/* Whether the policy in force on the day keeps classes. */
MUST_CHECK bool classes_are_kept(struct store *store, struct policy_shelf *policies,
                                 struct date day, bool *ret, struct error *err);
const char *loan_class_word(enum loan_class class); /* "special_mention" */

#endif
