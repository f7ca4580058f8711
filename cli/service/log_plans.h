/* log_plans.h - what was done with the log as a whole, recorded in it. Layer: service.
 * Bodies: docs/events.md. */
#ifndef YICANG_SERVICE_LOG_PLANS_H
#define YICANG_SERVICE_LOG_PLANS_H

#include "cli/service/use_case.h"

/* The log was verified up to `size` (audit-log.md 4.3): by whom, and what was found. Nothing
 * follows from it. Reason ids audit.recorded-size (the log is not so long), audit.recorded-root (it
 * had another root there). */
bool plan_verify_run(struct planning *planning, const struct canon *request, struct error *err);

/* The database was put back from a copy in which nothing was lost (4.3): why, how far it came, and
 * which file it was. Nothing follows from it. Reason ids restore.reason, audit.recorded-*. */
bool plan_db_restore(struct planning *planning, const struct canon *request, struct error *err);

/* Whether the log has this root at this size, which is at most that of the log before the event.
 * Where a log is played again there is no kept tree, and log_verify() compares (recorded_roots.h).
 * Reason ids as above. */
MUST_CHECK bool plan_recorded_root(const struct planning *planning, int64_t size,
                                   const struct sha256 *root, struct error *err);

#endif
