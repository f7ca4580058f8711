/* digest.h - SHA-256, HMAC-SHA-256, hex and strict base64. Layer: base (libsodium; SHA-256
 * by nettle, which uses the processor's instructions for it). */
#ifndef YICANG_BASE_DIGEST_H
#define YICANG_BASE_DIGEST_H

#include "ledger/base/attributes.h"

#include <nettle/sha2.h>
#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32
#define SHA256_HEX_SIZE 65 /* 64 characters and the NUL */

struct sha256 {
    uint8_t byte[SHA256_SIZE];
};

struct sha256_stream {
    struct sha256_ctx state;
};

struct sha256 sha256_of(const void *bytes, size_t length);
void sha256_begin(struct sha256_stream *stream);
void sha256_add(struct sha256_stream *stream, const void *bytes, size_t length);
struct sha256 sha256_end(struct sha256_stream *stream);
bool sha256_equal(const struct sha256 *a, const struct sha256 *b);

/* HMAC-SHA-256 of a label and the bytes behind it, under a 32-byte key. */
struct sha256 hmac_sha256(const uint8_t key[static 32], const char *label, const void *bytes,
                          size_t length);

/* Lower-case hex. hex_format needs 2 * length + 1 characters; returns buffer. */
char *hex_format(const void *bytes, size_t length, char *buffer);
/* Exactly `length` bytes from exactly 2 * length lower-case digits. */
MUST_CHECK bool hex_parse(const char *text, void *ret_bytes, size_t length);

/* RFC 4648 section 4 with padding. base64_format needs base64_size(length); returns buffer. */
size_t base64_size(size_t length);
char *base64_format(const void *bytes, size_t length, char *buffer);
/* Strict: no white space, full padding, unused bits zero. *ret_length <= capacity. */
MUST_CHECK bool base64_parse(const char *text, size_t text_length, void *ret_bytes, size_t capacity,
                             size_t *ret_length);

/* libsodium's start-up; ends the process if it fails. Cheap when called again. */
void digest_start(void);

#endif
