#include "ledger/audit/privacy_dek.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledger/base/text.h"
#include "ledger/base/uuid.h"

/* Sealing ------------------------------------------------------------------------------------- */

static struct seal_label dek_label(const char *origin, const char *subject, int64_t epoch)
{
    struct seal_label label;
    int length = snprintf(label.text, sizeof label.text, "ledger-pii-dek/v1\n%s\n%s\n%" PRId64 "\n",
                          origin, subject, epoch);
    assert(length > 0 && (size_t)length < sizeof label.text);
    label.length = (size_t)length;
    return label;
}

size_t text_seal(const uint8_t key[static DEK_SIZE], const struct seal_label *label,
                 const uint8_t *plain, size_t length, const uint8_t nonce[static SEAL_NONCE_SIZE],
                 uint8_t *ret)
{
    unsigned long long sealed = 0;
    int result = crypto_aead_xchacha20poly1305_ietf_encrypt(ret, &sealed, plain, length,
                                                            (const unsigned char *)label->text,
                                                            label->length, NULL, nonce, key);
    assert(result == 0);
    return (size_t)sealed;
}

bool text_unseal(const uint8_t key[static DEK_SIZE], const struct seal_label *label,
                 const uint8_t *sealed, size_t length, const uint8_t nonce[static SEAL_NONCE_SIZE],
                 uint8_t *ret, size_t *ret_length)
{
    unsigned long long opened = 0;
    bool good = crypto_aead_xchacha20poly1305_ietf_decrypt(ret, &opened, NULL, sealed, length,
                                                           (const unsigned char *)label->text,
                                                           label->length, nonce, key) == 0;
    *ret_length = (size_t)opened;
    return good;
}

/* Subjects ------------------------------------------------------------------------------------ */

static bool dek_insert(struct store *store, const char *subject, int64_t epoch,
                       const uint8_t nonce[static SEAL_NONCE_SIZE], const uint8_t *wrapped,
                       size_t length, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO pii_key (subject, epoch, nonce, wrapped) VALUES ($1, $2, $3, $4)");
    bind_text(query, 1, subject);
    bind_int(query, 2, epoch);
    bind_blob(query, 3, nonce, SEAL_NONCE_SIZE);
    bind_blob(query, 4, wrapped, length);
    return statement_run(query, err);
}

bool privacy_epoch_load(struct store *store, uint32_t *ret, struct error *err)
{
    int64_t epoch = 0;
    bool ok = store_read_int(store, "SELECT coalesce(max(epoch), 1) FROM pii_epoch", &epoch, err);
    *ret = (uint32_t)epoch;
    return ok;
}

/* Another command may have rotated them meanwhile: what is wrapped under a destroyed key is lost.
 */
static bool epoch_is_current(struct store *store, const struct privacy_keys *keys,
                             struct error *err)
{
    uint32_t epoch = 0;
    if (!privacy_epoch_load(store, &epoch, err)) {
        return false;
    }
    if (epoch == keys->epoch) {
        return true;
    }
    (void)error_set(err, FAULT_STORE, "privacy.key-epoch",
                    _("the data keys were rotated while this command ran"));
    return error_next(err, _("give the command again"));
}

void personal_draw_make(struct personal_draw *ret)
{
    digest_start();
    randombytes_buf(ret->subject.byte, sizeof ret->subject.byte);
    randombytes_buf(ret->salt, sizeof ret->salt);
}

bool privacy_subject_create(struct store *store, const struct privacy_keys *keys,
                            const char *origin, const struct uuid *id,
                            char ret[static SUBJECT_SIZE], struct error *err)
{
    uint8_t dek[DEK_SIZE], nonce[SEAL_NONCE_SIZE], wrapped[DEK_SIZE + SEAL_TAG_SIZE];
    char hex[UUID_HEX_SIZE];
    digest_start();
    if (!epoch_is_current(store, keys, err)) {
        return false;
    }
    (void)snprintf(ret, SUBJECT_SIZE, "m-%s", uuid_to_hex(id, hex));
    randombytes_buf(dek, sizeof dek);
    randombytes_buf(nonce, sizeof nonce);
    struct seal_label label = dek_label(origin, ret, keys->epoch);
    size_t length = text_seal(keys->key_encryption_key, &label, dek, sizeof dek, nonce, wrapped);
    sodium_memzero(dek, sizeof dek);
    return dek_insert(store, ret, keys->epoch, nonce, wrapped, length, err);
}

bool privacy_damaged(const char *what, const char *subject, struct error *err)
{
    (void)error_set(err, FAULT_INTEGRITY, "privacy.damaged",
                    _("the %s of %s does not open: it was changed, or the data keys are those of "
                      "another book"),
                    what, subject);
    return error_next(err, _("Check the folder of data keys; restore the book from a backup."));
}

bool dek_load(struct store *store, const struct privacy_keys *keys, const char *origin,
              const char *subject, uint8_t ret[static DEK_SIZE], bool *ret_found, struct error *err)
{
    bool opens = true;
    *ret_found = false;
    if (strlen(subject) != SUBJECT_SIZE - 1) {
        return true;
    }
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT epoch, nonce, wrapped FROM pii_key WHERE subject = $1");
    bind_text(query, 1, subject);
    *ret_found = statement_one(query);
    if (*ret_found) {
        size_t nonce_length = 0;
        size_t length = 0;
        size_t opened = 0;
        struct seal_label label = dek_label(origin, subject, column_int(query, 0));
        const uint8_t *nonce = column_blob(query, 1, &nonce_length);
        const uint8_t *wrapped = column_blob(query, 2, &length);
        opens = nonce_length == SEAL_NONCE_SIZE && length == DEK_SIZE + SEAL_TAG_SIZE &&
                text_unseal(keys->key_encryption_key, &label, wrapped, length, nonce, ret, &opened);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return opens || privacy_damaged(_("data key"), subject, err);
}

static bool wrap_anew(struct store *store, const char *origin, const char *subject,
                      const struct privacy_keys *to, const uint8_t dek[static DEK_SIZE],
                      struct error *err)
{
    uint8_t nonce[SEAL_NONCE_SIZE], wrapped[DEK_SIZE + SEAL_TAG_SIZE];
    struct seal_label label = dek_label(origin, subject, to->epoch);
    randombytes_buf(nonce, sizeof nonce);
    size_t length = text_seal(to->key_encryption_key, &label, dek, DEK_SIZE, nonce, wrapped);
    AUTO_STATEMENT struct statement *query = store_query(
        store, "UPDATE pii_key SET epoch = $2, nonce = $3, wrapped = $4 WHERE subject = $1");
    bind_text(query, 1, subject);
    bind_int(query, 2, to->epoch);
    bind_blob(query, 3, nonce, sizeof nonce);
    bind_blob(query, 4, wrapped, length);
    return statement_run(query, err);
}

/* The first subject behind this one; "" at the end. */
static bool next_subject(struct store *store, char subject[static SUBJECT_SIZE], struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT subject FROM pii_key WHERE subject > $1 ORDER BY subject LIMIT 1");
    bind_text(query, 1, subject);
    const char *found = statement_one(query) ? column_text(query, 0) : "";
    (void)snprintf(subject, SUBJECT_SIZE, "%s", found == NULL ? "" : found);
    return statement_end(query, err);
}

static bool epoch_put(struct store *store, uint32_t epoch, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO pii_epoch (id, epoch) VALUES (0, $1)"
                           " ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch");
    bind_int(query, 1, epoch);
    return statement_run(query, err);
}

bool privacy_rewrap(struct store *store, const char *origin, const struct privacy_keys *from,
                    const struct privacy_keys *to, int64_t *ret_count, struct error *err)
{
    char subject[SUBJECT_SIZE] = "";
    uint8_t dek[DEK_SIZE];
    bool found = false;

    *ret_count = 0;
    if (!next_subject(store, subject, err)) {
        return false;
    }
    while (subject[0] != '\0') {
        bool ok = dek_load(store, from, origin, subject, dek, &found, err) &&
                  wrap_anew(store, origin, subject, to, dek, err);
        sodium_memzero(dek, sizeof dek);
        if (!ok || !next_subject(store, subject, err)) {
            return false;
        }
        (*ret_count)++;
    }
    return epoch_put(store, to->epoch, err);
}
