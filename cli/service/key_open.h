/* key_open.h - a key file becomes a signer, asking for its passphrase if it has one. Layer:
 * service.
 */
#ifndef YICANG_SERVICE_KEY_OPEN_H
#define YICANG_SERVICE_KEY_OPEN_H

#include "ledger/audit/signer.h"

/* How a passphrase is asked for; returns NULL to give up. The text is wiped and freed after use. */
struct passphrase_source {
    char *(*ask)(const void *context, const char *staff);
    const void *context;
};

/* What a key file gave; wipe with opened_key_wipe(). Where the secret stands behind an ssh-agent,
 * only the public part of `key` is set. */
struct opened_key {
    bool in_agent;
    struct signing_key key;
};
void opened_key_wipe(struct opened_key *key);
#define AUTO_OPENED_KEY AUTO(opened_key_wipe) struct opened_key

/* `whose`: as the person is asked for the passphrase. Reason ids key.needs-passphrase, key-file.*.
 */
MUST_CHECK bool key_open(const char *path, const char *whose,
                         const struct passphrase_source *source, struct opened_key *ret,
                         struct error *err);
/* Signs as long as the key lives. */
struct signer opened_key_signer(const struct opened_key *key);

#endif
