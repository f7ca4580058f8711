#include "ledger/audit/minisign.h"

#include "ledger/audit/line_reader.h"
#include "ledger/base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define UNTRUSTED "untrusted comment: "
#define TRUSTED "trusted comment: "
#define SIGNATURE_SIZE 64
#define KEY_BYTES (2 + MINISIGN_NUMBER_SIZE + 32)
#define LINE_BYTES (2 + MINISIGN_NUMBER_SIZE + SIGNATURE_SIZE)

static const uint8_t algorithm_key[2] = {'E', 'd'};
static const uint8_t algorithm_prehashed[2] = {'E', 'D'};

void minisign_secret_from_seed(const uint8_t number[static MINISIGN_NUMBER_SIZE],
                               const uint8_t seed[static 32], struct minisign_secret *ret)
{
    digest_start();
    memcpy(ret->key.number, number, MINISIGN_NUMBER_SIZE);
    crypto_sign_seed_keypair(ret->key.public_key, ret->secret, seed);
}

struct minisign_key minisign_key_of(const uint8_t public_key[static 32])
{
    struct minisign_key key;
    struct sha256 digest = sha256_of(public_key, sizeof key.public_key);
    memcpy(key.number, digest.byte, sizeof key.number);
    memcpy(key.public_key, public_key, sizeof key.public_key);
    return key;
}

void minisign_secret_wipe(struct minisign_secret *secret)
{
    sodium_memzero(secret, sizeof *secret);
}

char *minisign_key_format(const struct minisign_key *key,
                          char buffer[static MINISIGN_KEY_TEXT_SIZE])
{
    uint8_t bytes[KEY_BYTES];
    memcpy(bytes, algorithm_key, 2);
    memcpy(bytes + 2, key->number, MINISIGN_NUMBER_SIZE);
    memcpy(bytes + 2 + MINISIGN_NUMBER_SIZE, key->public_key, sizeof key->public_key);
    return base64_format(bytes, sizeof bytes, buffer);
}

bool minisign_key_parse(const char *text, size_t length, struct minisign_key *ret,
                        struct error *err)
{
    uint8_t bytes[KEY_BYTES];
    size_t got = 0;
    if (!base64_parse(text, length, bytes, sizeof bytes, &got) || got != sizeof bytes ||
        memcmp(bytes, algorithm_key, 2) != 0) {
        return error_set(err, FAULT_INPUT, "minisign.key", _("this is not a minisign public key"));
    }
    memcpy(ret->number, bytes + 2, MINISIGN_NUMBER_SIZE);
    memcpy(ret->public_key, bytes + 2 + MINISIGN_NUMBER_SIZE, sizeof ret->public_key);
    return true;
}

/* minisign shows the number as a little-endian integer. */
static uint64_t number_shown(const struct minisign_key *key)
{
    uint64_t number = 0;
    for (size_t i = MINISIGN_NUMBER_SIZE; i > 0; i--) {
        number = number << 8 | key->number[i - 1];
    }
    return number;
}

void minisign_key_file_add(const struct minisign_key *key, struct buffer *ret)
{
    char text[MINISIGN_KEY_TEXT_SIZE];
    buffer_printf(ret, UNTRUSTED "minisign public key %016" PRIX64 "\n%s\n", number_shown(key),
                  minisign_key_format(key, text));
}

/* The next line is `prefix` and a comment. */
static bool comment_next(struct line_reader *lines, const char *prefix, struct span *ret)
{
    struct span line;
    size_t length = strlen(prefix);
    if (!line_next(lines, &line) || line.length < length ||
        line.length > length + MINISIGN_COMMENT_MAX || memcmp(line.start, prefix, length) != 0) {
        return false;
    }
    *ret = (struct span){line.start + length, line.length - length};
    for (size_t i = 0; i < ret->length; i++) {
        if ((unsigned char)ret->start[i] < 0x20 || ret->start[i] == 0x7f) {
            return false;
        }
    }
    return true;
}

bool minisign_key_file_parse(const char *bytes, size_t length, struct minisign_key *ret,
                             struct error *err)
{
    struct line_reader lines;
    struct span comment;
    struct span line;
    line_reader_init(&lines, bytes, length);
    if (!comment_next(&lines, UNTRUSTED, &comment) || !line_next(&lines, &line) ||
        !line_at_end(&lines)) {
        return error_set(err, FAULT_INPUT, "minisign.key",
                         _("this is not a minisign public key file"));
    }
    return minisign_key_parse(line.start, line.length, ret, err);
}

void minisign_digest(const void *bytes, size_t length, uint8_t ret[static MINISIGN_DIGEST_SIZE])
{
    digest_start();
    crypto_generichash(ret, MINISIGN_DIGEST_SIZE, bytes, length, NULL, 0);
}

static void global_message(const uint8_t signature[static SIGNATURE_SIZE], const char *comment,
                           size_t length, struct buffer *ret)
{
    buffer_init(ret, SIGNATURE_SIZE + MINISIGN_COMMENT_MAX + 1);
    buffer_add(ret, signature, SIGNATURE_SIZE);
    buffer_add(ret, comment, length);
    assert(!ret->overflowed);
}

void minisign_sign(const struct minisign_secret *secret,
                   const uint8_t digest[static MINISIGN_DIGEST_SIZE], const char *untrusted_comment,
                   const char *trusted_comment, struct buffer *ret)
{
    assert(strlen(untrusted_comment) <= MINISIGN_COMMENT_MAX);
    assert(strlen(trusted_comment) <= MINISIGN_COMMENT_MAX);
    digest_start();
    uint8_t bytes[LINE_BYTES];
    uint8_t *signature = bytes + 2 + MINISIGN_NUMBER_SIZE;
    memcpy(bytes, algorithm_prehashed, 2);
    memcpy(bytes + 2, secret->key.number, MINISIGN_NUMBER_SIZE);
    crypto_sign_detached(signature, NULL, digest, MINISIGN_DIGEST_SIZE, secret->secret);

    AUTO_BUFFER message;
    global_message(signature, trusted_comment, strlen(trusted_comment), &message);
    uint8_t global[SIGNATURE_SIZE];
    crypto_sign_detached(global, NULL, (const unsigned char *)message.data, message.length,
                         secret->secret);
    char first[128];
    char second[128];
    assert(base64_size(sizeof bytes) <= sizeof first);
    buffer_printf(ret, UNTRUSTED "%s\n%s\n" TRUSTED "%s\n%s\n", untrusted_comment,
                  base64_format(bytes, sizeof bytes, first), trusted_comment,
                  base64_format(global, sizeof global, second));
}

struct signature_file {
    uint8_t bytes[LINE_BYTES];
    uint8_t global[SIGNATURE_SIZE];
    struct span comment;
};

static bool bytes_next(struct line_reader *lines, uint8_t *ret, size_t length)
{
    struct span line;
    size_t got = 0;
    return line_next(lines, &line) && base64_parse(line.start, line.length, ret, length, &got) &&
           got == length;
}

static bool signature_file_parse(const char *bytes, size_t length, struct signature_file *ret)
{
    struct line_reader lines;
    struct span untrusted;
    line_reader_init(&lines, bytes, length);
    return length <= MINISIGN_SIGNATURE_MAX && comment_next(&lines, UNTRUSTED, &untrusted) &&
           bytes_next(&lines, ret->bytes, sizeof ret->bytes) &&
           comment_next(&lines, TRUSTED, &ret->comment) &&
           bytes_next(&lines, ret->global, sizeof ret->global) && line_at_end(&lines) &&
           memcmp(ret->bytes, algorithm_prehashed, 2) == 0;
}

static bool signature_file_holds(const struct signature_file *file, const struct minisign_key *key,
                                 const uint8_t digest[static MINISIGN_DIGEST_SIZE])
{
    const uint8_t *signature = file->bytes + 2 + MINISIGN_NUMBER_SIZE;
    AUTO_BUFFER message;
    global_message(signature, file->comment.start, file->comment.length, &message);
    return crypto_sign_verify_detached(signature, digest, MINISIGN_DIGEST_SIZE, key->public_key) ==
               0 &&
           crypto_sign_verify_detached(file->global, (const unsigned char *)message.data,
                                       message.length, key->public_key) == 0;
}

bool minisign_verify(const struct minisign_key *key,
                     const uint8_t digest[static MINISIGN_DIGEST_SIZE], const char *signature,
                     size_t length, char ret_comment[static MINISIGN_COMMENT_MAX + 1],
                     struct error *err)
{
    digest_start();
    struct signature_file file;
    if (!signature_file_parse(signature, length, &file)) {
        return error_set(err, FAULT_INPUT, "minisign.malformed",
                         _("this is not a minisign signature over a hashed file"));
    }
    if (memcmp(file.bytes + 2, key->number, MINISIGN_NUMBER_SIZE) != 0) {
        return error_set(err, FAULT_INTEGRITY, "minisign.other-key",
                         _("the file is signed with another key than the one expected"));
    }
    if (!signature_file_holds(&file, key, digest)) {
        return error_set(err, FAULT_INTEGRITY, "minisign.signature",
                         _("the signature does not fit the file"));
    }
    bool fits = span_copy(file.comment, ret_comment, MINISIGN_COMMENT_MAX + 1);
    assert(fits); /* comment_next() let no more through */
    return fits;
}
