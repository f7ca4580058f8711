/* export_reports.h - the reports that travel with an export (audit-log.md 4.8): made from the book,
 * and made again from its log alone to be compared (V9). Layer: service.
 *
 * reports/<report>[.<book>].<day>.csv, each report of the whole book as of one closed day, so that
 * it is the same for ever. There are no names of people in them: a household's number stands for
 * its persons. */
#ifndef YICANG_SERVICE_EXPORT_REPORTS_H
#define YICANG_SERVICE_EXPORT_REPORTS_H

#include "cli/service/policy_shelf.h"
#include "ledger/audit/bundle.h"
#include "ledger/audit/verify.h"

#define EXPORT_REPORTS_MAX 100 /* files in one export: making one again reads all loans */

struct export_reports {
    struct bundle_file file[EXPORT_REPORTS_MAX];
    char *owned[EXPORT_REPORTS_MAX][2]; /* path and bytes of each */
    size_t files;
};
void export_reports_release(struct export_reports *reports); /* accepts one that was only zeroed */
#define AUTO_EXPORT_REPORTS AUTO(export_reports_release) struct export_reports

/* As of this day, or NULL: of the last closed one, and none if there is none yet. Reason ids
 * report.day-open (it is not closed, or before the book), bundle.report-size, and those of
 * report_build(). */
MUST_CHECK bool export_reports_make(struct store *store, struct policy_shelf *policies,
                                    const struct date *as_of, struct export_reports *ret,
                                    struct error *err);

/* Makes every report of the export again from the store, which holds what its log gives, inside the
 * transaction of the caller. Only the columns that a file has are compared, so that a later program
 * that knows more of them still agrees. Adds E_REPORT for each that differs or is none. */
MUST_CHECK bool export_reports_compare(const struct bundle *bundle, struct store *store,
                                       struct policy_shelf *policies, struct findings *findings,
                                       struct error *err);

#endif
