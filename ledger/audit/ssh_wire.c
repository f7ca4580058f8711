#include "ledger/audit/ssh_wire.h"

#include "ledger/base/text.h"

#include <stdio.h>
#include <string.h>

#define FAILURE 5
#define REQUEST_IDENTITIES 11
#define IDENTITIES_ANSWER 12
#define SIGN_REQUEST 13
#define SIGN_RESPONSE 14
#define ED25519 "ssh-ed25519"
#define PUBLIC_KEY_SIZE 32
#define SIGNATURE_SIZE 64
#define LENGTH_SIZE 4

/* Composing ----------------------------------------------------------------------------------- */

static void add_number(struct buffer *ret, size_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        buffer_add_byte(ret, (char)(unsigned char)(number >> shift));
    }
}

static void add_string(struct buffer *ret, const void *bytes, size_t length)
{
    add_number(ret, length);
    buffer_add(ret, bytes, length);
}

void ssh_identities_request(struct buffer *ret)
{
    add_number(ret, 1);
    buffer_add_byte(ret, REQUEST_IDENTITIES);
}

void ssh_sign_request(const uint8_t public_key[static PUBLIC_KEY_SIZE], const void *text,
                      size_t length, struct buffer *ret)
{
    size_t blob = LENGTH_SIZE + strlen(ED25519) + LENGTH_SIZE + PUBLIC_KEY_SIZE;

    add_number(ret, 1 + LENGTH_SIZE + blob + LENGTH_SIZE + length + LENGTH_SIZE);
    buffer_add_byte(ret, SIGN_REQUEST);
    add_number(ret, blob);
    add_string(ret, ED25519, strlen(ED25519));
    add_string(ret, public_key, PUBLIC_KEY_SIZE);
    add_string(ret, text, length);
    add_number(ret, 0); /* no flags */
}

/* Taking apart -------------------------------------------------------------------------------- */

struct reader {
    const uint8_t *at;
    size_t left;
};

static bool take_byte(struct reader *reader, uint8_t *ret)
{
    if (reader->left == 0) {
        return false;
    }
    *ret = *reader->at++;
    reader->left--;
    return true;
}

static bool take_number(struct reader *reader, uint32_t *ret)
{
    if (reader->left < LENGTH_SIZE) {
        return false;
    }
    *ret = (uint32_t)reader->at[0] << 24 | (uint32_t)reader->at[1] << 16 |
           (uint32_t)reader->at[2] << 8 | (uint32_t)reader->at[3];
    reader->at += LENGTH_SIZE;
    reader->left -= LENGTH_SIZE;
    return true;
}

static bool take_string(struct reader *reader, struct reader *ret)
{
    uint32_t length = 0;
    if (!take_number(reader, &length) || length > reader->left) {
        return false;
    }
    *ret = (struct reader){reader->at, length};
    reader->at += length;
    reader->left -= length;
    return true;
}

static bool is_text(struct reader bytes, const char *text)
{
    return bytes.left == strlen(text) && memcmp(bytes.at, text, bytes.left) == 0;
}

static bool is_plain_ascii(struct reader bytes)
{
    for (size_t i = 0; i < bytes.left; i++) {
        if (bytes.at[i] < ' ' || bytes.at[i] > '~') {
            return false;
        }
    }
    return true;
}

static bool take_type(struct reader *blob, char ret[static SSH_TYPE_MAX + 1])
{
    struct reader type;
    if (!take_string(blob, &type) || type.left == 0 || type.left > SSH_TYPE_MAX ||
        !is_plain_ascii(type)) {
        return false;
    }
    memcpy(ret, type.at, type.left);
    ret[type.left] = '\0';
    return true;
}

/* Base64 without the padding, as ssh-add shows it. */
static void fingerprint_of(struct reader blob, char ret[static SSH_FINGERPRINT_SIZE])
{
    struct sha256 digest = sha256_of(blob.at, blob.left);
    char base64[48];
    base64_format(digest.byte, SHA256_SIZE, base64);
    base64[strcspn(base64, "=")] = '\0';
    (void)snprintf(ret, SSH_FINGERPRINT_SIZE, "SHA256:%.43s", base64);
}

/* Of kinds that cannot sign for us only the name is looked at. */
static bool parse_blob(struct reader blob, struct ssh_identity *ret)
{
    struct reader key;
    fingerprint_of(blob, ret->fingerprint);
    if (!take_type(&blob, ret->type)) {
        return false;
    }
    ret->fits = text_equal(ret->type, ED25519);
    if (!ret->fits) {
        return true;
    }
    if (!take_string(&blob, &key) || key.left != PUBLIC_KEY_SIZE || blob.left != 0) {
        return false;
    }
    memcpy(ret->public_key, key.at, PUBLIC_KEY_SIZE);
    return true;
}

/* What a person reads in an error must not be able to draw on the terminal. */
static void show_comment(struct reader comment, struct ssh_identity *ret)
{
    size_t length = comment.left < SSH_COMMENT_SHOWN ? comment.left : SSH_COMMENT_SHOWN;
    ret->comment[0] = '\0';
    if (is_plain_ascii(comment)) {
        memcpy(ret->comment, comment.at, length);
        ret->comment[length] = '\0';
    }
}

static bool refuse_reply(const char *fact, struct error *err)
{
    error_set(err, FAULT_INPUT, "agent.reply", _("the ssh-agent gives no proper answer: %s"), fact);
    return error_next(err, _("see to what SSH_AUTH_SOCK names; nothing was signed"));
}

size_t ssh_reply_length(const uint8_t bytes[static LENGTH_SIZE])
{
    struct reader reader = {bytes, LENGTH_SIZE};
    uint32_t length = 0;
    return take_number(&reader, &length) && length <= SSH_REPLY_MAX ? length : 0;
}

bool ssh_reply_is_failure(const uint8_t *reply, size_t length)
{
    return length == 1 && reply[0] == FAILURE;
}

static bool take_identity(struct reader *reader, struct ssh_identity *ret)
{
    struct reader blob;
    struct reader comment;
    if (!take_string(reader, &blob) || !take_string(reader, &comment) ||
        comment.left > SSH_COMMENT_MAX) {
        return false;
    }
    show_comment(comment, ret);
    return parse_blob(blob, ret);
}

bool ssh_identities_parse(const uint8_t *reply, size_t length, struct ssh_identities *ret,
                          struct error *err)
{
    struct reader reader = {reply, length};
    uint8_t kind = 0;
    uint32_t count = 0;

    ret->count = 0;
    if (!take_byte(&reader, &kind) || kind != IDENTITIES_ANSWER || !take_number(&reader, &count)) {
        return refuse_reply(_("it is no list of keys"), err);
    }
    if (count > SSH_IDENTITIES_MAX) {
        refuse_reply(_("too many keys"), err);
        return error_limit(err, _("at most %d keys in one agent"), SSH_IDENTITIES_MAX);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!take_identity(&reader, &ret->identity[i])) {
            return refuse_reply(_("its list of keys is malformed"), err);
        }
    }
    if (reader.left != 0) {
        return refuse_reply(_("something stands behind its list of keys"), err);
    }
    ret->count = count;
    return true;
}

bool ssh_signature_parse(const uint8_t *reply, size_t length, uint8_t ret[static SIGNATURE_SIZE],
                         struct error *err)
{
    struct reader reader = {reply, length};
    struct reader signature;
    struct reader bytes;
    char type[SSH_TYPE_MAX + 1];
    uint8_t kind = 0;

    if (!take_byte(&reader, &kind) || kind != SIGN_RESPONSE || !take_string(&reader, &signature) ||
        reader.left != 0 || !take_type(&signature, type)) {
        return refuse_reply(_("it is no signature"), err);
    }
    if (!text_equal(type, ED25519)) {
        error_set(err, FAULT_REFUSED, "agent.key-type",
                  _("the ssh-agent signed by the rules of %s, not of %s"), type, ED25519);
        return error_next(err, _("use a plain Ed25519 key: ssh-keygen -t ed25519"));
    }
    if (!take_string(&signature, &bytes) || signature.left != 0 || bytes.left != SIGNATURE_SIZE) {
        return refuse_reply(_("its signature is malformed"), err);
    }
    memcpy(ret, bytes.at, SIGNATURE_SIZE);
    return true;
}

/* A public key in a file ---------------------------------------------------------------------- */

static bool refuse_public(struct error *err)
{
    error_set(err, FAULT_INPUT, "agent.public", _("this is no public key of SSH"));
    return error_next(err, _("name a file such as ~/.ssh/id_ed25519.pub, of one line"));
}

/* Up to the next space or the end of the line, and past it. */
static struct reader take_word(struct reader *line)
{
    const uint8_t *space = memchr(line->at, ' ', line->left);
    size_t length = space == NULL ? line->left : (size_t)(space - line->at);
    struct reader word = {line->at, length};
    size_t used = space == NULL ? length : length + 1;
    line->at += used;
    line->left -= used;
    return word;
}

bool ssh_public_parse(const char *line, size_t length, struct ssh_identity *ret, struct error *err)
{
    uint8_t blob[SSH_PUBLIC_LINE_MAX];
    size_t blob_length = 0;
    struct reader rest = {(const uint8_t *)line, length};

    if (length > SSH_PUBLIC_LINE_MAX) {
        return refuse_public(err);
    }
    rest.left -= length > 0 && line[length - 1] == '\n' ? 1 : 0;
    struct reader type = take_word(&rest);
    struct reader base64 = take_word(&rest);
    if (!base64_parse((const char *)base64.at, base64.left, blob, sizeof blob, &blob_length) ||
        !parse_blob((struct reader){blob, blob_length}, ret) || !is_text(type, ret->type)) {
        return refuse_public(err);
    }
    show_comment(rest, ret);
    return true;
}
