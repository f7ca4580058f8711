/* key_ring.h - the signing keys a command uses: from an open session, else from the person's key
 * file, asking for the passphrase once; or behind an ssh-agent, where the file says so. Layer:
 * service.
 *
 * Keys of people: $YICANG_KEYS, by default $XDG_CONFIG_HOME/yicang/keys or ~/.config/yicang/keys;
 * in it <origin with / as _>/<staff code>.key. A session is a 0600 file in $XDG_RUNTIME_DIR/yicang,
 * else in /run/user/<uid>/yicang or /tmp/yicang-<uid> (0700, ours), holding the seed. */
#ifndef YICANG_SERVICE_KEY_RING_H
#define YICANG_SERVICE_KEY_RING_H

#include "cli/service/key_open.h"
#include "ledger/audit/minisign.h"
#include "ledger/base/arena.h"

#include <stdbool.h>

struct key_ring;

struct key_ring *key_ring_new(const char *origin);
struct key_ring *key_ring_free(struct key_ring *ring); /* wipes; accepts NULL; returns NULL */

/* The key of a staff member. Reason ids key.not-found, key.needs-passphrase, session.*, key-file.*.
 * Lives as long as the ring. */
MUST_CHECK bool key_ring_get(struct key_ring *ring, const char *staff,
                             const struct passphrase_source *source, struct signer *ret,
                             struct error *err);

/* Where the key file of a person stands; in the arena. */
const char *key_path_of(struct arena *arena, const char *origin, const char *staff);
/* Whether it is there; and whether it names an ssh-agent. */
bool staff_key_is_there(const char *origin, const char *staff);
bool staff_key_is_in_agent(const char *origin, const char *staff);

/* The name that a person's key bears; reason id staff.code. */
MUST_CHECK bool staff_key_name(const char *origin, const char *staff,
                               char ret[static KEY_NAME_MAX + 1], struct error *err);

/* A new key for a person: file, verifier key and proof of possession (base64 of the signature over
 * "ledger-pop/v1 <origin>" LF vkey LF). Reason ids staff.code, key-file.*. */
struct new_key {
    char vkey[VKEY_TEXT_MAX];
    char proof[89];
    const char *path;
    bool in_agent;
};
MUST_CHECK bool staff_key_create(struct arena *arena, const char *origin, const char *staff,
                                 const char *passphrase, struct new_key *ret, struct error *err);
/* The same of a key in the ssh-agent: in the file stands only which it is. Besides: agent.*. */
MUST_CHECK bool staff_key_adopt(struct arena *arena, const char *origin, const char *staff,
                                const uint8_t public_key[static 32], struct new_key *ret,
                                struct error *err);
/* The same of a key that exists already. */
MUST_CHECK bool staff_key_show(struct arena *arena, const char *origin, const char *staff,
                               const struct passphrase_source *source, struct new_key *ret,
                               struct error *err);

/* Verifier key and proof; the path is left as it is. Reason ids of signer_sign(). */
MUST_CHECK bool staff_key_prove(struct arena *arena, const char *origin,
                                const struct signer *signer, struct new_key *ret,
                                struct error *err);

/* The key that signs exports (audit-log.md 4.1), in the folder of people's keys, under the name
 * <origin>/export. Reason ids key.not-found, key.needs-passphrase, key-file.*. */
const char *export_key_path(struct arena *arena, const char *origin);
MUST_CHECK bool export_key_create(struct arena *arena, const char *origin, const char *passphrase,
                                  struct error *err);
MUST_CHECK bool export_key_show(struct arena *arena, const char *origin, struct minisign_key *ret,
                                struct error *err);
MUST_CHECK bool export_key_read(struct arena *arena, const char *origin,
                                const struct passphrase_source *source, struct minisign_secret *ret,
                                struct error *err);

/* Sessions. Reason ids session.write, session.not-needed (the key stands behind an ssh-agent). */
MUST_CHECK bool session_open(const char *origin, const char *staff,
                             const struct passphrase_source *source, const char **ret_path,
                             struct arena *arena, struct error *err);
MUST_CHECK bool session_close(const char *origin, const char *staff, bool *ret_was_open,
                              struct error *err);
bool session_is_open(const char *origin, const char *staff);

#endif
