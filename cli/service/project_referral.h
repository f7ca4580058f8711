/* project_referral.h - what a policy referred to a person, once somebody has decided on it. Layer:
 * service. */
#ifndef YICANG_SERVICE_PROJECT_REFERRAL_H
#define YICANG_SERVICE_PROJECT_REFERRAL_H

#include "cli/service/use_case.h"

/* "referred" of any event, with the reason of its request. */
MUST_CHECK bool project_referrals(const struct projection *projection, struct error *err);

#endif
