#include "cli/service/key_ring.h"

#include "cli/service/session_file.h"
#include "ledger/audit/file_write.h"
#include "ledger/base/alloc.h"
#include "ledger/base/digest.h"
#include "ledger/base/guarded.h"
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
        struct opened_key *key; /* in guarded memory: only to be read */
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
            guarded_free(ring->held[i].key);
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

/* A person's key file. */
static bool read_key_file(const char *origin, const char *staff,
                          const struct passphrase_source *source, struct arena *arena,
                          struct opened_key *ret, struct error *err)
{
    const char *path = key_path_of(arena, origin, staff);

    if (key_open(path, staff, source, ret, err)) {
        return true;
    }
    if (text_equal(err->reason, "key-file.not-found")) {
        error_set(err, FAULT_REFUSED, "key.not-found", _("there is no key of %s at %s"), staff,
                  path);
        return error_next(err, _("make one with `yicang key new`, or set YICANG_KEYS"));
    }
    return false;
}

static void hold(struct key_ring *ring, const char *staff, const struct opened_key *key,
                 struct signer *ret)
{
    struct held_key *held = &ring->held[ring->count++];
    held->staff = arena_text(&ring->arena, staff);
    held->key = guarded_copy(key, sizeof *key);
    *ret = opened_key_signer(held->key);
}

static bool refuse_code(const char *staff, struct error *err)
{
    error_set(err, FAULT_USAGE, "staff.code", _("“%s” is not a staff code"), staff);
    return error_limit(err, _("1 to 32 of a-z 0-9 . - _"));
}

bool staff_key_name(const char *origin, const char *staff, char ret[static KEY_NAME_MAX + 1],
                    struct error *err)
{
    return key_name_of_staff(origin, staff, ret) || refuse_code(staff, err);
}

/* A session may hold a key of before that has given way to one in an agent. */
static bool find_key(struct key_ring *ring, const char *staff,
                     const struct passphrase_source *source, struct opened_key *ret,
                     struct error *err)
{
    bool found = false;

    if (!key_file_names_agent(key_path_of(&ring->arena, ring->origin, staff)) &&
        !session_file_read(&ring->arena, ring->origin, staff, &ret->key, &found, err)) {
        return false;
    }
    return found || read_key_file(ring->origin, staff, source, &ring->arena, ret, err);
}

bool key_ring_get(struct key_ring *ring, const char *staff, const struct passphrase_source *source,
                  struct signer *ret, struct error *err)
{
    for (size_t i = 0; i < ring->count; i++) {
        if (text_equal(ring->held[i].staff, staff)) {
            *ret = opened_key_signer(ring->held[i].key);
            return true;
        }
    }
    if (!staff_code_is_valid(staff)) {
        return refuse_code(staff, err);
    }
    if (ring->count == KEYS_MAX) {
        return error_set(err, FAULT_REFUSED, "key.too-many",
                         _("more than %d people sign in one command"), KEYS_MAX);
    }
    AUTO_OPENED_KEY key = {.in_agent = false};
    if (!find_key(ring, staff, source, &key, err)) {
        return false;
    }
    hold(ring, staff, &key, ret);
    return true;
}

/* The proof that whoever asks for a key to be registered holds it (audit-log.md 4.3, key.add). */
bool staff_key_prove(struct arena *arena, const char *origin, const struct signer *signer,
                     struct new_key *ret, struct error *err)
{
    verifier_key_format(signer->verifier, ret->vkey);
    const char *text = arena_printf(arena, "ledger-pop/v1 %s\n%s\n", origin, ret->vkey);
    uint8_t signature[64];

    if (!signer_sign(signer, text, strlen(text), 0, signature, err)) {
        return false;
    }
    base64_format(signature, sizeof signature, ret->proof);
    ret->in_agent = signer->key == NULL;
    return true;
}

bool staff_key_create(struct arena *arena, const char *origin, const char *staff,
                      const char *passphrase, struct new_key *ret, struct error *err)
{
    char name[KEY_NAME_MAX + 1];
    AUTO_SIGNING_KEY key;

    memset(&key, 0, sizeof key);
    if (!staff_key_name(origin, staff, name, err)) {
        return false;
    }
    ret->path = key_path_of(arena, origin, staff);
    signing_key_generate(name, KEY_TYPE_ED25519, &key);
    struct signer signer = signer_of_key(&key);
    return key_folders_create(ret->path, err) && key_file_write(ret->path, &key, passphrase, err) &&
           staff_key_prove(arena, origin, &signer, ret, err);
}

/* Proven first: a key that does not sign is not kept. */
bool staff_key_adopt(struct arena *arena, const char *origin, const char *staff,
                     const uint8_t public_key[static 32], struct new_key *ret, struct error *err)
{
    char name[KEY_NAME_MAX + 1];
    struct verifier_key key;
    struct signer signer = signer_in_agent(&key);

    ret->path = key_path_of(arena, origin, staff);
    return staff_key_name(origin, staff, name, err) && key_file_is_free(ret->path, err) &&
           verifier_key_make(name, KEY_TYPE_ED25519, public_key, &key, err) &&
           staff_key_prove(arena, origin, &signer, ret, err) &&
           key_folders_create(ret->path, err) && key_file_write_agent(ret->path, &key, err);
}

bool staff_key_show(struct arena *arena, const char *origin, const char *staff,
                    const struct passphrase_source *source, struct new_key *ret, struct error *err)
{
    AUTO_OPENED_KEY key = {.in_agent = false};

    ret->path = key_path_of(arena, origin, staff);
    if (!read_key_file(origin, staff, source, arena, &key, err)) {
        return false;
    }
    struct signer signer = opened_key_signer(&key);
    return staff_key_prove(arena, origin, &signer, ret, err);
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
    AUTO_OPENED_KEY key = {.in_agent = false};

    if (!read_key_file(origin, EXPORT_HOLDER, source, arena, &key, err)) {
        return text_equal(err->reason, "key.not-found") ? no_export_key(err) : false;
    }
    if (key.in_agent) {
        error_set(err, FAULT_REFUSED, "key-file.in-agent",
                  _("the key that signs exports cannot stand behind an ssh-agent"));
        return error_next(err, _("make one with `yicang audit card --new-export-key`, or set "
                                 "YICANG_KEYS"));
    }
    struct minisign_key public_key = minisign_key_of(key.key.verifier.public_key);
    minisign_secret_from_seed(public_key.number, key.key.secret, ret);
    return true;
}

bool session_open(const char *origin, const char *staff, const struct passphrase_source *source,
                  const char **ret_path, struct arena *arena, struct error *err)
{
    AUTO_OPENED_KEY key = {.in_agent = false};

    if (!read_key_file(origin, staff, source, arena, &key, err)) {
        return false;
    }
    if (key.in_agent) {
        error_set(err, FAULT_REFUSED, "session.not-needed",
                  _("the key of %s stands behind an ssh-agent: it needs no session"), staff);
        return error_next(err, _("the agent holds it open; `ssh-add -t 8h` lets it expire, "
                                 "`ssh-add -c` asks each time"));
    }
    return session_file_write(arena, origin, staff, &key.key, ret_path, err);
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

bool staff_key_is_there(const char *origin, const char *staff)
{
    AUTO_ARENA arena;
    struct stat status;

    arena_init(&arena, (size_t)64 << 10);
    return stat(key_path_of(&arena, origin, staff), &status) == 0;
}

bool staff_key_is_in_agent(const char *origin, const char *staff)
{
    AUTO_ARENA arena;

    arena_init(&arena, (size_t)64 << 10);
    return key_file_names_agent(key_path_of(&arena, origin, staff));
}
