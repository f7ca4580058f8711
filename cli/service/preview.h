/* preview.h - what a change would hold, without making it. Layer: service. */
#ifndef YICANG_SERVICE_PREVIEW_H
#define YICANG_SERVICE_PREVIEW_H

#include "cli/service/book.h"
#include "cli/service/use_case.h"

/* For reading alone: nobody acts, and the event would be the next one. For planning_release(). */
void preview_planning(struct office *office, struct planning *ret);

/* The rows that the plan of the type would leave, in the arena of the office; none where the plan
 * refuses with the reason `nothing` ("subsidy.nothing-due"). Other reason ids are the plan's. */
MUST_CHECK bool preview_rows(struct office *office, const char *type, const struct canon *request,
                             const char *nothing, const struct canon **ret, struct error *err);

#endif
