#include "ledger/audit/key.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/audit/file_write.h"
#include "ledger/audit/line_reader.h"
#include "ledger/audit/passphrase.h"
#include "ledger/base/alloc.h"
#include "ledger/base/digest.h"
#include "ledger/base/text.h"

#define FILE_MAX 4096
#define PATH_TEXT_MAX 4096
#define HEADER "ledger-key/v1"
#define AGENT_HEADER "ledger-agent-key/v1"
#define SEED_SIZE crypto_sign_SEEDBYTES
#define SALT_SIZE crypto_pwhash_SALTBYTES
#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define SEALED_SIZE (SEED_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES)
#define BASE64_TEXT_SIZE 72 /* of up to 48 bytes */
#define PERSON_MODE 0600U
#define SERVICE_MODE 0640U

/* What new files are written with, and what a file may ask for: less would be guessed too fast,
 * more would let a planted file stop the machine. */
#define OPS_WRITTEN 3
#define OPS_MIN 2
#define OPS_MAX 10
#define MEMORY_WRITTEN ((uint64_t)256 << 20)
#define MEMORY_MIN ((uint64_t)64 << 20)
#define MEMORY_MAX ((uint64_t)1 << 30)

struct kdf {
    uint64_t ops;
    uint64_t memory;
    uint8_t salt[SALT_SIZE];
};

/* A file taken apart. The associated data are the first four lines. */
struct key_file {
    struct verifier_key verifier;
    bool in_agent; /* nothing but the public part stands there */
    bool encrypted;
    struct kdf kdf;
    uint8_t nonce[NONCE_SIZE];
    uint8_t sealed[SEALED_SIZE];
    uint8_t seed[SEED_SIZE]; /* only if not encrypted */
    size_t associated;
};

static void derive(const struct kdf *kdf, const char *passphrase, uint8_t ret[static 32])
{
    if (crypto_pwhash(ret, 32, passphrase, strlen(passphrase), kdf->salt, kdf->ops,
                      (size_t)kdf->memory, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        alloc_exhausted((size_t)kdf->memory); /* its only way to fail within our bounds */
    }
}

/* Writing ------------------------------------------------------------------------------------- */

static void add_header(const struct signing_key *key, struct buffer *ret)
{
    char vkey[VKEY_TEXT_MAX];
    buffer_printf(ret, HEADER "\npub %s\n", verifier_key_format(&key->verifier, vkey));
}

static void compose_open(const struct signing_key *key, struct buffer *ret)
{
    char base64[BASE64_TEXT_SIZE];
    add_header(key, ret);
    buffer_printf(ret, "kdf none\nseed %s\n", base64_format(key->secret, SEED_SIZE, base64));
    sodium_memzero(base64, sizeof base64);
}

static void compose_sealed(const struct signing_key *key, const char *passphrase,
                           struct buffer *ret)
{
    struct kdf kdf = {.ops = OPS_WRITTEN, .memory = MEMORY_WRITTEN};
    uint8_t nonce[NONCE_SIZE], sealed[SEALED_SIZE], file_key[32];
    char base64[BASE64_TEXT_SIZE];
    randombytes_buf(kdf.salt, sizeof kdf.salt);
    randombytes_buf(nonce, sizeof nonce);
    add_header(key, ret);
    buffer_printf(ret, "kdf argon2id13 ops=%" PRIu64 " mem=%" PRIu64 " salt=%s\n", kdf.ops,
                  kdf.memory, base64_format(kdf.salt, sizeof kdf.salt, base64));
    buffer_printf(ret, "aead xchacha20poly1305-ietf nonce=%s\n",
                  base64_format(nonce, sizeof nonce, base64));
    derive(&kdf, passphrase, file_key);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, NULL, key->secret, SEED_SIZE,
                                               (const unsigned char *)ret->data, ret->length, NULL,
                                               nonce, file_key);
    sodium_memzero(file_key, sizeof file_key);
    buffer_printf(ret, "ct %s\n", base64_format(sealed, sizeof sealed, base64));
}

static bool refuse_write(const char *path, int number, struct error *err)
{
    return error_set(err, FAULT_STORE, "key-file.write", _("the key file %s cannot be written: %s"),
                     path, strerror(number));
}

static bool refuse_existing(const char *path, struct error *err)
{
    return error_set(err, FAULT_REFUSED, "key-file.exists", _("there is a key file at %s already"),
                     path);
}

bool key_file_is_free(const char *path, struct error *err)
{
    return access(path, F_OK) != 0 || refuse_existing(path, err);
}

static bool write_all(int file, const struct buffer *content)
{
    return file_write_all(file, content->data, content->length) && fsync(file) == 0;
}

/* The name it is known by appears only when the whole file stands on the disk; never over another.
 */
static bool publish(const char *fresh, const char *path, struct error *err)
{
    if (link(fresh, path) != 0) {
        int number = errno;
        (void)unlink(fresh);
        return number == EEXIST ? refuse_existing(path, err) : refuse_write(path, number, err);
    }
    if (unlink(fresh) != 0 || !file_folder_sync(path)) {
        return refuse_write(path, errno, err);
    }
    return true;
}

static bool write_new(const char *path, const struct buffer *content, mode_t mode,
                      struct error *err)
{
    char fresh[PATH_TEXT_MAX];
    int length = snprintf(fresh, sizeof fresh, "%s.new-%08" PRIx32, path, randombytes_random());
    if (length < 0 || (size_t)length >= sizeof fresh) {
        return refuse_write(path, ENAMETOOLONG, err);
    }
    int file = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (file < 0) {
        return refuse_write(path, errno, err);
    }
    bool written = write_all(file, content);
    int number = errno;
    if (close(file) != 0 && written) {
        written = false;
        number = errno;
    }
    if (!written) {
        (void)unlink(fresh);
        return refuse_write(path, number, err);
    }
    return publish(fresh, path, err);
}

static void wipe_and_release(struct buffer *buffer)
{
    if (buffer->data != NULL) {
        sodium_memzero(buffer->data, buffer->capacity);
    }
    buffer_release(buffer);
}

static bool refuse_open_key(const char *name, struct error *err)
{
    (void)error_set(err, FAULT_REFUSED, "key-file.demo-only",
                    _("the key %s may not be kept without a passphrase"), name);
    return error_limit(err, _("only books whose origin begins with demo.invalid/ may do so"));
}

bool key_file_write(const char *path, const struct signing_key *key, const char *passphrase,
                    struct error *err)
{
    AUTO(wipe_and_release) struct buffer content;
    buffer_init(&content, FILE_MAX);
    digest_start();
    if (passphrase == NULL && !origin_is_demo(key->verifier.name)) {
        return refuse_open_key(key->verifier.name, err);
    }
    /* Said before the passphrase costs its second. */
    if (!key_file_is_free(path, err) ||
        (passphrase != NULL && !passphrase_is_fit(passphrase, err))) {
        return false;
    }
    if (passphrase == NULL) {
        compose_open(key, &content);
    } else {
        compose_sealed(key, passphrase, &content);
    }
    assert(!content.overflowed);
    return write_new(path, &content, PERSON_MODE, err);
}

bool key_file_write_service(const char *path, const struct signing_key *key, struct error *err)
{
    AUTO(wipe_and_release) struct buffer content;
    buffer_init(&content, FILE_MAX);
    digest_start();
    compose_open(key, &content);
    assert(!content.overflowed);
    return write_new(path, &content, SERVICE_MODE, err);
}

bool key_file_write_agent(const char *path, const struct verifier_key *key, struct error *err)
{
    AUTO_BUFFER content;
    char vkey[VKEY_TEXT_MAX];
    buffer_init(&content, FILE_MAX);
    digest_start();
    buffer_printf(&content, AGENT_HEADER "\npub %s\n", verifier_key_format(key, vkey));
    assert(!content.overflowed);
    return write_new(path, &content, PERSON_MODE, err);
}

/* Reading ------------------------------------------------------------------------------------- */

static bool refuse_format(const char *path, struct error *err)
{
    (void)error_set(err, FAULT_INPUT, "key-file.format", _("%s is not a key file"), path);
    return error_next(err, _("Put back an unchanged copy of the file."));
}

/* Nobody may have more than `mode` allows. */
static bool check_file(const char *path, int file, mode_t mode, struct error *err)
{
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        return refuse_format(path, err);
    }
    if ((status.st_mode & 0077U & ~mode) != 0) {
        (void)error_set(err, FAULT_REFUSED, "key-file.permissions",
                        _("the key file %s can be read or written by others (mode %04o)"), path,
                        (unsigned)(status.st_mode & 07777));
        return error_next(err, _("Run: chmod %o %s"), mode, path);
    }
    return true;
}

static bool load(const char *path, mode_t mode, struct buffer *ret, struct error *err)
{
    int file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (file < 0 && errno == ENOENT) {
        return error_set(err, FAULT_REFUSED, "key-file.not-found", _("there is no key file %s"),
                         path);
    }
    if (file < 0) {
        return error_set(err, FAULT_REFUSED, "key-file.permissions",
                         _("the key file %s cannot be opened: %s"), path, strerror(errno));
    }
    bool good = check_file(path, file, mode, err);
    char bytes[FILE_MAX];
    ssize_t length = good ? read(file, bytes, sizeof bytes) : 0;
    (void)close(file);
    if (good && length > 0) {
        buffer_add(ret, bytes, (size_t)length);
    }
    sodium_memzero(bytes, sizeof bytes);
    if (good && (length <= 0 || length == FILE_MAX)) {
        return refuse_format(path, err);
    }
    return good;
}

/* Strict base64 of exactly `size` bytes. */
static bool take_base64(struct span span, void *ret, size_t size)
{
    size_t length = 0;
    return base64_parse(span.start, span.length, ret, size, &length) && length == size;
}

/* Cuts "name=value" off the front of a line; value ends at a space or the end. */
static bool take_setting(struct span *line, const char *name, struct span *ret)
{
    size_t length = strlen(name);
    if (line->length <= length || memcmp(line->start, name, length) != 0 ||
        line->start[length] != '=') {
        return false;
    }
    const char *value = line->start + length + 1;
    size_t left = line->length - length - 1;
    const char *space = memchr(value, ' ', left);
    ret->start = value;
    ret->length = space == NULL ? left : (size_t)(space - value);
    size_t used = space == NULL ? left : ret->length + 1;
    line->start = value + used;
    line->length = left - used;
    return true;
}

static bool parse_kdf(struct span line, struct kdf *ret)
{
    struct span ops, memory, salt;
    return take_setting(&line, "ops", &ops) && take_setting(&line, "mem", &memory) &&
           take_setting(&line, "salt", &salt) && line.length == 0 && span_decimal(ops, &ret->ops) &&
           span_decimal(memory, &ret->memory) && take_base64(salt, ret->salt, sizeof ret->salt);
}

static bool parse_public(struct line_reader *reader, struct key_file *ret)
{
    struct span vkey;
    char text[VKEY_TEXT_MAX];
    struct error ignored;
    ret->in_agent = line_next_is(reader, AGENT_HEADER);
    return (ret->in_agent || line_next_is(reader, HEADER)) &&
           line_next_field(reader, "pub", &vkey) && span_copy(vkey, text, sizeof text) &&
           verifier_key_parse(text, &ret->verifier, &ignored);
}

static bool parse_sealed(struct line_reader *reader, const char *start, struct key_file *ret)
{
    struct span line, nonce, sealed;
    if (!line_next_field(reader, "kdf argon2id13", &line) || !parse_kdf(line, &ret->kdf) ||
        !line_next_field(reader, "aead xchacha20poly1305-ietf", &line) ||
        !take_setting(&line, "nonce", &nonce) || line.length != 0 ||
        !take_base64(nonce, ret->nonce, sizeof ret->nonce)) {
        return false;
    }
    ret->encrypted = true;
    ret->associated = (size_t)(line_rest(reader).start - start);
    return line_next_field(reader, "ct", &sealed) &&
           take_base64(sealed, ret->sealed, sizeof ret->sealed) && line_at_end(reader);
}

static bool parse_body(struct line_reader *reader, const char *start, struct key_file *ret)
{
    struct span seed;
    if (ret->in_agent) {
        return line_at_end(reader);
    }
    if (line_next_is(reader, "kdf none")) {
        return line_next_field(reader, "seed", &seed) &&
               take_base64(seed, ret->seed, sizeof ret->seed) && line_at_end(reader);
    }
    return parse_sealed(reader, start, ret);
}

static bool parse(const char *path, const struct buffer *content, struct key_file *ret,
                  struct error *err)
{
    struct line_reader reader;
    line_reader_init(&reader, content->data, content->length);
    memset(ret, 0, sizeof *ret);
    if (!parse_public(&reader, ret) || !parse_body(&reader, content->data, ret)) {
        return refuse_format(path, err);
    }
    if (ret->encrypted && (ret->kdf.ops < OPS_MIN || ret->kdf.ops > OPS_MAX ||
                           ret->kdf.memory < MEMORY_MIN || ret->kdf.memory > MEMORY_MAX)) {
        (void)error_set(err, FAULT_INPUT, "key-file.parameters",
                        _("the key file %s asks for %" PRIu64 " passes over %" PRIu64 " bytes"),
                        path, ret->kdf.ops, ret->kdf.memory);
        return error_limit(err, _("2 to 10 passes over 64 MiB to 1 GiB are accepted"));
    }
    return true;
}

static bool may_be_open(const struct key_file *file, struct error *err)
{
    return file->encrypted || file->in_agent || origin_is_demo(file->verifier.name) ||
           refuse_open_key(file->verifier.name, err);
}

static bool unseal(const char *path, const struct buffer *content, const char *passphrase,
                   struct key_file *file, struct error *err)
{
    uint8_t file_key[32];
    derive(&file->kdf, passphrase, file_key);
    int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
        file->seed, NULL, NULL, file->sealed, sizeof file->sealed,
        (const unsigned char *)content->data, file->associated, file->nonce, file_key);
    sodium_memzero(file_key, sizeof file_key);
    if (opened != 0) {
        return error_set(err, FAULT_REFUSED, "key-file.wrong-passphrase",
                         _("the key file %s does not open: the passphrase is wrong, or the file "
                           "was changed"),
                         path);
    }
    return true;
}

static void key_file_wipe(struct key_file *file)
{
    sodium_memzero(file, sizeof *file);
}

static bool same_key(const struct verifier_key *a, const struct verifier_key *b)
{
    return a->id == b->id && memcmp(a->public_key, b->public_key, sizeof a->public_key) == 0;
}

/* The key of an open file, if it belongs to the public part that stands beside it. */
static bool make_key(const char *path, const struct key_file *file, struct signing_key *ret,
                     struct error *err)
{
    AUTO_SIGNING_KEY key = {0};
    signing_key_from_seed(file->verifier.name, file->verifier.type, file->seed, &key);
    if (!same_key(&key.verifier, &file->verifier)) {
        return refuse_format(path, err);
    }
    *ret = key;
    return true;
}

bool key_file_read(const char *path, const char *passphrase, struct signing_key *ret,
                   struct error *err)
{
    AUTO(wipe_and_release) struct buffer content;
    AUTO(key_file_wipe) struct key_file file = {0};
    buffer_init(&content, FILE_MAX);
    digest_start();
    if (!load(path, PERSON_MODE, &content, err) || !parse(path, &content, &file, err) ||
        !may_be_open(&file, err)) {
        return false;
    }
    if (file.in_agent) {
        return error_set(err, FAULT_REFUSED, "key-file.in-agent",
                         _("the key of %s stands behind an ssh-agent"), path);
    }
    if (file.encrypted && passphrase == NULL) {
        return error_set(err, FAULT_REFUSED, "key-file.needs-passphrase",
                         _("the key file %s needs its passphrase"), path);
    }
    if (file.encrypted && !unseal(path, &content, passphrase, &file, err)) {
        return false;
    }
    return make_key(path, &file, ret, err);
}

bool key_file_read_service(const char *path, struct signing_key *ret, struct error *err)
{
    AUTO(wipe_and_release) struct buffer content;
    AUTO(key_file_wipe) struct key_file file = {0};
    buffer_init(&content, FILE_MAX);
    digest_start();
    return load(path, SERVICE_MODE, &content, err) && parse(path, &content, &file, err) &&
           ((!file.encrypted && !file.in_agent) || refuse_format(path, err)) &&
           make_key(path, &file, ret, err);
}

bool key_file_read_public(const char *path, struct verifier_key *ret, struct error *err)
{
    AUTO(wipe_and_release) struct buffer content;
    AUTO(key_file_wipe) struct key_file file = {0};
    buffer_init(&content, FILE_MAX);
    if (!load(path, PERSON_MODE, &content, err) || !parse(path, &content, &file, err) ||
        !may_be_open(&file, err)) {
        return false;
    }
    *ret = file.verifier;
    return true;
}

/* What the file is, for who only looks. */
static bool peek(const char *path, bool *ret_encrypted, bool *ret_in_agent)
{
    AUTO(wipe_and_release) struct buffer content;
    AUTO(key_file_wipe) struct key_file file = {0};
    struct error ignored;
    buffer_init(&content, FILE_MAX);
    bool ok = load(path, PERSON_MODE, &content, &ignored) && parse(path, &content, &file, &ignored);
    *ret_encrypted = file.encrypted;
    *ret_in_agent = file.in_agent;
    return ok;
}

bool key_file_is_encrypted(const char *path)
{
    bool encrypted = false;
    bool in_agent = false;
    return peek(path, &encrypted, &in_agent) && encrypted;
}

bool key_file_names_agent(const char *path)
{
    bool encrypted = false;
    bool in_agent = false;
    return peek(path, &encrypted, &in_agent) && in_agent;
}
