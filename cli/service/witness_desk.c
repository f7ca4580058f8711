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

bool witness_desk_create(const struct witness_files *files, const char *name, const char *origin,
                         const char *passphrase, char ret_vkey[static VKEY_TEXT_MAX],
                         struct error *err)
{
    AUTO_SIGNING_KEY key;
    struct verifier_key again;
    struct witness_state state;

    memset(&key, 0, sizeof key);
    if (access(files->state, F_OK) == 0) {
        return error_set(err, FAULT_STORE, "witness.exists", _("%s exists already"), files->state);
    }
    if (!origin_is_valid(origin)) {
        return error_set(err, FAULT_USAGE, "book.origin", _("“%s” is not an origin"), origin);
    }
    if (strlen(name) > KEY_NAME_MAX) {
        return error_set(err, FAULT_USAGE, "witness.name",
                         _("the name of the witness is too long"));
    }
    digest_start();
    signing_key_generate(name, KEY_TYPE_COSIGNATURE, &key);
    /* A name with a space or a plus gives no verifier key. */
    if (!verifier_key_parse(verifier_key_format(&key.verifier, ret_vkey), &again, err) ||
        !key_file_write(files->key, &key, passphrase, err)) {
        return false;
    }
    witness_state_start(origin, &key.verifier, &state);
    return state_write(files->state, &state, err);
}

static bool key_read(const char *path, const struct passphrase_source *source,
                     struct signing_key *ret, struct error *err)
{
    char *passphrase = NULL;

    if (key_file_is_encrypted(path)) {
        passphrase = source->ask == NULL ? NULL : source->ask(source->context, path);
        if (passphrase == NULL) {
            return error_set(err, FAULT_REFUSED, "key.needs-passphrase",
                             _("the key of %s needs its passphrase"), path);
        }
    }
    bool ok = key_file_read(path, passphrase, ret, err);
    if (passphrase != NULL) {
        sodium_memzero(passphrase, strlen(passphrase));
        free(passphrase);
    }
    return ok;
}

static bool answer(const struct witness_files *files, const struct trust_card *card,
                   const struct buffer *bytes, const struct signing_key *key, int64_t now,
                   struct witness_state *ret_state, struct buffer *ret_line, struct error *err)
{
    struct witness_state state;
    struct witness_request request;

    return state_read(files->state, &state, err) &&
           witness_request_parse(bytes->data == NULL ? "" : bytes->data, bytes->length, &request,
                                 err) &&
           witness_advance(&state, &request, card->policy, key, now, ret_state, ret_line, err) &&
           state_write(files->state, ret_state, err);
}

bool witness_desk_answer(const struct witness_files *files, const struct trust_card *card,
                         const struct buffer *request, const struct passphrase_source *source,
                         int64_t now, struct witness_state *ret_state, struct buffer *ret_line,
                         struct error *err)
{
    AUTO_SIGNING_KEY key;

    memset(&key, 0, sizeof key);
    if (!key_read(files->key, source, &key, err)) {
        return false;
    }
    /* Two answers at once from one memory could sign two histories. */
    int lock = open(files->key, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (lock < 0 || flock(lock, LOCK_EX) != 0) {
        refuse_write(files->key, err);
        if (lock >= 0) {
            (void)close(lock);
        }
        return false;
    }
    bool ok = answer(files, card, request, &key, now, ret_state, ret_line, err);
    (void)close(lock);
    return ok;
}
