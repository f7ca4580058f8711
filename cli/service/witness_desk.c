#include "cli/service/witness_desk.h"

#include "ledger/audit/file_write.h"
#include "ledger/base/clock.h"
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
    if (key_name_is_valid(name)) {
        return true;
    }
    error_set(err, FAULT_USAGE, "witness.name", _("“%.60s” cannot be the name of a key"), name);
    return error_limit(err, _("1 to %d bytes of visible characters, no space and no +"),
                       KEY_NAME_MAX);
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

/* One key, one meaning: that of a mirror says that the log was verified. */
static bool check_meaning(const struct verifier_key *key, bool mirror, struct error *err)
{
    if (cosigner_is_mirror(key) == mirror) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "witness.one-meaning",
              mirror ? _("the key %s is not that of a mirror")
                     : _("the key %s is that of a mirror, which signs only what it has verified"),
              key->name);
    return error_next(err, mirror ? _("make one under a name such as county/mirror/1 with --new")
                                  : _("give the export with --mirror, or the key of the witness"));
}

/* What one answer works with; the key file is locked, since two answers at once from one memory
 * could sign two histories. */
struct desk {
    const struct witness_files *files;
    const struct trust_card *card;
    struct opened_key key;
    struct witness_state state;
    struct witness_request request;
    int lock;
};

static void desk_leave(struct desk *desk)
{
    opened_key_wipe(&desk->key);
    if (desk->lock >= 0) {
        (void)close(desk->lock);
    }
}

static bool desk_enter(struct desk *desk, const struct buffer *request,
                       const struct passphrase_source *source, bool mirror, struct error *err)
{
    if (!key_open(desk->files->key, desk->files->key, source, &desk->key, err) ||
        !check_meaning(&desk->key.key.verifier, mirror, err)) {
        return false;
    }
    desk->lock = open(desk->files->key, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (desk->lock < 0 || flock(desk->lock, LOCK_EX) != 0) {
        return refuse_write(desk->files->key, err);
    }
    return state_read(desk->files->state, &desk->state, err) &&
           witness_request_parse(request->data == NULL ? "" : request->data, request->length,
                                 &desk->request, err);
}

bool witness_desk_answer(const struct witness_files *files, const struct trust_card *card,
                         const struct buffer *request, const struct passphrase_source *source,
                         int64_t now, struct witness_state *ret_state, struct buffer *ret_line,
                         struct error *err)
{
    AUTO(desk_leave) struct desk desk = {.files = files, .card = card, .lock = -1};

    if (!desk_enter(&desk, request, source, false, err)) {
        return false;
    }
    struct signer signer = opened_key_signer(&desk.key);
    return witness_advance(&desk.state, &desk.request, card->policy, &signer, now, ret_state,
                           ret_line, err) &&
           state_write(files->state, ret_state, err);
}

/* Mirrors ---------------------------------------------------------------------------------------
 */

static bool refuse_findings(const struct findings *findings, struct error *err)
{
    if (findings->total == 0) {
        return true;
    }
    error_set(err, findings->tampering ? FAULT_INTEGRITY : FAULT_REFUSED, "witness.not-verified",
              _("the export is not proven (findings: %llu), and the mirror signs nothing"),
              (unsigned long long)findings->total);
    return error_next(err, _("keep the export, and ask the bank; `yicang audit verify --bundle` "
                             "shows it in full"));
}

/* In full, against what the mirror has seen. It asks for no quorum: it is one of those who make it.
 */
static bool verify_export(const struct desk *desk, const char *folder, struct instant now,
                          struct findings *findings, struct verify_summary *ret, struct error *err)
{
    struct trust_card card = *desk->card;
    struct witness_policy policy = *card.policy;
    const struct kept_head seen = {_("the memory of the mirror"), desk->state.size,
                                   desk->state.root};
    const struct verify_trust trust = {.card = &card,
                                       .kept = &seen,
                                       .kept_count = seen.size > 0 ? 1 : 0,
                                       .today = clock_date_in_china(now)};
    const struct verify_scope scope = {.plan_again = true, .trust = &trust};

    policy.quorum = 0;
    card.policy = &policy;
    return export_verify(folder, &scope, findings, ret, err) && refuse_findings(findings, err);
}

bool mirror_desk_answer(const struct witness_files *files, const struct trust_card *card,
                        const struct buffer *request, const char *folder,
                        const struct passphrase_source *source, struct instant now,
                        struct findings *findings, struct witness_state *ret_state,
                        struct buffer *ret_line, struct error *err)
{
    AUTO(desk_leave) struct desk desk = {.files = files, .card = card, .lock = -1};
    struct verify_summary summary;

    if (!desk_enter(&desk, request, source, true, err) ||
        !verify_export(&desk, folder, now, findings, &summary, err)) {
        return false;
    }
    struct signer signer = opened_key_signer(&desk.key);
    return mirror_advance(&desk.state, &desk.request, card->policy, &signer, now.seconds,
                          summary.tip.size, &summary.tip.root, ret_state, ret_line, err) &&
           state_write(files->state, ret_state, err);
}
