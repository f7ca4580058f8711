/* plan_override.h - an exception from a condition of the policy. Layer: service.
 *
 * The policy says from which conditions a person may make one (override: yes). One person proposes
 * it for one loan and one condition, with a reason; it counts once another person decides on its
 * strength (duties.h). What rests on it names it: "overrides" of its `out`. */
#ifndef YICANG_SERVICE_PLAN_OVERRIDE_H
#define YICANG_SERVICE_PLAN_OVERRIDE_H

#include "cli/service/use_case.h"

/* Reason ids override.point, override.condition (the policy of the loan allows none), override.role
 * (the bank's for loans, the bureau's for claims), override.made-already, loan.not-found. */
bool plan_loan_override(struct planning *planning, const struct canon *request, struct error *err);
bool project_loan_override(const struct projection *projection, struct error *err);
/* "overrides" of any event. */
MUST_CHECK bool project_overrides(const struct projection *projection, struct error *err);

#endif
