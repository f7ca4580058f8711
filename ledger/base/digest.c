#include "ledger/base/digest.h"

#include "ledger/base/error.h"

#include <nettle/base16.h>
#include <nettle/hmac.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

void digest_start(void)
{
    static atomic_bool started;

    if (atomic_load_explicit(&started, memory_order_acquire)) {
        return;
    }
    if (sodium_init() < 0) {
        static const char words[] = "yicang: libsodium cannot start (no source of randomness)\n";
        ssize_t told = write(STDERR_FILENO, words, sizeof words - 1);
        (void)told; /* there is nobody left to tell */
        _exit(fault_exit_code(FAULT_INTERNAL));
    }
    atomic_store_explicit(&started, true, memory_order_release);
}

struct sha256 sha256_of(const void *bytes, size_t length)
{
    struct sha256_stream stream;

    sha256_begin(&stream);
    sha256_add(&stream, bytes, length);
    return sha256_end(&stream);
}

void sha256_begin(struct sha256_stream *stream)
{
    sha256_init(&stream->state);
}

void sha256_add(struct sha256_stream *stream, const void *bytes, size_t length)
{
    sha256_update(&stream->state, length, bytes);
}

struct sha256 sha256_end(struct sha256_stream *stream)
{
    struct sha256 digest;

    sha256_digest(&stream->state, SHA256_SIZE, digest.byte);
    return digest;
}

bool sha256_equal(const struct sha256 *a, const struct sha256 *b)
{
    digest_start();
    return sodium_memcmp(a->byte, b->byte, SHA256_SIZE) == 0;
}

struct sha256 hmac_sha256(const uint8_t key[static 32], const char *label, const void *bytes,
                          size_t length)
{
    struct hmac_sha256_ctx state;
    struct sha256 digest;

    hmac_sha256_set_key(&state, 32, key);
    hmac_sha256_update(&state, strlen(label), (const uint8_t *)label);
    hmac_sha256_update(&state, length, bytes);
    hmac_sha256_digest(&state, SHA256_SIZE, digest.byte);
    sodium_memzero(&state, sizeof state);
    return digest;
}

char *hex_format(const void *bytes, size_t length, char *buffer)
{
    base16_encode_update(buffer, length, bytes);
    buffer[2 * length] = '\0';
    return buffer;
}

bool hex_parse(const char *text, void *ret_bytes, size_t length)
{
    struct base16_decode_ctx state;
    size_t written = length;

    /* nettle takes capital digits and white space as well; one value has one spelling here. */
    if (strnlen(text, 2 * length + 1) != 2 * length ||
        strspn(text, "0123456789abcdef") != 2 * length) {
        return false;
    }
    base16_decode_init(&state);
    return base16_decode_update(&state, &written, ret_bytes, 2 * length, text) == 1 &&
           base16_decode_final(&state) == 1 && written == length;
}

size_t base64_size(size_t length)
{
    return sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL);
}

char *base64_format(const void *bytes, size_t length, char *buffer)
{
    digest_start();
    return sodium_bin2base64(buffer, base64_size(length), bytes, length,
                             sodium_base64_VARIANT_ORIGINAL);
}

/* libsodium 1.0.18 reads every byte from 0x80 on as "A" where char is signed. */
static bool is_ascii(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

bool base64_parse(const char *text, size_t text_length, void *ret_bytes, size_t capacity,
                  size_t *ret_length)
{
    size_t written = 0;

    digest_start();
    if (text_length % 4 != 0 || !is_ascii(text, text_length) ||
        sodium_base642bin(ret_bytes, capacity, text, text_length, NULL, &written, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0) {
        return false;
    }
    *ret_length = written;
    return true;
}
