#include "ledger/audit/cosignature.h"

#include "ledger/base/digest.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define TIME_SIZE 8
#define MESSAGE_HEAD_MAX 64

static void message_build(const char *text, size_t length, int64_t time, struct buffer *ret)
{
    buffer_init(ret, length + MESSAGE_HEAD_MAX);
    buffer_printf(ret, "cosignature/v1\ntime %" PRId64 "\n", time);
    buffer_add(ret, text, length);
    assert(!ret->overflowed);
}

int64_t cosignature_time(const uint8_t bytes[static COSIGNATURE_SIZE])
{
    uint64_t time = 0;
    for (size_t i = 0; i < TIME_SIZE; i++) {
        time = time << 8 | bytes[i];
    }
    return time > INT64_MAX ? -1 : (int64_t)time;
}

bool cosignature_line_sign(const struct signer *witness, const char *text, size_t length,
                           int64_t time, struct buffer *ret, struct error *err)
{
    const struct verifier_key *key = witness->verifier;
    assert(key->type == KEY_TYPE_COSIGNATURE && time >= 0);
    digest_start();
    uint8_t bytes[4 + COSIGNATURE_SIZE];
    for (size_t i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(key->id >> (24 - 8 * i));
    }
    for (size_t i = 0; i < TIME_SIZE; i++) {
        bytes[4 + i] = (uint8_t)((uint64_t)time >> (56 - 8 * i));
    }
    AUTO_BUFFER message;
    message_build(text, length, time, &message);
    if (!signer_sign(witness, message.data, message.length, 0, bytes + 4 + TIME_SIZE, err)) {
        return false;
    }
    char base64[128];
    assert(base64_size(sizeof bytes) <= sizeof base64);
    buffer_printf(ret, "\xe2\x80\x94 %s %s\n", key->name,
                  base64_format(bytes, sizeof bytes, base64));
    return true;
}

void cosignature_line_add(const struct signing_key *witness, const char *text, size_t length,
                          int64_t time, struct buffer *ret)
{
    struct signer signer = signer_of_key(witness);
    struct error none;
    bool made = cosignature_line_sign(&signer, text, length, time, ret, &none);
    assert(made); /* a key at hand always signs */
}

bool cosignature_holds(const struct verifier_key *witness, const char *text, size_t length,
                       const uint8_t bytes[static COSIGNATURE_SIZE], int64_t *ret_time)
{
    int64_t time = cosignature_time(bytes);
    if (time < 0) {
        return false;
    }
    digest_start();
    AUTO_BUFFER message;
    message_build(text, length, time, &message);
    if (crypto_sign_verify_detached(bytes + TIME_SIZE, (const unsigned char *)message.data,
                                    message.length, witness->public_key) != 0) {
        return false;
    }
    *ret_time = time;
    return true;
}
