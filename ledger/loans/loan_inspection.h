/* loan_inspection.h - whether the money of a loan is used as it was applied for, as somebody found
 * it after the payout (贷后检查). Layer: loans. Table loan_inspection is written here alone. */
#ifndef YICANG_LOANS_LOAN_INSPECTION_H
#define YICANG_LOANS_LOAN_INSPECTION_H

#include "ledger/base/arena.h"
#include "ledger/store/store.h"

/* More inspections of one loan are not recorded; a note is as long at most, in characters. */
#define LOAN_INSPECTIONS_MAX 999
#define LOAN_INSPECTION_NOTE_MAX 500

struct loan_inspection {
    int64_t loan;
    int64_t no; /* among the loan's, from 1 */
    struct date on;
    const char *finding; /* "as-applied", "otherwise" */
    const char *note;    /* NULL: none */
    const char *actor;
};

bool loan_finding_is_known(const char *word);
/* The number of the next inspection, from 1. */
MUST_CHECK bool loan_inspection_next(struct store *store, int64_t loan, int64_t *ret,
                                     struct error *err);
MUST_CHECK bool loan_inspection_put(struct store *store, uint64_t seq,
                                    const struct loan_inspection *inspection, struct error *err);
/* What was found, from which day on, ascending. */
struct use_finding {
    struct date on;
    bool as_applied;
};
struct use_findings {
    struct use_finding *list;
    size_t count;
};
/* Adds the next one, as its row has it; *room is of the caller and begins with 0. */
void use_finding_add(struct use_findings *findings, struct arena *arena, size_t *room,
                     struct date on, const char *word);
MUST_CHECK bool loan_use_findings(struct store *store, int64_t loan, struct arena *arena,
                                  struct use_findings *ret, struct error *err);
/* The latest of them up to the day; NULL before the first. *ret_next is the first later one, NULL
 * if there is none. */
const struct use_finding *use_found_by(const struct use_findings *findings, struct date day,
                                       const struct use_finding **ret_next);
/* What the latest inspection found, by its day and then by its number, of events before `seq`;
 * *ret_found is false if there is none. */
MUST_CHECK bool loan_used_as_applied(struct store *store, int64_t loan, uint64_t seq,
                                     bool *ret_found, bool *ret, struct error *err);

#endif
