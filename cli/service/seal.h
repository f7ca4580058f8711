/* seal.h - the signed head over the newest event, kept in its transaction. Layer: service. */
#ifndef YICANG_SERVICE_SEAL_H
#define YICANG_SERVICE_SEAL_H

#include "cli/service/book.h"
#include "cli/service/use_case.h"

/* Signs the tip with the log key and the day key in force, on SEAL_DAY_KEY with the next day's key
 * too (audit-log.md 4.6), and keeps it. Reason ids log.key-missing, log.key-unknown, store's. */
MUST_CHECK bool seal_tip(struct office *office, const struct log_tip *tip, enum seal_kind kind,
                         struct error *err);

#endif
