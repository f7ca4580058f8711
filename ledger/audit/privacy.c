#include "ledger/audit/privacy.h"

#include "ledger/base/buffer.h"
#include "ledger/base/text.h"
#include "ledger/base/uuid.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_SIZE 32
#define SALT_SIZE 32
#define BLOCK 64
#define VALUE_MAX 1024
#define PADDED_MAX ((size_t)VALUE_MAX + SALT_SIZE + BLOCK)
#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE crypto_aead_xchacha20poly1305_ietf_ABYTES
#define FILE_SIZE 91 /* "yicang-privacy/v1" LF "epoch 1" LF 64 hex LF */

/* --- the key file ------------------------------------------------------------------------------ */

static void derive(const uint8_t master[KEY_SIZE], struct privacy_keys *ret)
{
    ret->epoch = 1;
    if (crypto_kdf_derive_from_key(ret->key_encryption_key, KEY_SIZE, 1, "ledgrpii", master) != 0 ||
        crypto_kdf_derive_from_key(ret->index_key, KEY_SIZE, 2, "ledgridx", master) != 0) {
        abort();
    }
}

static bool key_error(const char *reason, const char *path, struct error *err)
{
    return error_set(err, FAULT_STORE, reason, _("the data keys %s: %s"), path, strerror(errno));
}

bool privacy_keys_create(const char *folder, struct error *err)
{
    AUTO_ARENA arena;
    uint8_t master[KEY_SIZE];
    char hex[2 * KEY_SIZE + 1];

    arena_init(&arena, (size_t)64 << 10);
    digest_start();
    const char *path = arena_printf(&arena, "%s/privacy.key", folder);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (file < 0) {
        return key_error(errno == EEXIST ? "privacy.key-exists" : "store.io", path, err);
    }
    randombytes_buf(master, sizeof master);
    int written = dprintf(file, "yicang-privacy/v1\nepoch 1\n%s\n",
                          hex_format(master, sizeof master, hex));
    sodium_memzero(master, sizeof master);
    sodium_memzero(hex, sizeof hex);
    bool ok = written == FILE_SIZE && fsync(file) == 0;
    ok = close(file) == 0 && ok;
    return ok || key_error("store.io", path, err);
}

static bool keys_parse(const char *text, struct privacy_keys *ret)
{
    static const char prefix[] = "yicang-privacy/v1\nepoch 1\n";
    uint8_t master[KEY_SIZE];
    char hex[2 * KEY_SIZE + 1];

    if (memcmp(text, prefix, sizeof prefix - 1) != 0 || text[FILE_SIZE - 1] != '\n') {
        return false;
    }
    memcpy(hex, text + sizeof prefix - 1, sizeof hex - 1);
    hex[sizeof hex - 1] = '\0';
    bool ok = hex_parse(hex, master, sizeof master);
    if (ok) {
        derive(master, ret);
    }
    sodium_memzero(master, sizeof master);
    sodium_memzero(hex, sizeof hex);
    return ok;
}

bool privacy_keys_load(const char *folder, struct privacy_keys *ret, struct error *err)
{
    AUTO_ARENA arena;
    char text[FILE_SIZE + 1];
    struct stat status;

    arena_init(&arena, (size_t)64 << 10);
    digest_start();
    const char *path = arena_printf(&arena, "%s/privacy.key", folder);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) {
        key_error("privacy.key-missing", path, err);
        return error_next(err, _("set YICANG_SERVICE_KEYS to the folder that holds them"));
    }
    bool safe = fstat(file, &status) == 0 && (status.st_mode & 07U) == 0;
    ssize_t got = read(file, text, sizeof text);
    (void)close(file);
    if (!safe) {
        return error_set(err, FAULT_STORE, "privacy.key-permissions",
                         _("the data keys %s are open to everybody"), path);
    }
    bool ok = got == FILE_SIZE && keys_parse(text, ret);
    sodium_memzero(text, sizeof text);
    return ok || error_set(err, FAULT_STORE, "privacy.key-format",
                           _("the data keys %s are damaged"), path);
}

void privacy_keys_wipe(struct privacy_keys *keys)
{
    sodium_memzero(keys, sizeof *keys);
}

/* --- the subject's own key --------------------------------------------------------------------- */

static char *dek_label(struct arena *arena, const char *origin, const char *subject, int64_t epoch)
{
    return arena_printf(arena, "ledger-pii-dek/v1\n%s\n%s\n%lld\n", origin, subject,
                        (long long)epoch);
}

bool privacy_subject_create(struct store *store, const struct privacy_keys *keys,
                            const char *origin, char ret[static SUBJECT_SIZE], struct error *err)
{
    AUTO_ARENA arena;
    struct uuid id = uuid_random();
    char hex[UUID_HEX_SIZE];
    uint8_t dek[KEY_SIZE];
    uint8_t nonce[NONCE_SIZE];
    uint8_t wrapped[KEY_SIZE + TAG_SIZE];

    arena_init(&arena, (size_t)64 << 10);
    (void)snprintf(ret, SUBJECT_SIZE, "m-%s", uuid_to_hex(&id, hex));
    const char *label = dek_label(&arena, origin, ret, keys->epoch);
    randombytes_buf(dek, sizeof dek);
    randombytes_buf(nonce, sizeof nonce);
    if (crypto_aead_xchacha20poly1305_ietf_encrypt(
            wrapped, NULL, dek, sizeof dek, (const uint8_t *)label, strlen(label), NULL, nonce,
            keys->key_encryption_key) != 0) {
        abort();
    }
    sodium_memzero(dek, sizeof dek);
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO pii_key (subject, epoch, nonce, wrapped) VALUES ($1, $2, $3, $4)");
    bind_text(query, 1, ret);
    bind_int(query, 2, keys->epoch);
    bind_blob(query, 3, nonce, sizeof nonce);
    bind_blob(query, 4, wrapped, sizeof wrapped);
    return statement_run(query, err);
}

/* *ret_found is false if the subject was erased or never was. */
static bool dek_load(struct store *store, const struct privacy_keys *keys, const char *origin,
                     const char *subject, uint8_t ret[KEY_SIZE], bool *ret_found,
                     struct error *err)
{
    AUTO_ARENA arena;
    bool opens = true;

    arena_init(&arena, (size_t)64 << 10);
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT epoch, nonce, wrapped FROM pii_key WHERE subject = $1");
    bind_text(query, 1, subject);
    *ret_found = statement_one(query);
    if (*ret_found) {
        size_t nonce_size = 0;
        size_t size = 0;
        const char *label = dek_label(&arena, origin, subject, column_int(query, 0));
        const uint8_t *nonce = column_blob(query, 1, &nonce_size);
        const uint8_t *wrapped = column_blob(query, 2, &size);
        opens = nonce_size == NONCE_SIZE && size == KEY_SIZE + TAG_SIZE &&
                crypto_aead_xchacha20poly1305_ietf_decrypt(
                    ret, NULL, NULL, wrapped, size, (const uint8_t *)label, strlen(label), nonce,
                    keys->key_encryption_key) == 0;
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return opens || error_set(err, FAULT_INTEGRITY, "privacy.damaged",
                              _("the data key of %s does not open"), subject);
}

/* --- fields ------------------------------------------------------------------------------------ */

static char *field_label(struct arena *arena, const char *origin, const char *subject,
                         enum personal_field field, int64_t version)
{
    return arena_printf(arena, "ledger-pii-field/v1\n%s\n%s\n%s\n%lld\n", origin, subject,
                        personal_field_name(field), (long long)version);
}

static struct sha256 index_of(const struct privacy_keys *keys, enum personal_field field,
                              const char *value)
{
    AUTO_BUFFER text;
    buffer_init(&text, VALUE_MAX + 64);
    buffer_printf(&text, "%s\n%s", personal_field_name(field), value);
    struct sha256 mac = hmac_sha256(keys->index_key, text.data, text.length);
    sodium_memzero(text.data, text.length);
    return mac;
}

static bool next_version(struct store *store, const char *subject, enum personal_field field,
                         int64_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT coalesce(max(version), 0) + 1 FROM pii_field"
               " WHERE subject = $1 AND field = $2");
    bind_text(query, 1, subject);
    bind_text(query, 2, personal_field_name(field));
    if (statement_one(query)) {
        *ret = column_int(query, 0);
    }
    return statement_end(query, err);
}

static struct sha256 commitment_of(const char *origin, const char *subject,
                                   enum personal_field field, const uint8_t salt[SALT_SIZE],
                                   const char *value)
{
    struct sha256_stream stream;
    AUTO_ARENA arena;

    arena_init(&arena, (size_t)64 << 10);
    const char *label = arena_printf(&arena, "ledger-pii/v1\n%s\n%s\n%s\n", origin, subject,
                                     personal_field_name(field));
    sha256_init(&stream);
    sha256_add(&stream, label, strlen(label));
    sha256_add(&stream, salt, SALT_SIZE);
    sha256_add(&stream, value, strlen(value));
    return sha256_end(&stream);
}

/* salt || value, padded and encrypted under the subject's key. */
static size_t seal(const uint8_t dek[KEY_SIZE], const char *label,
                   const uint8_t salt[SALT_SIZE], const char *value,
                   const uint8_t nonce[NONCE_SIZE], uint8_t ret[PADDED_MAX + TAG_SIZE])
{
    uint8_t plain[PADDED_MAX];
    size_t length = strlen(value);
    size_t padded = 0;
    unsigned long long sealed = 0;

    memcpy(plain, salt, SALT_SIZE);
    memcpy(plain + SALT_SIZE, value, length);
    if (sodium_pad(&padded, plain, SALT_SIZE + length, BLOCK, sizeof plain) != 0 ||
        crypto_aead_xchacha20poly1305_ietf_encrypt(ret, &sealed, plain, padded,
                                                   (const uint8_t *)label, strlen(label), NULL,
                                                   nonce, dek) != 0) {
        abort();
    }
    sodium_memzero(plain, sizeof plain);
    return (size_t)sealed;
}

static bool field_insert(struct store *store, const char *subject, enum personal_field field,
                         int64_t version, const uint8_t nonce[NONCE_SIZE], const uint8_t *sealed,
                         size_t size, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO pii_field (subject, field, version, nonce, ciphertext)"
                           " VALUES ($1, $2, $3, $4, $5)");
    bind_text(query, 1, subject);
    bind_text(query, 2, personal_field_name(field));
    bind_int(query, 3, version);
    bind_blob(query, 4, nonce, NONCE_SIZE);
    bind_blob(query, 5, sealed, size);
    return statement_run(query, err);
}

/* Identity numbers are looked up by equality; nothing else is. */
static bool index_put(struct store *store, const struct privacy_keys *keys, const char *subject,
                      enum personal_field field, const char *value, struct error *err)
{
    char known[SUBJECT_SIZE];
    struct sha256 mac = index_of(keys, field, value);

    if (field != FIELD_ID_NO) {
        return true;
    }
    if (!privacy_find(store, keys, field, value, known, err)) {
        return false;
    }
    if (known[0] != '\0' && !text_equal(known, subject)) {
        error_set(err, FAULT_REFUSED, "person.id-number-known",
                  _("somebody with this identity number is in the book already"));
        return error_next(err, _("find the person with `yicang household list`"));
    }
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO pii_index (field, mac, subject) VALUES ($1, $2, $3)"
               " ON CONFLICT DO NOTHING");
    bind_text(query, 1, personal_field_name(field));
    bind_sha256(query, 2, &mac);
    bind_text(query, 3, subject);
    return statement_run(query, err);
}

bool privacy_put(struct store *store, const struct privacy_keys *keys, const char *origin,
                 const char *subject, enum personal_field field, const char *value,
                 struct sha256 *ret_commitment, struct error *err)
{
    AUTO_ARENA arena;
    uint8_t dek[KEY_SIZE];
    uint8_t salt[SALT_SIZE];
    uint8_t nonce[NONCE_SIZE];
    uint8_t sealed[PADDED_MAX + TAG_SIZE];
    int64_t version = 0;
    bool found = false;

    arena_init(&arena, (size_t)64 << 10);
    if (strlen(value) > VALUE_MAX) {
        return error_set(err, FAULT_USAGE, "text.too-long", _("the value is too long"));
    }
    if (!dek_load(store, keys, origin, subject, dek, &found, err) ||
        !next_version(store, subject, field, &version, err)) {
        return false;
    }
    if (!found) {
        return error_set(err, FAULT_INTERNAL, "privacy.no-subject",
                         _("there is no subject %s"), subject);
    }
    randombytes_buf(salt, sizeof salt);
    randombytes_buf(nonce, sizeof nonce);
    size_t size = seal(dek, field_label(&arena, origin, subject, field, version), salt, value,
                       nonce, sealed);
    *ret_commitment = commitment_of(origin, subject, field, salt, value);
    sodium_memzero(dek, sizeof dek);
    sodium_memzero(salt, sizeof salt);
    return field_insert(store, subject, field, version, nonce, sealed, size, err) &&
           index_put(store, keys, subject, field, value, err);
}

/* The value of one row; NULL if it does not open. */
static const char *unseal(struct arena *arena, const uint8_t dek[KEY_SIZE], const char *label,
                          const uint8_t *nonce, const uint8_t *sealed, size_t size)
{
    uint8_t plain[PADDED_MAX];
    unsigned long long length = 0;
    size_t unpadded = 0;
    const char *value = NULL;

    if (size <= PADDED_MAX + TAG_SIZE && size >= TAG_SIZE &&
        crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &length, NULL, sealed, size,
                                                   (const uint8_t *)label, strlen(label), nonce,
                                                   dek) == 0 &&
        sodium_unpad(&unpadded, plain, (size_t)length, BLOCK) == 0 && unpadded >= SALT_SIZE) {
        value = arena_text_n(arena, (const char *)plain + SALT_SIZE, unpadded - SALT_SIZE);
    }
    sodium_memzero(plain, sizeof plain);
    return value;
}

bool privacy_get(struct store *store, const struct privacy_keys *keys, const char *origin,
                 const char *subject, enum personal_field field, struct arena *arena,
                 const char **ret, struct error *err)
{
    uint8_t dek[KEY_SIZE];
    bool found = false;
    bool damaged = false;

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
    if (statement_one(query)) {
        size_t nonce_size = 0;
        size_t size = 0;
        const char *label = field_label(arena, origin, subject, field, column_int(query, 0));
        const uint8_t *nonce = column_blob(query, 1, &nonce_size);
        const uint8_t *sealed = column_blob(query, 2, &size);
        *ret = nonce_size == NONCE_SIZE ? unseal(arena, dek, label, nonce, sealed, size) : NULL;
        damaged = *ret == NULL;
    }
    sodium_memzero(dek, sizeof dek);
    if (!statement_end(query, err)) {
        return false;
    }
    return !damaged || error_set(err, FAULT_INTEGRITY, "privacy.damaged",
                                 _("the field %s of %s does not open"),
                                 personal_field_name(field), subject);
}

bool privacy_find(struct store *store, const struct privacy_keys *keys, enum personal_field field,
                  const char *value, char ret_subject[static SUBJECT_SIZE], struct error *err)
{
    struct sha256 mac = index_of(keys, field, value);
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT subject FROM pii_index WHERE field = $1 AND mac = $2");

    ret_subject[0] = '\0';
    bind_text(query, 1, personal_field_name(field));
    bind_sha256(query, 2, &mac);
    if (statement_one(query)) {
        const char *subject = column_text(query, 0);
        if (subject != NULL && strlen(subject) == SUBJECT_SIZE - 1) {
            memcpy(ret_subject, subject, SUBJECT_SIZE);
        }
    }
    return statement_end(query, err);
}

struct sha256 privacy_mac(const struct privacy_keys *keys, const void *bytes, size_t length)
{
    return hmac_sha256(keys->index_key, bytes, length);
}
