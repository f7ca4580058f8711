/* clock_trail.h - the rules about time between two events (audit-log.md 4.9, T1 and T4). Layer:
 * audit. */
#ifndef YICANG_AUDIT_CLOCK_TRAIL_H
#define YICANG_AUDIT_CLOCK_TRAIL_H

#include "ledger/audit/verify.h"
#include "ledger/base/clock.h"

/* What the event before said. */
struct clock_trail {
    struct instant at;
    bool has_clk;
    char boot[UUID_HEX_SIZE];
    int64_t up;
};
#define CLOCK_TRAIL_START                                                                          \
    {                                                                                              \
        .at = { INT64_MIN / 2 }                                                                    \
    }

/* Adds E_TIME where the event at seq goes back in time without an event of the admins that says so,
 * or where the wall clock and the clock since the start of the machine disagree; then the trail is
 * that event's. */
void clock_trail_follow(struct clock_trail *trail, const struct event *event, int64_t seq,
                        struct findings *findings);

#endif
