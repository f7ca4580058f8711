/* log_keys.h - the keys with which the log itself signs its heads: the lasting log key and the key
 * of the day (audit-log.md 4.1, 4.6), and the key of the system. Layer: audit.
 *
 * Which keys are in force stands in table service_key, written here from events and nowhere else
 * (as are key_recovery and key_recovery_seen); their secrets stand in the service key
 * folder, one 0640 file each: log.key, system.key and day-<key id>.key. A day key is replaced at
 * day close: the file of the next is on the disk before the event that names it, the file of the
 * old is overwritten and removed after the commit. A log key that replaces another is log-<key
 * id>.key until then. What a crash leaves of any is swept when the keys are loaded. */
#ifndef YICANG_AUDIT_LOG_KEYS_H
#define YICANG_AUDIT_LOG_KEYS_H

#include "ledger/audit/key.h"
#include "ledger/store/store.h"

/* Each key stands in guarded memory (guarded.h): only to be read. NULL: none. */
struct log_keys {
    struct signing_key *log;
    struct signing_key *day;
    struct signing_key *next_day; /* prepared for the seal */
    struct signing_key *next_log; /* the same after the log key was lost or stolen */
    bool loaded;
    bool log_lost,
        day_lost; /* of that key only what the log names is known; for a recovery alone */
};

enum service_key_kind { SERVICE_KEY_LOG, SERVICE_KEY_DAY, SERVICE_KEY_SYSTEM };

/* From event seq on this key is the one of its kind. */
MUST_CHECK bool service_key_put(struct store *store, uint64_t seq, enum service_key_kind kind,
                                const char *vkey, struct error *err);
/* The key in force; reason id log.key-unknown (FAULT_INTEGRITY) if no event named one. */
MUST_CHECK bool service_key_in_force(struct store *store, enum service_key_kind kind,
                                     char ret[static VKEY_TEXT_MAX], struct error *err);

/* Hands over the verifier key of each key of a kind that ever was in force, oldest first. */
typedef void (*service_key_visitor)(void *context, const char *vkey);
MUST_CHECK bool service_keys_each(struct store *store, enum service_key_kind kind,
                                  service_key_visitor visit, void *context, struct error *err);

/* A key of the log was replaced by the admins with event seq, and a witness must see a head from
 * there; `unseen` gives the oldest such event. A witness has seen one of `size` events, as event
 * seq records. */
MUST_CHECK bool key_recovery_put(struct store *store, uint64_t seq, struct error *err);
MUST_CHECK bool key_recovery_unseen(struct store *store, bool *ret_found, uint64_t *ret,
                                    struct error *err);
MUST_CHECK bool key_recovery_seen_put(struct store *store, uint64_t seq, uint64_t size,
                                      struct error *err);

/* Makes the keys of a new book, with their files; *ret_system is public only. Reason ids
 * key-file.*.
 */
MUST_CHECK bool log_keys_create(const char *folder, const char *origin, struct log_keys *ret,
                                struct verifier_key *ret_system, struct error *err);
/* Loads the keys in force, or checks that those loaded still are: another process may have closed a
 * day. Call it inside a write transaction, which keeps others from turning the day meanwhile.
 * Reason ids log.key-missing, key-file.*. */
MUST_CHECK bool log_keys_load(const char *folder, struct store *store, struct log_keys *keys,
                              struct error *err);

/* The same where the day key is lost: the log key alone; of the day key only what the log names.
 * Reason id log.key-present if it is there after all, also where a file may not be used for its
 * permissions. */
MUST_CHECK bool log_keys_load_without_day(const char *folder, struct store *store,
                                          struct log_keys *keys, struct error *err);
/* The same where the log key is to be replaced: whatever of the two is there. Reason id
 * log.key-present if a file is there but may not be used for its permissions. */
MUST_CHECK bool log_keys_load_what_is_there(const char *folder, struct store *store,
                                            struct log_keys *keys, struct error *err);

/* The key of a kind that signs a head of this size; reason id log.key-unknown. */
MUST_CHECK bool service_key_at(struct store *store, enum service_key_kind kind, uint64_t size,
                               char ret[static VKEY_TEXT_MAX], struct error *err);

/* A fresh key for the next day, or a fresh log key: in memory alone until it is published. */
void log_keys_prepare_day(struct log_keys *keys);
void log_keys_prepare_log(struct log_keys *keys);
/* What was prepared is on the disk when this returns: before the event that names it. */
MUST_CHECK bool log_keys_publish_next(const char *folder, const struct log_keys *keys,
                                      struct error *err);
/* After the commit: what was prepared is in force; what it replaces is destroyed. */
void log_keys_turn(const char *folder, struct log_keys *keys);
/* Nothing was committed: the prepared keys are destroyed. */
void log_keys_drop_next(const char *folder, struct log_keys *keys);

/* Removes the files of log_keys_create(): for a book that could not be begun. */
void log_keys_remove(const char *folder, struct log_keys *keys);
void log_keys_wipe(struct log_keys *keys);

#endif
