/* emergency_report.h - duties given in an emergency, as the bureau is told of them with the next
 * head (audit-log.md 4.13, S12). Layer: service. Prints nothing. */
#ifndef YICANG_SERVICE_EMERGENCY_REPORT_H
#define YICANG_SERVICE_EMERGENCY_REPORT_H

#include "cli/service/act.h"

/* One of them; texts are valid during the call. */
struct emergency {
    uint64_t seq;
    const char *at;      /* when, as the event says */
    const char *signers; /* staff codes of who signed, with commas between */
    const char *code;    /* to whom */
    const char *role;
    char until[INSTANT_TEXT_SIZE];
    const char *reason;
};
typedef void (*emergency_told)(void *context, const struct emergency *emergency);

/* Those that no witness has cosigned yet, oldest first. */
MUST_CHECK bool emergencies_tell(struct office *office, emergency_told tell, void *context,
                                 struct error *err);

#endif
