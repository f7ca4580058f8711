/* replay.h - a log played again into an empty store: each event planned anew and compared,
 * projected and posted (V5), the tables it gives compared with the live ones (V9). Layer: service.
 */
#ifndef YICANG_SERVICE_REPLAY_H
#define YICANG_SERVICE_REPLAY_H

#include "cli/service/policy_shelf.h"
#include "ledger/audit/verify.h"

struct replay;

/* An empty store in a scratch folder, which goes away with the replay. With `plan_again` each event
 * is also planned from the book as it then stood. The log is that of the book `live`, in the
 * snapshot it is read in, where plans find the events of before; NULL: of an export, whose
 * events are put into the store for them. */
MUST_CHECK bool replay_open(bool plan_again, struct store *live, struct replay **ret,
                            struct error *err);
struct replay *replay_close(struct replay *replay); /* accepts NULL; returns NULL */
void replay_close_pointer(struct replay **replay);
#define AUTO_REPLAY AUTO(replay_close_pointer)

/* A verify_visitor's event; the context is the replay. Adds E_RULE for the first event that the
 * rules do not give, E_FORK if it records a decision of somebody who saw another log; those after
 * it would only be noise. */
void replay_event(void *context, const struct event *event, const struct buffer *rows,
                  struct findings *findings);
/* Adds E_PROJECTION for each difference from the live book, if there is one; nothing after an
 * E_RULE. */
MUST_CHECK bool replay_compare(struct replay *replay, struct findings *findings, struct error *err);
/* What the log gives, to be read in the transaction of the replay; false after an E_RULE. */
bool replay_result(struct replay *replay, struct store **ret_store,
                   struct policy_shelf **ret_policies);

#endif
