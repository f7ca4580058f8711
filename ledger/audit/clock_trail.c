#include "ledger/audit/clock_trail.h"

#include <inttypes.h>
#include <string.h>

#include "ledger/audit/checks.h"
#include "ledger/base/text.h"

#define BOOT_CLOCK_TOLERANCE 5 /* seconds (T4) */

/* T1: time goes back only to an event by which the admins say so. T4: within one run of the machine
 * the wall clock and the clock since its start agree. */
void clock_trail_follow(struct clock_trail *trail, const struct event *event, int64_t seq,
                        struct findings *findings)
{
    bool adjusted = strcmp(event->type, "clock.adjust") == 0;
    int64_t wall = event->instant.seconds - trail->at.seconds;
    if (CHECK_MADE(V2_TIME) && wall < 0 && !adjusted) {
        findings_add(findings, "E_TIME", seq, _("written at %s, before the event before it"),
                     event->at);
    }
    if (CHECK_MADE(V2_CLOCK) && event->has_clk && trail->has_clk && !adjusted &&
        strcmp(event->clk_boot, trail->boot) == 0) {
        int64_t apart = wall - (event->clk_up - trail->up);
        if (apart > BOOT_CLOCK_TOLERANCE || apart < -BOOT_CLOCK_TOLERANCE) {
            findings_add(findings, "E_TIME", seq,
                         _("the clock was moved by %" PRId64 " seconds before it"), apart);
        }
    }
    if (wall >= 0 || adjusted) {
        trail->at = event->instant;
    }
    trail->has_clk = event->has_clk;
    trail->up = event->clk_up;
    memcpy(trail->boot, event->clk_boot, sizeof trail->boot);
}
