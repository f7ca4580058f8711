/* report.h - the reports there are: each a definition that reads the book and gives a table.
 * Layer: reports; only reads.
 *
 * A report as of day D shows what had a book date up to D: the events up to the close of D. So a
 * report of a closed day is the same for ever; one of the open day can still change. */
#ifndef YICANG_REPORTS_REPORT_H
#define YICANG_REPORTS_REPORT_H

#include "ledger/base/error.h"
#include "ledger/books/account.h"
#include "ledger/store/store.h"
#include "reports/table.h"

#include <stdbool.h>
#include <stddef.h>

/* What the reader has to name besides the day. */
enum report_subject { REPORT_OF_ALL, REPORT_OF_LOAN, REPORT_OF_BOOK };

struct report_parameters {
    struct date as_of;
    /* First day of the period, for reports with has_period; without it the book's first day. */
    bool has_from;
    struct date from;
    int64_t loan;   /* REPORT_OF_LOAN */
    enum book book; /* REPORT_OF_BOOK */
    bool classed;   /* the policy of the last day closed by then keeps classes of loans */
    /* The name of a person as it may be shown (masked), by subject; NULL if it is not known. May be
     * NULL itself: then, and for names not known, the number of the household is shown, "#12". */
    const char *(*name_of)(void *context, const char *subject);
    void *context;
};

struct report {
    const char *name; /* "loan-register": the verb of the command */
    const char *title_en, *title_zh;
    enum report_subject subject;
    bool has_period; /* shows what came before parameters->from as opening figures */
    const struct column *column;
    size_t columns;
    struct chart chart;
    /* Fills the rows of the table, which has everything above already. */
    MUST_CHECK bool (*build)(struct store *store, const struct report_parameters *parameters,
                             struct table *table, struct error *err);
};

size_t report_count(void);
const struct report *report_at(size_t index);
/* Reason id report.unknown. */
MUST_CHECK bool report_find(const char *name, const struct report **ret, struct error *err);

/* Reads in one snapshot of its own (no transaction may be open) into the table, which lives in the
 * arena (TABLE_ARENA_LIMIT suits). Reason ids report.day-not-reached (after the open business day),
 * report.period (it begins after the day of the report), loan.not-found, report.too-many-rows,
 * report.overflow, book.empty. */
MUST_CHECK bool report_build(const struct report *report, struct store *store,
                             const struct report_parameters *parameters, struct arena *arena,
                             struct table *ret, struct error *err);
/* The same inside a transaction of the caller. */
MUST_CHECK bool report_read(const struct report *report, struct store *store,
                            const struct report_parameters *parameters, struct arena *arena,
                            struct table *ret, struct error *err);

#endif
