/* personal_desk.h - personal data read in clear, and erased for good. Layer: service. */
#ifndef YICANG_SERVICE_PERSONAL_DESK_H
#define YICANG_SERVICE_PERSONAL_DESK_H

#include "cli/service/act.h"

/* What is to be read of whom, and why. */
struct personal_question {
    int64_t household, person;
    bool asked[PERSONAL_FIELDS]; /* by enum personal_field; at least one */
    const char *reason;
};

/* Records the reading as an event; only when that stands are the values handed out: in the arena of
 * the office, NULL where the person has no such field. None in a dry run, and none when the same
 * command is sent again: each showing has an event of its own. Reason ids besides those of
 * plan_pii_read() and act(): privacy.damaged. */
MUST_CHECK bool personal_read(struct office *office, const struct act_options *options,
                              const struct personal_question *question, struct act_result *ret_act,
                              const char *ret_value[static PERSONAL_FIELDS], struct error *err);

/* Erases the personal data of a household: the event with its deletions, then the files are written
 * anew so that nothing of it is left in free pages and write-ahead log. If only the second part
 * fails (reason id privacy.not-forgotten), the same command id does it again. */
MUST_CHECK bool household_shred(struct office *office, const struct act_options *options,
                                int64_t household, const char *reason, struct act_result *ret,
                                struct error *err);

#endif
