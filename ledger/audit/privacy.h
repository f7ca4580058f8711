/* privacy.h - personal data: encrypted at rest, found by a keyed index, masked on display, only
 * salted commitments in the log (audit-log.md 4.11). Layer: audit.
 * Tables pii_key, pii_field, pii_index, pii_request are written here and nowhere else. */
#ifndef YICANG_AUDIT_PRIVACY_H
#define YICANG_AUDIT_PRIVACY_H

#include "ledger/base/arena.h"
#include "ledger/base/digest.h"
#include "ledger/base/error.h"
#include "ledger/base/uuid.h"
#include "ledger/store/store.h"

#include <stdbool.h>
#include <stdint.h>

#define SUBJECT_SIZE 35         /* "m-" + 32 hex + NUL */
#define PERSONAL_VALUE_MAX 1024 /* bytes of a value */
#define PERSONAL_SALT_SIZE 32

/* Data-encryption keys of a book, from its service key folder. */
struct privacy_keys {
    uint8_t key_encryption_key[32];
    uint8_t index_key[32];
    uint32_t epoch;
};

/* Creates <folder>/privacy.key (0640) / reads it. Reason ids privacy.key-missing,
 * privacy.key-format, privacy.key-exists, privacy.key-permissions (others can read it, or the group
 * write it), store.io. */
MUST_CHECK bool privacy_keys_create(const char *folder, struct error *err);
MUST_CHECK bool privacy_keys_load(const char *folder, struct privacy_keys *ret, struct error *err);
void privacy_keys_wipe(struct privacy_keys *keys);
/* Those under which the data keys of this book are wrapped now, also where a rotation broke off.
 * Besides the reason ids of privacy_keys_load(): privacy.key-epoch (the folder holds those of
 * another time). */
MUST_CHECK bool privacy_keys_in_force(struct store *store, const char *folder,
                                      struct privacy_keys *ret, struct error *err);

/* The key that wraps the data keys gives way to a new one, and is destroyed: backups from before
 * open no more without a copy of it (audit-log.md 4.11, once a quarter). The new key is on the disk
 * before the data keys are wrapped anew, in one transaction, and the old one is destroyed after the
 * commit; wherever it breaks off, privacy_keys_in_force() finds the right one, and the next
 * rotation tidies up. The index key stays. Not inside a transaction. In a rehearsal everything but
 * the commit. Gives the new epoch and how many data keys were wrapped anew. */
struct rotation {
    uint32_t epoch;
    int64_t data_keys;
};
MUST_CHECK bool privacy_keys_rotate(struct store *store, const char *folder, const char *origin,
                                    bool rehearsal, struct rotation *ret, struct error *err);
/* Under the key of which epoch the data keys are wrapped; 1 in a new book. */
MUST_CHECK bool privacy_epoch_load(struct store *store, uint32_t *ret, struct error *err);
/* Wraps every data key, which `from` opens, under `to`; for privacy_keys_rotate(). */
MUST_CHECK bool privacy_rewrap(struct store *store, const char *origin,
                               const struct privacy_keys *from, const struct privacy_keys *to,
                               int64_t *ret_count, struct error *err);

enum personal_field { FIELD_NAME, FIELD_ID_NO, FIELD_PHONE, FIELD_BANK_CARD };
#define PERSONAL_FIELDS 4
const char *personal_field_name(enum personal_field field); /* "name", "id_no", ... */

/* What is drawn at random for a person and stands behind the commitments in the log: whoever may
 * have to enter the same person twice keeps it. Secret, like the data. */
struct personal_draw {
    struct uuid subject;
    uint8_t salt[PERSONAL_FIELDS][PERSONAL_SALT_SIZE];
};
void personal_draw_make(struct personal_draw *ret);

/* A new subject with its own data key, under this id. Reason id privacy.key-epoch if the keys were
 * rotated since they were loaded. */
MUST_CHECK bool privacy_subject_create(struct store *store, const struct privacy_keys *keys,
                                       const char *origin, const struct uuid *id,
                                       char ret[static SUBJECT_SIZE], struct error *err);
/* Encrypts and stores the next version of a field, with this salt, which is used for nothing else;
 * gives the commitment that goes into the log.
 * The value must be normalised. Fields with an index (id number) refuse a value that another
 * subject has: reason id person.id-number-known; others: person.value-too-long, person.erased (the
 * subject has no key any more), privacy.damaged. */
MUST_CHECK bool privacy_put(struct store *store, const struct privacy_keys *keys,
                            const char *origin, const char *subject, enum personal_field field,
                            const char *value, const uint8_t salt[static PERSONAL_SALT_SIZE],
                            struct sha256 *ret_commitment, struct error *err);
/* The newest version in clear, in the arena; NULL in *ret if the subject has no such field or was
 * erased. Reason id privacy.damaged if it does not open. */
MUST_CHECK bool privacy_get(struct store *store, const struct privacy_keys *keys,
                            const char *origin, const char *subject, enum personal_field field,
                            struct arena *arena, const char **ret, struct error *err);
/* Destroys the subject's data key, fields and index entries; a subject that has none is no failure.
 * What the rows were stands in free pages and the write-ahead log until store_forget(). */
MUST_CHECK bool privacy_erase(struct store *store, const char *subject, struct error *err);
/* Whether some version of the field opens to this commitment. A subject that was erased has no
 * versions and is PERSONAL_ERASED: its commitments stay in the log and can be tested no more. */
enum personal_standing { PERSONAL_OPENS, PERSONAL_ERASED, PERSONAL_DIFFERS };
MUST_CHECK bool privacy_test(struct store *store, const struct privacy_keys *keys,
                             const char *origin, const char *subject, enum personal_field field,
                             const struct sha256 *commitment, enum personal_standing *ret,
                             struct error *err);
MUST_CHECK bool personal_field_find(const char *name, enum personal_field *ret);

/* What stands in the tables beside that. Hands over each subject whom the index does not find by
 * the newest value of an indexed field; one that does not open is passed over. */
struct privacy_rows {
    int64_t fields;         /* versions of all fields of all subjects */
    int64_t index, indexed; /* entries of the index, and those that lead where they should */
};
typedef void (*privacy_subject_visitor)(void *context, const char *subject);
MUST_CHECK bool privacy_rows_test(struct store *store, const struct privacy_keys *keys,
                                  const char *origin, privacy_subject_visitor lost, void *context,
                                  struct privacy_rows *ret, struct error *err);

/* The subject with this value, or "" if there is none. Equality only. */
MUST_CHECK bool privacy_find(struct store *store, const struct privacy_keys *keys,
                             enum personal_field field, const char *value,
                             char ret_subject[static SUBJECT_SIZE], struct error *err);

/* What stands in the log for a value: SHA-256 of a label, the secret salt and the value. */
struct sha256 privacy_commitment(const char *origin, const char *subject, enum personal_field field,
                                 const uint8_t salt[static PERSONAL_SALT_SIZE], const char *value);

/* Normal forms. Reason ids person.id-number-length, person.id-number-digit,
 * person.id-number-birth-date, person.id-number-check, person.phone, person.bank-card. The 18-digit
 * identity number of GB 11643 with its ISO 7064 check; lower-case x becomes X; an unknown area code
 * is never a reason to refuse. Telephones: mobile numbers and landlines of China with the country's
 * code ("+8613812345678"). Bank accounts: 12 to 23 digits; cards (62...) must have the right check
 * digit. */
MUST_CHECK bool id_number_normalise(const char *text, char ret[static 19], struct error *err);
struct date id_number_birth_date(const char *normal);
MUST_CHECK bool phone_normalise(const char *text, char ret[static 16], struct error *err);
MUST_CHECK bool bank_card_normalise(const char *text, char ret[static 24], struct error *err);

/* Masks: 510***********1234, 138****5678, first character of a name and ** for the rest, last four
 * digits of a card. In the arena; NULL gives "". */
const char *personal_mask(struct arena *arena, enum personal_field field, const char *value);

/* HMAC of any text under the index key, apart from the index: for request digests that must not
 * leak personal data. */
struct sha256 privacy_mac(const struct privacy_keys *keys, const void *bytes, size_t length);
/* Such a digest over the personal data of a request: it goes when the subject is erased, and then
 * is that of no request any more. */
MUST_CHECK bool privacy_request_put(struct store *store, const struct uuid *command,
                                    const char *subject, const struct sha256 *mac,
                                    struct error *err);
MUST_CHECK bool privacy_request_is(struct store *store, const struct uuid *command,
                                   const struct sha256 *mac, bool *ret, struct error *err);

#endif
