/* visits.h - every person who signs is a small witness (audit-log.md 4.5 step 1): what each saw of
 * the log at the last visit stands beside that person's key, and is compared before the person
 * signs. Layer: service. */
#ifndef YICANG_SERVICE_VISITS_H
#define YICANG_SERVICE_VISITS_H

#include "cli/service/book.h"

/* Where the file stands: beside the key, <staff>.seen; and the folder. In the arena. */
#define VISIT_ENDING ".seen"
const char *visit_folder_of(struct arena *arena, const char *origin);
const char *visit_path_of(struct arena *arena, const char *origin, const char *staff);

/* Compares the log, as the open transaction sees it, with what `staff` saw last; once an office.
 * Reason ids log.rolled-back, log.forked, log.head-false, visit.damaged. */
MUST_CHECK bool visitor_looks_back(struct office *office, const char *staff, visit_warning warn,
                                   struct error *err);
/* Keeps what everybody who signed has seen now, at the end of a command. */
MUST_CHECK bool visits_keep(struct office *office, struct error *err);

/* Nobody who is to sign the beginning of a book has seen another one under its origin. Reason ids
 * book.origin-seen, visit.damaged. */
MUST_CHECK bool visit_is_first(struct arena *arena, const char *origin, const char *staff,
                               struct error *err);

#endif
