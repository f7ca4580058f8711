/* key.h - signing keys: names, verifier keys, signature lines, key files. Layer: audit.
 * Formats: audit-log.md 2 (signed note), 4.1 (names), 4.12 (key file). */
#ifndef YICANG_AUDIT_KEY_H
#define YICANG_AUDIT_KEY_H

#include "ledger/base/arena.h"
#include "ledger/base/buffer.h"
#include "ledger/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_NAME_MAX 200
#define VKEY_TEXT_MAX (KEY_NAME_MAX + 1 + 8 + 1 + 44 + 1)
#define KEY_TYPE_ED25519 0x01
#define KEY_TYPE_COSIGNATURE 0x04
#define SIGNATURE_LINE_MAX (4 + KEY_NAME_MAX + 1 + 104 + 2)

/* What a verifier needs: a public key under a name. */
struct verifier_key {
    char name[KEY_NAME_MAX + 1];
    uint8_t type;
    uint32_t id; /* first 4 bytes of SHA-256(name LF type key) */
    uint8_t public_key[32];
};

/* What a signer needs; wipe with signing_key_wipe(). */
struct signing_key {
    struct verifier_key verifier;
    uint8_t secret[64]; /* libsodium's form: seed and public key */
};

/* 1 to KEY_NAME_MAX bytes of visible UTF-8 without a space or a plus. */
bool key_name_is_valid(const char *name);
/* The key with this 32-byte seed under this name, which is valid. */
void signing_key_from_seed(const char *name, uint8_t type, const uint8_t seed[static 32],
                           struct signing_key *ret);
void signing_key_generate(const char *name, uint8_t type, struct signing_key *ret);
void signing_key_wipe(struct signing_key *key);
/* The verifier key of a secret that is elsewhere. Reason ids vkey.format (of the name), vkey.point.
 */
MUST_CHECK bool verifier_key_make(const char *name, uint8_t type,
                                  const uint8_t public_key[static 32], struct verifier_key *ret,
                                  struct error *err);
#define AUTO_SIGNING_KEY AUTO(signing_key_wipe) struct signing_key

/* "name+8 hex+base64". Reason ids vkey.format, vkey.id-mismatch, vkey.type, vkey.point. */
MUST_CHECK bool verifier_key_parse(const char *text, struct verifier_key *ret, struct error *err);
char *verifier_key_format(const struct verifier_key *key, char buffer[static VKEY_TEXT_MAX]);

/* Key names of audit-log.md 4.1; origin and code must be well formed (else false). */
bool origin_is_valid(const char *origin);
bool staff_code_is_valid(const char *code);
MUST_CHECK bool key_name_of_staff(const char *origin, const char *code,
                                  char ret[static KEY_NAME_MAX + 1]);

/* Appends "EM-DASH SP name SP base64 LF" for Ed25519 over text[0..length). */
void signature_line_add(const struct signing_key *key, const char *text, size_t length,
                        struct buffer *ret);
/* The same with a signature at hand. */
void signature_line_put(const struct verifier_key *key, const uint8_t signature[static 64],
                        struct buffer *ret);

/* Key files, 0600, written as a new file, synced, renamed. passphrase NULL: the form `kdf none`,
 * allowed only where the origin begins with demo.invalid/ (checked by both functions).
 * Reason ids key-file.exists, key-file.not-found, key-file.permissions, key-file.format,
 * key-file.parameters, key-file.wrong-passphrase, key-file.needs-passphrase, key-file.demo-only,
 * key-file.weak-passphrase (passphrase.h), key-file.write. */
MUST_CHECK bool key_file_write(const char *path, const struct signing_key *key,
                               const char *passphrase, struct error *err);
MUST_CHECK bool key_file_read(const char *path, const char *passphrase, struct signing_key *ret,
                              struct error *err);
/* For who would ask a person first, and then could not write. Reason id key-file.exists. */
MUST_CHECK bool key_file_is_free(const char *path, struct error *err);
/* The public part only; needs no passphrase. */
MUST_CHECK bool key_file_read_public(const char *path, struct verifier_key *ret, struct error *err);
bool key_file_is_encrypted(const char *path);
/* In the place of a key file: its secret stands behind an ssh-agent (signer.h). Such a file is read
 * by key_file_read_public() alone; key_file_read() refuses it: key-file.in-agent. */
MUST_CHECK bool key_file_write_agent(const char *path, const struct verifier_key *key,
                                     struct error *err);
bool key_file_names_agent(const char *path);
/* Files of the log's own keys in the service key folder: no passphrase whatever the origin, since
 * every command needs them; 0640, so that only the group that may write the book reads them. */
MUST_CHECK bool key_file_write_service(const char *path, const struct signing_key *key,
                                       struct error *err);
MUST_CHECK bool key_file_read_service(const char *path, struct signing_key *ret, struct error *err);
bool origin_is_demo(const char *origin);

#endif
