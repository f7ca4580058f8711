/* key_renewal.h - a person's own next key (event key.renew). Layer: service.
 *
 * The next key waits in a file beside the one that it replaces and takes its place when the event
 * stands in the log. Whoever is interrupted in between asks again: the key that the log knows by
 * then is only moved to its place. */
#ifndef YICANG_SERVICE_KEY_RENEWAL_H
#define YICANG_SERVICE_KEY_RENEWAL_H

#include "cli/service/act.h"

struct renewal {
    struct new_key key; /* as it is from now on */
    bool finished;      /* the event stood already: only the file was moved */
    struct act_result act;
};

/* options->as is whose key it is. The next is this key of the ssh-agent, or if NULL a fresh one in
 * a file: with the passphrase of the old one, or a new one where the old stands behind an agent. An
 * open session ends. Reason ids of act(), of plan_key_renew(), key-file.*, agent.*. */
MUST_CHECK bool key_renew(struct office *office, const struct act_options *options,
                          const uint8_t *in_agent, struct renewal *ret, struct error *err);

#endif
