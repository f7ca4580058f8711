/* privacy_plans.h - personal data read in clear, and erased. Layer: service.
 * Bodies: docs/events.md. What was read or erased never stands in them. */
#ifndef YICANG_SERVICE_PRIVACY_PLANS_H
#define YICANG_SERVICE_PRIVACY_PLANS_H

#include "cli/service/use_case.h"

/* Somebody is shown "fields" of a person in clear (audit-log.md 4.13, S11): this is its record, and
 * nothing follows from it. Reason ids person.not-found, person.other-household, person.fields,
 * household.erased, privacy.reason (none, or one with the digits of a number in it). */
bool plan_pii_read(struct planning *planning, const struct canon *request, struct error *err);

/* The personal data of all people of a household is destroyed (4.11). Reason ids
 * household.not-found, household.erased, household.loans-open, privacy.reason. */
bool plan_pii_shred(struct planning *planning, const struct canon *request, struct error *err);
bool project_pii_shred(const struct projection *projection, struct error *err);

#endif
