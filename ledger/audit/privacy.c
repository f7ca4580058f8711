#include "ledger/audit/privacy.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledger/audit/privacy_dek.h"
#include "ledger/base/text.h"

#define SALT_SIZE 32
#define BLOCK 64 /* lengths are told in steps of this */
#define PADDED_MAX (SALT_SIZE + PERSONAL_VALUE_MAX + BLOCK)
#define SEALED_MAX (PADDED_MAX + SEAL_TAG_SIZE)
#define MAC_LABEL "ledger-mac/v1\n"

static struct seal_label field_label(const char *origin, const char *subject,
                                     enum personal_field field, int64_t version)
{
    struct seal_label label;
    int length =
        snprintf(label.text, sizeof label.text, "ledger-pii-field/v1\n%s\n%s\n%s\n%" PRId64 "\n",
                 origin, subject, personal_field_name(field), version);
    assert(length > 0 && (size_t)length < sizeof label.text);
    label.length = (size_t)length;
    return label;
}

/* Putting ------------------------------------------------------------------------------------- */

static bool next_version(struct store *store, const char *subject, enum personal_field field,
                         int64_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT version FROM pii_field WHERE subject = $1 AND field = $2"
                           " ORDER BY version DESC LIMIT 1");
    bind_text(query, 1, subject);
    bind_text(query, 2, personal_field_name(field));
    *ret = statement_one(query) ? column_int(query, 0) + 1 : 1;
    return statement_end(query, err);
}

struct sha256 privacy_commitment(const char *origin, const char *subject, enum personal_field field,
                                 const uint8_t salt[static PERSONAL_SALT_SIZE], const char *value)
{
    struct sha256_stream stream;
    const char *const lines[] = {"ledger-pii/v1", origin, subject, personal_field_name(field)};
    sha256_begin(&stream);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        sha256_add(&stream, lines[i], strlen(lines[i]));
        sha256_add(&stream, "\n", 1);
    }
    sha256_add(&stream, salt, PERSONAL_SALT_SIZE);
    sha256_add(&stream, value, strlen(value));
    return sha256_end(&stream);
}

static bool field_insert(struct store *store, const char *subject, enum personal_field field,
                         int64_t version, const uint8_t nonce[static SEAL_NONCE_SIZE],
                         const uint8_t *sealed, size_t length, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO pii_field (subject, field, version, nonce, ciphertext)"
                           " VALUES ($1, $2, $3, $4, $5)");
    bind_text(query, 1, subject);
    bind_text(query, 2, personal_field_name(field));
    bind_int(query, 3, version);
    bind_blob(query, 4, nonce, SEAL_NONCE_SIZE);
    bind_blob(query, 5, sealed, length);
    return statement_run(query, err);
}

/* salt || value, padded, under the subject's key. */
static bool field_put(struct store *store, const char *origin, const char *subject,
                      enum personal_field field, const char *value,
                      const uint8_t salt[static SALT_SIZE], const uint8_t dek[static DEK_SIZE],
                      struct sha256 *ret_commitment, struct error *err)
{
    uint8_t plain[PADDED_MAX], sealed[SEALED_MAX], nonce[SEAL_NONCE_SIZE];
    int64_t version = 0;
    size_t length = strlen(value);
    size_t padded = 0;
    if (!next_version(store, subject, field, &version, err)) {
        return false;
    }
    memcpy(plain, salt, SALT_SIZE);
    randombytes_buf(nonce, sizeof nonce);
    memcpy(plain + SALT_SIZE, value, length + 1); /* where the padding begins */
    *ret_commitment = privacy_commitment(origin, subject, field, plain, value);
    int result = sodium_pad(&padded, plain, SALT_SIZE + length, BLOCK, sizeof plain);
    assert(result == 0);
    struct seal_label label = field_label(origin, subject, field, version);
    size_t size = text_seal(dek, &label, plain, padded, nonce, sealed);
    sodium_memzero(plain, sizeof plain);
    return field_insert(store, subject, field, version, nonce, sealed, size, err);
}

/* Under HMAC: the field's name, LF, the value. */
static struct sha256 index_mac(const struct privacy_keys *keys, enum personal_field field,
                               const char *value)
{
    char label[32];
    (void)snprintf(label, sizeof label, "%s\n", personal_field_name(field));
    return hmac_sha256(keys->index_key, label, value, strlen(value));
}

static bool is_indexed(enum personal_field field)
{
    return field == FIELD_ID_NO;
}

/* What the subject was found by before gives way. */
static bool index_put(struct store *store, const char *subject, enum personal_field field,
                      const struct sha256 *mac, struct error *err)
{
    AUTO_STATEMENT struct statement *drop =
        store_query(store, "DELETE FROM pii_index WHERE field = $1 AND subject = $2");
    bind_text(drop, 1, personal_field_name(field));
    bind_text(drop, 2, subject);
    if (!statement_run(drop, err)) {
        return false;
    }
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO pii_index (field, mac, subject) VALUES ($1, $2, $3)");
    bind_text(query, 1, personal_field_name(field));
    bind_sha256(query, 2, mac);
    bind_text(query, 3, subject);
    return statement_run(query, err);
}

/* Nobody else may have this value. */
static bool check_unique(struct store *store, const struct privacy_keys *keys, const char *subject,
                         enum personal_field field, const char *value, struct error *err)
{
    char known[SUBJECT_SIZE];
    if (!privacy_find(store, keys, field, value, known, err)) {
        return false;
    }
    if (known[0] == '\0' || strcmp(known, subject) == 0) {
        return true;
    }
    (void)error_set(err, FAULT_REFUSED, "person.id-number-known",
                    _("somebody with this identity number is in the book already"));
    return error_next(err, _("Look for the person with `yicang household list`."));
}

static bool check_value(const char *value, struct error *err)
{
    if (strlen(value) <= PERSONAL_VALUE_MAX) {
        return true;
    }
    (void)error_set(err, FAULT_USAGE, "person.value-too-long", _("a personal detail is too long"));
    return error_limit(err, _("at most %d bytes"), PERSONAL_VALUE_MAX);
}

bool privacy_put(struct store *store, const struct privacy_keys *keys, const char *origin,
                 const char *subject, enum personal_field field, const char *value,
                 const uint8_t salt[static PERSONAL_SALT_SIZE], struct sha256 *ret_commitment,
                 struct error *err)
{
    uint8_t dek[DEK_SIZE];
    bool found = false;
    if (!check_value(value, err) ||
        (is_indexed(field) && !check_unique(store, keys, subject, field, value, err)) ||
        !dek_load(store, keys, origin, subject, dek, &found, err)) {
        return false;
    }
    if (!found) {
        return error_set(err, FAULT_REFUSED, "person.erased",
                         _("%s was erased: nothing can be kept about that person any more"),
                         subject);
    }
    bool put = field_put(store, origin, subject, field, value, salt, dek, ret_commitment, err);
    sodium_memzero(dek, sizeof dek);
    if (!put || !is_indexed(field)) {
        return put;
    }
    struct sha256 mac = index_mac(keys, field, value);
    return index_put(store, subject, field, &mac, err);
}

/* Erasing ------------------------------------------------------------------------------------- */

static bool erase_from(struct store *store, const char *sql, const char *subject, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(store, sql);
    bind_text(query, 1, subject);
    return statement_run(query, err);
}

bool privacy_erase(struct store *store, const char *subject, struct error *err)
{
    return erase_from(store, "DELETE FROM pii_request WHERE subject = $1", subject, err) &&
           erase_from(store, "DELETE FROM pii_index WHERE subject = $1", subject, err) &&
           erase_from(store, "DELETE FROM pii_field WHERE subject = $1", subject, err) &&
           erase_from(store, "DELETE FROM pii_key WHERE subject = $1", subject, err);
}

/* Getting and finding ------------------------------------------------------------------------- */

/* Salt and value of one row; false if it does not open. The caller wipes plain. */
static bool row_unseal(struct statement *row, const uint8_t dek[static DEK_SIZE],
                       const char *origin, const char *subject, enum personal_field field,
                       uint8_t plain[static SEALED_MAX], size_t *ret_length)
{
    size_t nonce_length = 0;
    size_t length = 0;
    size_t opened = 0;
    struct seal_label label = field_label(origin, subject, field, column_int(row, 0));
    const uint8_t *nonce = column_blob(row, 1, &nonce_length);
    const uint8_t *sealed = column_blob(row, 2, &length);
    return nonce_length == SEAL_NONCE_SIZE && length >= SEAL_TAG_SIZE && length <= SEALED_MAX &&
           text_unseal(dek, &label, sealed, length, nonce, plain, &opened) &&
           sodium_unpad(ret_length, plain, opened, BLOCK) == 0 && *ret_length >= SALT_SIZE;
}

/* The value of one row in the arena; NULL if it does not open. */
static const char *row_open(struct statement *row, const uint8_t dek[static DEK_SIZE],
                            const char *origin, const char *subject, enum personal_field field,
                            struct arena *arena)
{
    uint8_t plain[SEALED_MAX];
    size_t length = 0;
    const char *value = NULL;
    if (row_unseal(row, dek, origin, subject, field, plain, &length)) {
        value = arena_text_n(arena, (const char *)plain + SALT_SIZE, length - SALT_SIZE);
    }
    sodium_memzero(plain, sizeof plain);
    return value;
}

static bool row_fits(struct statement *row, const uint8_t dek[static DEK_SIZE], const char *origin,
                     const char *subject, enum personal_field field,
                     const struct sha256 *commitment)
{
    uint8_t plain[SEALED_MAX + 1];
    size_t length = 0;
    bool fits = false;
    if (row_unseal(row, dek, origin, subject, field, plain, &length)) {
        plain[length] = '\0';
        struct sha256 made =
            privacy_commitment(origin, subject, field, plain, (const char *)plain + SALT_SIZE);
        fits = sha256_equal(&made, commitment);
    }
    sodium_memzero(plain, sizeof plain);
    return fits;
}

bool privacy_test(struct store *store, const struct privacy_keys *keys, const char *origin,
                  const char *subject, enum personal_field field, const struct sha256 *commitment,
                  enum personal_standing *ret, struct error *err)
{
    uint8_t dek[DEK_SIZE];
    bool found = false;
    *ret = PERSONAL_ERASED;
    if (!dek_load(store, keys, origin, subject, dek, &found, err)) {
        return false;
    }
    if (!found) {
        return true;
    }
    *ret = PERSONAL_DIFFERS;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT version, nonce, ciphertext FROM pii_field"
                           " WHERE subject = $1 AND field = $2 ORDER BY version");
    bind_text(query, 1, subject);
    bind_text(query, 2, personal_field_name(field));
    while (*ret == PERSONAL_DIFFERS && statement_row(query)) {
        if (row_fits(query, dek, origin, subject, field, commitment)) {
            *ret = PERSONAL_OPENS;
        }
    }
    sodium_memzero(dek, sizeof dek);
    return statement_end(query, err);
}

bool privacy_get(struct store *store, const struct privacy_keys *keys, const char *origin,
                 const char *subject, enum personal_field field, struct arena *arena,
                 const char **ret, struct error *err)
{
    uint8_t dek[DEK_SIZE];
    bool found = false;
    *ret = NULL;
    if (!dek_load(store, keys, origin, subject, dek, &found, err)) {
        return false;
    }
    if (!found) {
        return true;
    }
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT version, nonce, ciphertext FROM pii_field"
                           " WHERE subject = $1 AND field = $2 ORDER BY version DESC LIMIT 1");
    bind_text(query, 1, subject);
    bind_text(query, 2, personal_field_name(field));
    bool kept = statement_one(query);
    if (kept) {
        *ret = row_open(query, dek, origin, subject, field, arena);
    }
    sodium_memzero(dek, sizeof dek);
    if (!statement_end(query, err)) {
        return false;
    }
    return !kept || *ret != NULL || privacy_damaged(personal_field_name(field), subject, err);
}

bool privacy_find(struct store *store, const struct privacy_keys *keys, enum personal_field field,
                  const char *value, char ret_subject[static SUBJECT_SIZE], struct error *err)
{
    struct sha256 mac = index_mac(keys, field, value);
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT subject FROM pii_index WHERE field = $1 AND mac = $2");
    ret_subject[0] = '\0';
    bind_text(query, 1, personal_field_name(field));
    bind_sha256(query, 2, &mac);
    if (statement_one(query)) {
        const char *subject = column_text(query, 0);
        if (subject != NULL && strlen(subject) < SUBJECT_SIZE) { /* a longer one is nobody */
            (void)snprintf(ret_subject, SUBJECT_SIZE, "%s", subject);
        }
    }
    return statement_end(query, err);
}

static bool rows_count(struct store *store, struct privacy_rows *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT (SELECT count(*) FROM pii_field), (SELECT count(*) FROM pii_index)");
    *ret = (struct privacy_rows){0};
    if (statement_one(query)) {
        ret->fields = column_int(query, 0);
        ret->index = column_int(query, 1);
    }
    return statement_end(query, err);
}

/* Whether the subject has an identity number, and is found by it. */
static bool index_test(struct store *store, const struct privacy_keys *keys, const char *origin,
                       const char *subject, bool *ret_has, bool *ret_found, struct error *err)
{
    AUTO_ARENA arena;
    char found[SUBJECT_SIZE] = "";
    const char *value = NULL;
    struct error why = {0};

    arena_init(&arena, (size_t)1 << 16);
    *ret_has = *ret_found = false;
    if (!privacy_get(store, keys, origin, subject, FIELD_ID_NO, &arena, &value, &why)) {
        if (why.fault != FAULT_INTEGRITY) {
            *err = why;
        }
        return why.fault == FAULT_INTEGRITY;
    }
    *ret_has = value != NULL;
    if (value == NULL) {
        return true;
    }
    bool ok = privacy_find(store, keys, FIELD_ID_NO, value, found, err);
    char *wiped = NULL; /* it is ours: in the arena above */
    memcpy(&wiped, &value, sizeof wiped);
    sodium_memzero(wiped, strlen(wiped));
    *ret_found = strcmp(found, subject) == 0;
    return ok;
}

bool privacy_rows_test(struct store *store, const struct privacy_keys *keys, const char *origin,
                       privacy_subject_visitor lost, void *context, struct privacy_rows *ret,
                       struct error *err)
{
    bool ok = rows_count(store, ret, err);
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT subject FROM pii_key ORDER BY subject");

    while (ok && statement_row(query)) {
        bool has = false;
        bool found = false;
        const char *subject = column_text(query, 0);
        ok = index_test(store, keys, origin, subject, &has, &found, err);
        ret->indexed += found ? 1 : 0;
        if (ok && has && !found) {
            lost(context, subject);
        }
    }
    return ok && statement_end(query, err);
}

struct sha256 privacy_mac(const struct privacy_keys *keys, const void *bytes, size_t length)
{
    return hmac_sha256(keys->index_key, MAC_LABEL, bytes, length);
}

bool privacy_request_put(struct store *store, const struct uuid *command, const char *subject,
                         const struct sha256 *mac, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO pii_request (cmd, subject, mac) VALUES ($1, $2, $3)");
    bind_blob(query, 1, command->byte, UUID_SIZE);
    bind_text(query, 2, subject);
    bind_sha256(query, 3, mac);
    return statement_run(query, err);
}

bool privacy_request_is(struct store *store, const struct uuid *command, const struct sha256 *mac,
                        bool *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT mac FROM pii_request WHERE cmd = $1");
    bind_blob(query, 1, command->byte, UUID_SIZE);
    *ret = false;
    if (statement_one(query)) {
        struct sha256 kept = column_sha256(query, 0);
        *ret = sha256_equal(&kept, mac);
    }
    return statement_end(query, err);
}
