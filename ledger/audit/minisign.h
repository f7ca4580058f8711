/* minisign.h - signatures over files in the form of minisign 0.11 (prehashed): what an auditor
 * checks an export with. Layer: audit. The untrusted comment is not covered by anything: it is
 * written fixed and never shown. */
#ifndef YICANG_AUDIT_MINISIGN_H
#define YICANG_AUDIT_MINISIGN_H

#include "ledger/base/buffer.h"
#include "ledger/base/digest.h"
#include "ledger/base/error.h"

#define MINISIGN_NUMBER_SIZE 8
#define MINISIGN_DIGEST_SIZE 64
#define MINISIGN_KEY_TEXT_SIZE 57 /* 56 characters and the NUL */
#define MINISIGN_COMMENT_MAX 1024 /* bytes of a comment */
#define MINISIGN_SIGNATURE_MAX 4096

struct minisign_key {
    uint8_t number[MINISIGN_NUMBER_SIZE];
    uint8_t public_key[32];
};

struct minisign_secret {
    struct minisign_key key;
    uint8_t secret[64];
};

void minisign_secret_from_seed(const uint8_t number[static MINISIGN_NUMBER_SIZE],
                               const uint8_t seed[static 32], struct minisign_secret *ret);
void minisign_secret_wipe(struct minisign_secret *secret);
#define AUTO_MINISIGN_SECRET AUTO(minisign_secret_wipe) struct minisign_secret

/* A key whose number follows from it: the first bytes of its SHA-256. */
struct minisign_key minisign_key_of(const uint8_t public_key[static 32]);

/* The one line "RW..." that stands on a trust card and behind `minisign -P`. Reason id
 * minisign.key. */
char *minisign_key_format(const struct minisign_key *key,
                          char buffer[static MINISIGN_KEY_TEXT_SIZE]);
MUST_CHECK bool minisign_key_parse(const char *text, size_t length, struct minisign_key *ret,
                                   struct error *err);
/* The public key file: a comment line naming the key number, and that line. */
void minisign_key_file_add(const struct minisign_key *key, struct buffer *ret);
MUST_CHECK bool minisign_key_file_parse(const char *bytes, size_t length, struct minisign_key *ret,
                                        struct error *err);

/* BLAKE2b-512 of the file: what is signed. */
void minisign_digest(const void *bytes, size_t length, uint8_t ret[static MINISIGN_DIGEST_SIZE]);

/* Appends the four lines. The comments hold no control character and are at most
 * MINISIGN_COMMENT_MAX bytes. */
void minisign_sign(const struct minisign_secret *secret,
                   const uint8_t digest[static MINISIGN_DIGEST_SIZE], const char *untrusted_comment,
                   const char *trusted_comment, struct buffer *ret);

/* Strict: exactly four lines ended by LF, prehashed form only, this key's number. ret_comment is
 * the trusted comment. Reason ids minisign.malformed, minisign.other-key, minisign.signature. */
MUST_CHECK bool minisign_verify(const struct minisign_key *key,
                                const uint8_t digest[static MINISIGN_DIGEST_SIZE],
                                const char *signature, size_t length,
                                char ret_comment[static MINISIGN_COMMENT_MAX + 1],
                                struct error *err);

#endif
