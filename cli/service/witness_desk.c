#include "cli/service/witness_desk.h"

#include "ledger/audit/file_write.h"
#include "ledger/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define PATH_TEXT_MAX 4096

static bool refuse_write(const char *path, struct error *err)
{
    error_set(err, FAULT_STORE, "witness.write", _("the memory of the witness %s: %s"), path,
              strerror(errno));
    return error_next(err, _("nothing was signed; make room or name another file"));
}

static bool state_write(const char *path, const struct witness_state *state, struct error *err)
{
    AUTO_BUFFER text;

    buffer_init(&text, WITNESS_STATE_MAX);
    witness_state_write(state, &text);
    return file_replace(path, text.data, text.length) || refuse_write(path, err);
}

static bool state_read(const char *path, struct witness_state *ret, struct error *err)
{
    char text[WITNESS_STATE_MAX + 1];
    int file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text);

    if (file >= 0) {
        (void)close(file);
    }
    if (length < 0) {
        error_set(err, FAULT_STORE, "witness.state", _("the memory of the witness %s: %s"), path,
                  strerror(errno));
        return error_next(err, _("key and memory belong together: restore both, or begin anew "
                                 "with a new key"));
    }
    return witness_state_parse(text, (size_t)length, ret, err);
}

/* What a new key and its memory are held to before anything is written. */
static bool check_beginning(const struct witness_files *files, const char *name, const char *origin,
                            struct error *err)
{
    if (access(files->state, F_OK) == 0) {
        return error_set(err, FAULT_STORE, "witness.exists", _("%s exists already"), files->state);
    }
    if (!origin_is_valid(origin)) {
        return error_set(err, FAULT_USAGE, "book.origin", _("“%s” is not an origin"), origin);
    }
    return strlen(name) <= KEY_NAME_MAX ||
           error_set(err, FAULT_USAGE, "witness.name", _("the name of the witness is too long"));
}

static bool begin_memory(const struct witness_files *files, const char *origin,
                         const struct verifier_key *key, struct error *err)
{
    struct witness_state state;

    witness_state_start(origin, key, &state);
    return state_write(files->state, &state, err);
}

bool witness_desk_create(const struct witness_files *files, const char *name, const char *origin,
                         const char *passphrase, char ret_vkey[static VKEY_TEXT_MAX],
                         struct error *err)
{
    AUTO_SIGNING_KEY key;
    struct verifier_key again;

    memset(&key, 0, sizeof key);
    if (!check_beginning(files, name, origin, err)) {
        return false;
    }
    digest_start();
    signing_key_generate(name, KEY_TYPE_COSIGNATURE, &key);
    /* A name with a space or a plus gives no verifier key. */
    return verifier_key_parse(verifier_key_format(&key.verifier, ret_vkey), &again, err) &&
           key_file_write(files->key, &key, passphrase, err) &&
           begin_memory(files, origin, &key.verifier, err);
}

bool witness_desk_adopt(const struct witness_files *files, const char *name, const char *origin,
                        const uint8_t public_key[static 32], char ret_vkey[static VKEY_TEXT_MAX],
                        struct error *err)
{
    struct verifier_key key;

    if (!check_beginning(files, name, origin, err) ||
        !verifier_key_make(name, KEY_TYPE_COSIGNATURE, public_key, &key, err) ||
        !key_file_write_agent(files->key, &key, err)) {
        return false;
    }
    verifier_key_format(&key, ret_vkey);
    return begin_memory(files, origin, &key, err);
}

static bool answer(const struct witness_files *files, const struct trust_card *card,
                   const struct buffer *bytes, const struct signer *signer, int64_t now,
                   struct witness_state *ret_state, struct buffer *ret_line, struct error *err)
{
    struct witness_state state;
    struct witness_request request;

    return state_read(files->state, &state, err) &&
           witness_request_parse(bytes->data == NULL ? "" : bytes->data, bytes->length, &request,
                                 err) &&
           witness_advance(&state, &request, card->policy, signer, now, ret_state, ret_line, err) &&
           state_write(files->state, ret_state, err);
}

bool witness_desk_answer(const struct witness_files *files, const struct trust_card *card,
                         const struct buffer *request, const struct passphrase_source *source,
                         int64_t now, struct witness_state *ret_state, struct buffer *ret_line,
                         struct error *err)
{
    AUTO_OPENED_KEY key = {.in_agent = false};

    if (!key_open(files->key, files->key, source, &key, err)) {
        return false;
    }
    struct signer signer = opened_key_signer(&key);
    /* Two answers at once from one memory could sign two histories. */
    int lock = open(files->key, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (lock < 0 || flock(lock, LOCK_EX) != 0) {
        refuse_write(files->key, err);
        if (lock >= 0) {
            (void)close(lock);
        }
        return false;
    }
    bool ok = answer(files, card, request, &signer, now, ret_state, ret_line, err);
    (void)close(lock);
    return ok;
}
