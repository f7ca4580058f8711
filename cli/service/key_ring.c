#include "cli/service/key_ring.h"

#include "cli/service/session_file.h"
#include "ledger/audit/file_write.h"
#include "ledger/base/alloc.h"
#include "ledger/base/digest.h"
#include "ledger/base/text.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define KEYS_MAX 16

struct key_ring {
    char *origin;
    struct arena arena;
    struct held_key {
        char *staff;
        struct signing_key *key; /* between guard pages, locked in memory, only to be read */
    } held[KEYS_MAX];
    size_t count;
};

struct key_ring *key_ring_new(const char *origin)
{
    struct key_ring *ring = alloc_zeroed(1, sizeof *ring);
    arena_init(&ring->arena, (size_t)1 << 20);
    ring->origin = arena_text(&ring->arena, origin);
    return ring;
}

struct key_ring *key_ring_free(struct key_ring *ring)
{
    if (ring != NULL) {
        for (size_t i = 0; i < ring->count; i++) {
            sodium_free(ring->held[i].key); /* wipes */
        }
        arena_release(&ring->arena);
        free(ring);
    }
    return NULL;
}

const char *key_path_of(struct arena *arena, const char *origin, const char *staff)
{
    const char *keys = getenv("YICANG_KEYS");
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    const char *folder = NULL;

    if (keys != NULL && keys[0] != '\0') {
        folder = keys;
    } else if (config != NULL && config[0] != '\0') {
        folder = arena_printf(arena, "%s/yicang/keys", config);
    } else {
        folder = arena_printf(arena, "%s/.config/yicang/keys", home == NULL ? "" : home);
    }
    char *place = arena_text(arena, origin);
    for (char *at = strchr(place, '/'); at != NULL; at = strchr(at, '/')) {
        *at = '_';
    }
    return arena_printf(arena, "%s/%s/%s.key", folder, place, staff);
}

/* The folders of a path, each 0700. */
static bool key_folders_create(const char *path, struct error *err)
{
    AUTO_ARENA arena;
    arena_init(&arena, (size_t)64 << 10);
    char *folder = arena_text(&arena, path);

    for (char *at = strchr(folder + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
        *at = '\0';
        bool made = mkdir(folder, 0700) == 0;
        if (made ? !file_folder_sync(folder) : errno != EEXIST) {
            error_set(err, FAULT_STORE, "key-file.write", _("the folder %s cannot be made: %s"),
                      folder, strerror(errno));
            return error_next(err, _("set YICANG_KEYS to a folder that may be written"));
        }
        *at = '/';
    }
    return true;
}

/* Reads a key file, asking for the passphrase if it has one. */
static bool read_key_file(const char *origin, const char *staff,
                          const struct passphrase_source *source, struct arena *arena,
                          struct signing_key *ret, struct error *err)
{
    const char *path = key_path_of(arena, origin, staff);
    char *passphrase = NULL;

    if (key_file_is_encrypted(path)) {
        passphrase =
            source == NULL || source->ask == NULL ? NULL : source->ask(source->context, staff);
        if (passphrase == NULL) {
            error_set(err, FAULT_REFUSED, "key.needs-passphrase",
                      _("the key of %s needs its passphrase"), staff);
            return error_next(err, _("run `yicang session open`, or give --passphrase-fd"));
        }
    }
    bool ok = key_file_read(path, passphrase, ret, err);
    if (passphrase != NULL) {
        sodium_memzero(passphrase, strlen(passphrase));
        free(passphrase);
    }
    if (!ok && text_equal(err->reason, "key-file.not-found")) {
        error_set(err, FAULT_REFUSED, "key.not-found", _("there is no key of %s at %s"), staff,
                  path);
        return error_next(err, _("make one with `yicang key new`, or set YICANG_KEYS"));
    }
    return ok;
}

static void hold(struct key_ring *ring, const char *staff, const struct signing_key *key,
                 const struct signing_key **ret)
{
    struct held_key *held = &ring->held[ring->count++];
    held->staff = arena_text(&ring->arena, staff);
    held->key = sodium_malloc(sizeof *key);
    if (held->key == NULL) {
        alloc_exhausted(sizeof *key);
    }
    *held->key = *key;
    (void)sodium_mprotect_readonly(held->key);
    *ret = held->key;
}

bool key_ring_get(struct key_ring *ring, const char *staff, const struct passphrase_source *source,
                  const struct signing_key **ret, struct error *err)
{
    for (size_t i = 0; i < ring->count; i++) {
        if (text_equal(ring->held[i].staff, staff)) {
            *ret = ring->held[i].key;
            return true;
        }
    }
    if (!staff_code_is_valid(staff)) {
        error_set(err, FAULT_USAGE, "staff.code", _("“%s” is not a staff code"), staff);
        return error_limit(err, _("1 to 32 of a-z 0-9 . - _"));
    }
    if (ring->count == KEYS_MAX) {
        return error_set(err, FAULT_REFUSED, "key.too-many",
                         _("more than %d people sign in one command"), KEYS_MAX);
    }
    AUTO_SIGNING_KEY key = {0};
    bool found = false;
    if (!session_file_read(&ring->arena, ring->origin, staff, &key, &found, err)) {
        return false;
    }
    if (!found && !read_key_file(ring->origin, staff, source, &ring->arena, &key, err)) {
        return false;
    }
    hold(ring, staff, &key, ret);
    return true;
}

/* The proof that whoever asks for a key to be registered holds it (audit-log.md 4.3, key.add). */
void staff_key_prove(struct arena *arena, const char *origin, const struct signing_key *key,
                     struct new_key *ret)
{
    verifier_key_format(&key->verifier, ret->vkey);
    const char *text = arena_printf(arena, "ledger-pop/v1 %s\n%s\n", origin, ret->vkey);
    uint8_t signature[64];
    if (crypto_sign_detached(signature, NULL, (const uint8_t *)text, strlen(text), key->secret) !=
        0) {
        abort();
    }
    base64_format(signature, sizeof signature, ret->proof);
}

bool staff_key_create(struct arena *arena, const char *origin, const char *staff,
                      const char *passphrase, struct new_key *ret, struct error *err)
{
    char name[KEY_NAME_MAX + 1];
    AUTO_SIGNING_KEY key;

    memset(&key, 0, sizeof key);
    if (!key_name_of_staff(origin, staff, name)) {
        error_set(err, FAULT_USAGE, "staff.code", _("“%s” is not a staff code"), staff);
        return error_limit(err, _("1 to 32 of a-z 0-9 . - _"));
    }
    ret->path = key_path_of(arena, origin, staff);
    signing_key_generate(name, KEY_TYPE_ED25519, &key);
    if (!key_folders_create(ret->path, err) || !key_file_write(ret->path, &key, passphrase, err)) {
        return false;
    }
    staff_key_prove(arena, origin, &key, ret);
    return true;
}

bool staff_key_show(struct arena *arena, const char *origin, const char *staff,
                    const struct passphrase_source *source, struct new_key *ret, struct error *err)
{
    AUTO_SIGNING_KEY key;

    memset(&key, 0, sizeof key);
    ret->path = key_path_of(arena, origin, staff);
    if (!read_key_file(origin, staff, source, arena, &key, err)) {
        return false;
    }
    staff_key_prove(arena, origin, &key, ret);
    return true;
}

/* Not a staff code, so that it is nobody's key file. */
#define EXPORT_HOLDER "+export"

const char *export_key_path(struct arena *arena, const char *origin)
{
    return key_path_of(arena, origin, EXPORT_HOLDER);
}

bool export_key_create(struct arena *arena, const char *origin, const char *passphrase,
                       struct error *err)
{
    AUTO_SIGNING_KEY key;
    const char *path = export_key_path(arena, origin);

    memset(&key, 0, sizeof key);
    signing_key_generate(arena_printf(arena, "%s/export", origin), KEY_TYPE_ED25519, &key);
    return key_folders_create(path, err) && key_file_write(path, &key, passphrase, err);
}

static bool no_export_key(struct error *err)
{
    error_set(err, FAULT_REFUSED, "key.not-found", _("there is no key that signs exports"));
    return error_next(err, _("make one with `yicang audit card --new-export-key`, or set "
                             "YICANG_KEYS"));
}

bool export_key_show(struct arena *arena, const char *origin, struct minisign_key *ret,
                     struct error *err)
{
    struct verifier_key key;

    if (!key_file_read_public(export_key_path(arena, origin), &key, err)) {
        return text_equal(err->reason, "key-file.not-found") ? no_export_key(err) : false;
    }
    *ret = minisign_key_of(key.public_key);
    return true;
}

bool export_key_read(struct arena *arena, const char *origin,
                     const struct passphrase_source *source, struct minisign_secret *ret,
                     struct error *err)
{
    AUTO_SIGNING_KEY key;

    memset(&key, 0, sizeof key);
    if (!read_key_file(origin, EXPORT_HOLDER, source, arena, &key, err)) {
        return text_equal(err->reason, "key.not-found") ? no_export_key(err) : false;
    }
    struct minisign_key public_key = minisign_key_of(key.verifier.public_key);
    minisign_secret_from_seed(public_key.number, key.secret, ret);
    return true;
}

bool session_open(const char *origin, const char *staff, const struct passphrase_source *source,
                  const char **ret_path, struct arena *arena, struct error *err)
{
    AUTO_SIGNING_KEY key;

    memset(&key, 0, sizeof key);
    return read_key_file(origin, staff, source, arena, &key, err) &&
           session_file_write(arena, origin, staff, &key, ret_path, err);
}

bool session_close(const char *origin, const char *staff, bool *ret_was_open, struct error *err)
{
    return session_file_remove(origin, staff, ret_was_open, err);
}

bool session_is_open(const char *origin, const char *staff)
{
    AUTO_ARENA arena;
    AUTO_SIGNING_KEY key;
    struct error ignored;
    bool found = false;

    memset(&key, 0, sizeof key);
    arena_init(&arena, (size_t)64 << 10);
    return session_file_read(&arena, origin, staff, &key, &found, &ignored) && found;
}
