#include "ledger/audit/key.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledger/base/digest.h"
#include "ledger/base/text.h"

#define ORIGIN_MAX 128
#define STAFF_CODE_MAX 32
#define DEMO_DOMAIN "demo.invalid/"
#define LEDGER_MARK "/ledger-"
#define LEDGER_HEX 8
#define TYPED_KEY_SIZE (1 + crypto_sign_PUBLICKEYBYTES)
#define ID_HEX 8
#define SIGNATURE_BYTES (4 + crypto_sign_BYTES)
#define SIGNATURE_BASE64_SIZE 93 /* with the NUL */

static void put_id(uint32_t id, uint8_t bytes[static 4])
{
    for (int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(id >> (24 - 8 * i));
    }
}

/* First four bytes of SHA-256(name LF type key). */
static uint32_t key_id(const char *name, const uint8_t typed_key[static TYPED_KEY_SIZE])
{
    struct sha256_stream stream;
    sha256_begin(&stream);
    sha256_add(&stream, name, strlen(name));
    sha256_add(&stream, "\n", 1);
    sha256_add(&stream, typed_key, TYPED_KEY_SIZE);
    struct sha256 digest = sha256_end(&stream);
    return (uint32_t)digest.byte[0] << 24 | (uint32_t)digest.byte[1] << 16 |
           (uint32_t)digest.byte[2] << 8 | (uint32_t)digest.byte[3];
}

static void typed_key_of(const struct verifier_key *key, uint8_t ret[static TYPED_KEY_SIZE])
{
    ret[0] = key->type;
    memcpy(ret + 1, key->public_key, sizeof key->public_key);
}

/* The white space of Unicode that is not a control character already. */
static bool is_unicode_space(uint32_t code_point)
{
    static const uint32_t spaces[] = {0x20, 0xA0, 0x1680, 0x202F, 0x205F, 0x3000};
    for (size_t i = 0; i < COUNT_OF(spaces); i++) {
        if (code_point == spaces[i]) {
            return true;
        }
    }
    return code_point >= 0x2000 && code_point <= 0x200A;
}

static bool name_span_is_valid(const char *name, size_t length)
{
    size_t at = 0;
    if (length == 0 || length > KEY_NAME_MAX) {
        return false;
    }
    while (at < length) {
        uint32_t code_point = 0;
        if (!text_next_code_point(name, length, &at, &code_point) || code_point == '+' ||
            is_unicode_space(code_point) || !text_is_visible_code_point(code_point)) {
            return false;
        }
    }
    return true;
}

bool key_name_is_valid(const char *name)
{
    return name_span_is_valid(name, strlen(name));
}

static bool type_is_known(uint8_t type)
{
    return type == KEY_TYPE_ED25519 || type == KEY_TYPE_COSIGNATURE;
}

void signing_key_from_seed(const char *name, uint8_t type, const uint8_t seed[static 32],
                           struct signing_key *ret)
{
    assert(key_name_is_valid(name));
    assert(type_is_known(type));
    uint8_t typed_key[TYPED_KEY_SIZE];
    digest_start();
    memset(ret, 0, sizeof *ret);
    memcpy(ret->verifier.name, name, strlen(name));
    ret->verifier.type = type;
    int made = crypto_sign_seed_keypair(ret->verifier.public_key, ret->secret, seed);
    assert(made == 0);
    typed_key_of(&ret->verifier, typed_key);
    ret->verifier.id = key_id(name, typed_key);
}

void signing_key_generate(const char *name, uint8_t type, struct signing_key *ret)
{
    uint8_t seed[crypto_sign_SEEDBYTES];
    digest_start();
    randombytes_buf(seed, sizeof seed);
    signing_key_from_seed(name, type, seed, ret);
    sodium_memzero(seed, sizeof seed);
}

void signing_key_wipe(struct signing_key *key)
{
    sodium_memzero(key, sizeof *key);
}

bool verifier_key_make(const char *name, uint8_t type, const uint8_t public_key[static 32],
                       struct verifier_key *ret, struct error *err)
{
    struct verifier_key key = {.type = type};
    uint8_t typed_key[TYPED_KEY_SIZE];
    char vkey[VKEY_TEXT_MAX];

    if (strlen(name) <= KEY_NAME_MAX) {
        memcpy(key.name, name, strlen(name));
    }
    memcpy(key.public_key, public_key, sizeof key.public_key);
    typed_key_of(&key, typed_key);
    key.id = key_id(key.name, typed_key);
    /* Held to the rules of those that are read. */
    return verifier_key_parse(verifier_key_format(&key, vkey), ret, err);
}

/* Splits at the first two plus signs only, since base64 has them too. */
static bool parse_parts(const char *text, struct verifier_key *key,
                        uint8_t typed_key[static TYPED_KEY_SIZE])
{
    size_t name_length = strcspn(text, "+");
    if (!name_span_is_valid(text, name_length) || text[name_length] != '+') {
        return false;
    }
    const char *hex = text + name_length + 1;
    uint8_t id[4];
    char hex_copy[ID_HEX + 1] = {0};
    if (strnlen(hex, ID_HEX + 1) <= ID_HEX || hex[ID_HEX] != '+') {
        return false;
    }
    memcpy(hex_copy, hex, ID_HEX);
    if (!hex_parse(hex_copy, id, sizeof id)) {
        return false;
    }
    const char *base64 = hex + ID_HEX + 1;
    size_t length = 0;
    if (!base64_parse(base64, strlen(base64), typed_key, TYPED_KEY_SIZE, &length) ||
        length != TYPED_KEY_SIZE) {
        return false;
    }
    memcpy(key->name, text, name_length);
    key->id = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
    key->type = typed_key[0];
    memcpy(key->public_key, typed_key + 1, sizeof key->public_key);
    return true;
}

bool verifier_key_parse(const char *text, struct verifier_key *ret, struct error *err)
{
    struct verifier_key key = {0};
    uint8_t typed_key[TYPED_KEY_SIZE] = {0};
    digest_start();
    if (strnlen(text, VKEY_TEXT_MAX) >= VKEY_TEXT_MAX || !parse_parts(text, &key, typed_key)) {
        return error_set(err, FAULT_INPUT, "vkey.format",
                         _("this is not a verifier key: it must read name+8 hex digits+base64"));
    }
    if (key_id(key.name, typed_key) != key.id) {
        return error_set(err, FAULT_INPUT, "vkey.id-mismatch",
                         _("the verifier key of %s does not belong to its name: its number is "
                           "%08" PRIx32 ", but %08" PRIx32 " is written"),
                         key.name, key_id(key.name, typed_key), key.id);
    }
    if (!type_is_known(key.type)) {
        return error_set(err, FAULT_INPUT, "vkey.type",
                         _("the verifier key of %s is of the unknown type 0x%02x"), key.name,
                         (unsigned)key.type);
    }
    if (crypto_core_ed25519_is_valid_point(key.public_key) != 1) {
        return error_set(err, FAULT_INPUT, "vkey.point",
                         _("the verifier key of %s is not a key that could sign safely"), key.name);
    }
    *ret = key;
    return true;
}

char *verifier_key_format(const struct verifier_key *key, char buffer[static VKEY_TEXT_MAX])
{
    uint8_t typed_key[TYPED_KEY_SIZE];
    char base64[48];
    typed_key_of(key, typed_key);
    assert(base64_size(sizeof typed_key) <= sizeof base64);
    (void)snprintf(buffer, VKEY_TEXT_MAX, "%s+%08" PRIx32 "+%s", key->name, key->id,
                   base64_format(typed_key, sizeof typed_key, base64));
    return buffer;
}

static bool is_small_letter_or_digit(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

/* A domain, with or without a path behind it: parts of a-z 0-9 . - that begin and end with a letter
 * or digit. */
static bool domain_is_valid(const char *text, size_t length)
{
    bool before = false; /* the byte before was a letter or digit */
    for (size_t i = 0; i < length; i++) {
        bool plain = is_small_letter_or_digit(text[i]);
        if (!plain && text[i] != '-' && (!before || (text[i] != '.' && text[i] != '/'))) {
            return false;
        }
        if (text[i] == '-' && (i == 0 || text[i - 1] == '.' || text[i - 1] == '/')) {
            return false;
        }
        before = plain;
    }
    return before;
}

bool origin_is_valid(const char *origin)
{
    size_t length = strnlen(origin, ORIGIN_MAX + 1);
    size_t tail = strlen(LEDGER_MARK) + LEDGER_HEX;
    uint8_t number[LEDGER_HEX / 2];
    if (length > ORIGIN_MAX || length <= tail) {
        return false;
    }
    const char *mark = origin + (length - tail);
    return strncmp(mark, LEDGER_MARK, strlen(LEDGER_MARK)) == 0 &&
           hex_parse(mark + strlen(LEDGER_MARK), number, sizeof number) &&
           domain_is_valid(origin, length - tail);
}

bool origin_is_demo(const char *origin)
{
    return text_starts_with(origin, DEMO_DOMAIN);
}

bool staff_code_is_valid(const char *code)
{
    size_t length = strnlen(code, STAFF_CODE_MAX + 1);
    if (length == 0 || length > STAFF_CODE_MAX) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (!is_small_letter_or_digit(code[i]) && code[i] != '.' && code[i] != '-' &&
            code[i] != '_') {
            return false;
        }
    }
    return true;
}

bool key_name_of_staff(const char *origin, const char *code, char ret[static KEY_NAME_MAX + 1])
{
    if (!origin_is_valid(origin) || !staff_code_is_valid(code)) {
        return false;
    }
    (void)snprintf(ret, KEY_NAME_MAX + 1, "%s/a/%s", origin, code);
    return true;
}

void signature_line_put(const struct verifier_key *key,
                        const uint8_t signature[static crypto_sign_BYTES], struct buffer *ret)
{
    assert(key->type == KEY_TYPE_ED25519);
    uint8_t bytes[SIGNATURE_BYTES];
    char base64[SIGNATURE_BASE64_SIZE];
    assert(base64_size(sizeof bytes) <= sizeof base64);
    put_id(key->id, bytes);
    memcpy(bytes + 4, signature, crypto_sign_BYTES);
    buffer_add_text(ret, "\u2014 ");
    buffer_add_text(ret, key->name);
    buffer_add_byte(ret, ' ');
    buffer_add_text(ret, base64_format(bytes, sizeof bytes, base64));
    buffer_add_byte(ret, '\n');
}

void signature_line_add(const struct signing_key *key, const char *text, size_t length,
                        struct buffer *ret)
{
    uint8_t signature[crypto_sign_BYTES];
    /* The text may stand in the buffer that grows below: it is signed first. */
    int made =
        crypto_sign_detached(signature, NULL, (const unsigned char *)text, length, key->secret);
    assert(made == 0);
    signature_line_put(&key->verifier, signature, ret);
}
