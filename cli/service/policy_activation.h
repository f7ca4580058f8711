/* policy_activation.h - how a policy comes into a book. Layer: service.
 *
 * The first one comes with `book init`. Each later one needs tests that all pass, two people who
 * sign, and begins after the open day, so that nobody changes the rules of a day that has begun
 * (audit-log.md 4.13, S10). What was promised keeps its policy: contracts, applications and claims
 * pin theirs; only what goes by the accrual day follows the new one. */
#ifndef YICANG_SERVICE_POLICY_ACTIVATION_H
#define YICANG_SERVICE_POLICY_ACTIVATION_H

#include "cli/service/act.h"
#include "rules/policy_test.h"

/* A file and what stands in it. */
struct policy_text {
    const char *file; /* as named in messages */
    const char *bytes;
    size_t length;
};

/* The body of policy.set: name, sha256, from, lines. Reason ids of policy_load(), and
 * policy.last-line. */
MUST_CHECK bool policy_set_request(struct arena *arena, const struct policy_text *text,
                                   struct date from, struct canon **ret, struct error *err);

struct policy_activation {
    struct policy_text policy;
    struct policy_text tests;
    bool has_from;
    struct date from; /* else the day after the open day */
};

/* Runs the tests and passes the door. Reason ids policy.two-persons, policy.tests-failed,
 * policy.in-force-already, those of policy.h, policy_test.h and of the plan of policy.set. */
MUST_CHECK bool policy_activate(struct office *office, const struct act_options *options,
                                const struct policy_activation *activation, struct act_result *ret,
                                struct error *err);

/* The policy whose digest begins with these hexadecimal digits (at least POLICY_PREFIX_MIN), among
 * all that the book has known. Reason ids policy.not-in-book, policy.ambiguous. */
#define POLICY_PREFIX_MIN 8
MUST_CHECK bool policy_with_prefix(struct office *office, const char *prefix,
                                   const struct policy **ret, struct error *err);

#endif
