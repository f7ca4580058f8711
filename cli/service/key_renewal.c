#include "cli/service/key_renewal.h"

#include "ledger/audit/file_write.h"
#include "ledger/base/alloc.h"
#include "ledger/base/text.h"
#include "ledger/books/people.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The files of one person, and the passphrase of both. */
struct renewing {
    struct office *office;
    const struct act_options *options;
    const char *path;        /* of the key that ends */
    const char *next;        /* not that of a staff code, so that it is nobody's */
    const uint8_t *in_agent; /* the next key, if it stands there; 32 bytes */
    char *passphrase;        /* NULL: none */
};

static void renewing_release(struct renewing *r)
{
    if (r->passphrase != NULL) {
        sodium_memzero(r->passphrase, strlen(r->passphrase));
        free(r->passphrase);
    }
}

static char *same_passphrase(const void *context, const char *staff)
{
    const struct renewing *r = context;
    (void)staff;
    return r->passphrase == NULL ? NULL : alloc_text(r->passphrase);
}

static bool take_place(const struct renewing *r, struct error *err)
{
    const char *origin = r->office->facts.origin;
    char *folder = arena_text(&r->office->arena, r->path);
    bool was_open = false;

    *strrchr(folder, '/') = '\0';
    if (rename(r->next, r->path) != 0 || !file_folder_sync(folder)) {
        error_set(err, FAULT_STORE, "key-file.write", _("%s cannot take the place of %s: %s"),
                  r->next, r->path, strerror(errno));
        return error_next(err, _("the key is registered: run the command again"));
    }
    return session_close(origin, r->options->as, &was_open, err);
}

/* Whether an earlier renewal got as far as the log. What got nowhere is removed. */
static bool finish(const struct renewing *r, bool *ret, struct error *err)
{
    struct verifier_key key;
    struct error none;
    char vkey[VKEY_TEXT_MAX];
    enum key_standing standing = KEY_UNKNOWN;

    *ret = false;
    if (!key_file_read_public(r->next, &key, &none)) {
        return true;
    }
    if (!staff_key_standing(r->office->store, verifier_key_format(&key, vkey), r->options->as,
                            &standing, err)) {
        return false;
    }
    *ret = standing == KEY_VALID;
    if (!*ret) {
        (void)unlink(r->next);
        return true;
    }
    return take_place(r, err);
}

static void ask_passphrase(struct renewing *r)
{
    const struct passphrase_source *source = &r->options->passphrase;
    bool leaves_agent = r->in_agent == NULL && key_file_names_agent(r->path);
    bool needed =
        leaves_agent ? !origin_is_demo(r->office->facts.origin) : key_file_is_encrypted(r->path);

    if (needed && source->ask != NULL) {
        r->passphrase = source->ask(source->context, r->options->as);
    }
}

/* The next key in its file, and what proves that it is held. */
static bool make_next(struct renewing *r, const char *name, struct new_key *ret, struct error *err)
{
    struct arena *arena = &r->office->arena;
    const char *origin = r->office->facts.origin;
    struct verifier_key verifier;
    AUTO_SIGNING_KEY key;

    memset(&key, 0, sizeof key);
    if (r->in_agent != NULL) {
        struct signer signer = signer_in_agent(&verifier);
        return verifier_key_make(name, KEY_TYPE_ED25519, r->in_agent, &verifier, err) &&
               staff_key_prove(arena, origin, &signer, ret, err) &&
               key_file_write_agent(r->next, &verifier, err);
    }
    signing_key_generate(name, KEY_TYPE_ED25519, &key);
    struct signer signer = signer_of_key(&key);
    return key_file_write(r->next, &key, r->passphrase, err) &&
           staff_key_prove(arena, origin, &signer, ret, err);
}

/* The request names the next key and the one that it replaces. */
static bool prepare(struct renewing *r, const struct act_options *options, struct renewal *ret,
                    struct canon **ret_request, struct error *err)
{
    struct office *office = r->office;
    struct signer old;
    char vkey[VKEY_TEXT_MAX];

    if (office->keys == NULL) {
        office->keys = key_ring_new(office->facts.origin);
    }
    if (!key_ring_get(office->keys, options->as, &options->passphrase, &old, err) ||
        !make_next(r, old.verifier->name, &ret->key, err)) {
        return false;
    }
    struct canon *request = canon_object(&office->arena);
    canon_set_text(request, "vkey", ret->key.vkey);
    canon_set_text(request, "pop", ret->key.proof);
    canon_set_text(request, "replaces", verifier_key_format(old.verifier, vkey));
    *ret_request = request;
    return true;
}

bool key_renew(struct office *office, const struct act_options *options, const uint8_t *in_agent,
               struct renewal *ret, struct error *err)
{
    AUTO(renewing_release)
    struct renewing r = {.office = office, .options = options, .in_agent = in_agent};
    struct act_options same = *options;
    struct canon *request = NULL;

    r.path = key_path_of(&office->arena, office->facts.origin, options->as);
    r.next = key_path_of(&office->arena, office->facts.origin,
                         arena_printf(&office->arena, "%s+next", options->as));
    same.passphrase = (struct passphrase_source){same_passphrase, &r};
    *ret = (struct renewal){.key.path = r.path};
    if (!finish(&r, &ret->finished, err)) {
        return false;
    }
    if (ret->finished) {
        return staff_key_show(&office->arena, office->facts.origin, options->as,
                              &options->passphrase, &ret->key, err);
    }
    ask_passphrase(&r); /* without it the old key refuses by itself */
    if (!prepare(&r, &same, ret, &request, err) ||
        !act(office, &same, "key.renew", request, &ret->act, err)) {
        struct error ignored;
        bool stands = false; /* it may have failed after the event stood in the log */
        (void)(finish(&r, &stands, &ignored) && stands);
        return false;
    }
    if (ret->act.dry_run || ret->act.repeated) {
        return unlink(r.next) == 0 || errno == ENOENT ||
               error_set(err, FAULT_STORE, "key-file.write", _("%s cannot be removed: %s"), r.next,
                         strerror(errno));
    }
    return take_place(&r, err);
}
