#include "cli/service/book_init.h"

#include "cli/service/policy_activation.h"
#include "cli/service/project.h"
#include "cli/service/record.h"
#include "cli/service/visits.h"
#include "ledger/audit/file_write.h"
#include "ledger/audit/high_water.h"
#include "ledger/audit/predecessor.h"
#include "ledger/base/interruption.h"
#include "ledger/base/text.h"
#include "ledger/books/people.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Events that are given up must not be given up by one person. */
static bool check_predecessor(const struct book_request *request, struct error *err)
{
    if (request->predecessor == NULL) {
        return true;
    }
    if (text_equal(request->predecessor->origin, request->origin)) {
        error_set(err, FAULT_USAGE, "book.origin",
                  _("the new log cannot have the origin of the "
                    "old one, %s"),
                  request->origin);
        return error_next(err, _("choose another origin"));
    }
    if (request->admins < 2 || request->quorum < 2) {
        error_set(err, FAULT_USAGE, "book.predecessor-admins",
                  _("a log that lost events is continued by two admins at least"));
        return error_next(err, _("name them with --admins; one should be of the finance bureau"));
    }
    return true;
}

static bool check_request(const struct book_request *request, struct error *err)
{
    if (!origin_is_valid(request->origin)) {
        error_set(err, FAULT_USAGE, "book.origin", _("“%s” is not an origin"), request->origin);
        return error_limit(err, _("domain/ledger-XXXXXXXX, with 8 hex digits"));
    }
    if (request->admins < 1 || request->admins > BOOK_ADMINS_MAX) {
        error_set(err, FAULT_USAGE, "book.admins", _("%zu admins"), request->admins);
        return error_limit(err, _("1 to %d"), BOOK_ADMINS_MAX);
    }
    if (request->approval_days < 0 || request->approval_days > APPROVAL_DAYS_MAX) {
        error_set(err, FAULT_USAGE, "book.approval-days", _("approvals that count for %lld days"),
                  (long long)request->approval_days);
        return error_limit(err, _("1 to %d days"), APPROVAL_DAYS_MAX);
    }
    if (request->quorum < 1 || request->quorum > (int64_t)request->admins) {
        error_set(err, FAULT_USAGE, "book.quorum", _("a quorum of %lld"),
                  (long long)request->quorum);
        return error_limit(err, _("1 to the number of admins"));
    }
    return check_predecessor(request, err);
}

/* Whether nothing else stands in a folder than what a book has before its head, which comes last.
 */
static bool holds_a_beginning(const char *path)
{
    bool only = true;
    DIR *folder = opendir(path);

    if (folder == NULL) {
        return false;
    }
    for (const struct dirent *entry = readdir(folder); entry != NULL && only;
         entry = readdir(folder)) {
        only = text_equal(entry->d_name, ".") || text_equal(entry->d_name, "..") ||
               text_starts_with(entry->d_name, "book.db");
    }
    (void)closedir(folder);
    return only;
}

static bool refuse_existing(const struct office *office, const char *path, struct error *err)
{
    if (text_equal(path, office->folder) && holds_a_beginning(path)) {
        error_set(err, FAULT_STORE, "book.begun",
                  _("%s exists already, without a head: a `book init` was broken off there"), path);
        return error_next(err,
                          _("no book was ever finished in it: remove it with its keys, and "
                            "begin again: rm -r '%s' '%s'"),
                          path, office->service_folder);
    }
    error_set(err, FAULT_STORE, "book.exists", _("%s exists already"), path);
    return error_next(err, _("choose another folder"));
}

static bool make_folder(const struct office *office, const char *path, struct error *err)
{
    if (mkdir(path, 0770) == 0) {
        /* A file in it is on the disk only if the folder is. */
        if (file_folder_sync(path)) {
            return true;
        }
        (void)rmdir(path);
    }
    if (errno == EEXIST) {
        return refuse_existing(office, path, err);
    }
    return error_set(err, FAULT_STORE, "store.io", _("the folder %s cannot be made: %s"), path,
                     strerror(errno));
}

/* Files of keys that were made here, to be taken back if the book is not. */
struct made_keys {
    const char *path[BOOK_ADMINS_MAX + 1];
    size_t count;
};

static char *ask_passphrase(const struct book_request *request, const char *whose)
{
    return request->passphrase.ask == NULL || origin_is_demo(request->origin)
               ? NULL
               : request->passphrase.ask(request->passphrase.context, whose);
}

static void wipe_passphrase(char *passphrase)
{
    if (passphrase != NULL) {
        sodium_memzero(passphrase, strlen(passphrase));
        free(passphrase);
    }
}

static bool admin_keys_exist(const struct book_request *request, struct arena *arena,
                             struct made_keys *made, struct error *err)
{
    for (size_t i = 0; i < request->admins; i++) {
        const char *code = request->admin[i];
        const char *path = key_path_of(arena, request->origin, code);
        struct new_key key;
        struct stat status;
        if (stat(path, &status) == 0) {
            continue;
        }
        char *passphrase = ask_passphrase(request, code);
        bool ok = staff_key_create(arena, request->origin, code, passphrase, &key, err);
        wipe_passphrase(passphrase);
        if (!ok) {
            return false;
        }
        made->path[made->count++] = path;
    }
    return true;
}

static bool export_key_exists(const struct book_request *request, struct arena *arena,
                              struct made_keys *made, struct error *err)
{
    struct minisign_key key;
    struct error none;

    if (!request->export_key || export_key_show(arena, request->origin, &key, &none)) {
        return true;
    }
    char *passphrase = ask_passphrase(request, "exports");
    bool ok = export_key_create(arena, request->origin, passphrase, err);
    wipe_passphrase(passphrase);
    if (ok) {
        made->path[made->count++] = export_key_path(arena, request->origin);
    }
    return ok;
}

/* The keys of the log itself; and by which policy outsiders judge its witnesses. */
static void add_trust(const struct book_request *request, const struct log_keys *keys,
                      const struct verifier_key *system, struct canon *body)
{
    char vkey[VKEY_TEXT_MAX];

    canon_set_text(body, "log_key", verifier_key_format(&keys->log->verifier, vkey));
    canon_set_text(body, "day_key", verifier_key_format(&keys->day->verifier, vkey));
    canon_set_text(body, "system_key", verifier_key_format(system, vkey));
    canon_set_text(body, "origin", request->origin);
    if (request->witness_policy_length > 0) {
        struct sha256 digest = sha256_of(request->witness_policy, request->witness_policy_length);
        canon_set_sha256(body, "policy_sha256", &digest);
        canon_set_int(body, "cosign_max_age_days", request->cosign_max_age_days);
    }
}

static struct canon *genesis_body(const struct book_request *request, struct arena *arena,
                                  const struct signer *signer)
{
    struct canon *body = canon_object(arena);
    struct canon *keys = canon_array(arena);
    struct uuid nonce = uuid_random();
    char hex[UUID_HEX_SIZE];
    char vkey[VKEY_TEXT_MAX];

    for (size_t i = 0; i < request->admins; i++) {
        canon_add_text(keys, verifier_key_format(signer[i].verifier, vkey));
    }
    canon_set(body, "admin_keys", keys);
    canon_set_int(body, "admin_quorum", request->quorum);
    if (request->approval_days > 0) {
        canon_set_int(body, "approval_days", request->approval_days);
    }
    canon_set_text(body, "currency", "CNY");
    canon_set_text(body, "name", request->name);
    canon_set_text(body, "nonce", uuid_to_hex(&nonce, hex));
    canon_set_text(body, "office", request->office);
    canon_set_date(body, "opening_day", request->opening_day);
    if (request->predecessor != NULL) {
        canon_set(body, "predecessor", predecessor_record(request->predecessor, arena));
    }
    return body;
}

/* Appends one control event signed by the admins and writes it into the tables. */
static bool append_control(struct office *office, const struct book_request *request,
                           const struct signer *signer, const char *type, struct canon *body,
                           struct error *err)
{
    struct event_draft draft = {.type = type,
                                .actor = request->admin[0],
                                .role = role_word(ROLE_ADMIN),
                                .at = clock_now(),
                                .cmd = uuid_random(),
                                .body = body,
                                .signers = request->admins};

    memcpy(draft.signer, signer, request->admins * sizeof *signer);
    return event_record(office, use_case_find(type), &draft, &office->tip, err);
}

static bool write_beginning(struct office *office, const struct book_request *request,
                            struct canon *policy, struct error *err)
{
    struct signer signer[BOOK_ADMINS_MAX];
    struct verifier_key system;
    AUTO_TRANSACTION transaction = {0};

    office->keys = key_ring_new(request->origin);
    (void)snprintf(office->facts.origin, sizeof office->facts.origin, "%s", request->origin);
    for (size_t i = 0; i < request->admins; i++) {
        if (!key_ring_get(office->keys, request->admin[i], &request->passphrase, &signer[i], err)) {
            return false;
        }
    }
    if (!log_keys_create(office->service_folder, request->origin, &office->log_keys, &system,
                         err) ||
        !transaction_begin(office->store, &transaction, err) ||
        !log_tip_load(office->store, &office->tip, err)) {
        return false;
    }
    struct canon *genesis = genesis_body(request, &office->arena, signer);
    add_trust(request, &office->log_keys, &system, genesis);
    return append_control(office, request, signer, "book.genesis", genesis, err) &&
           append_control(office, request, signer, "policy.set", policy, err) &&
           transaction_commit(&transaction, err);
}

static bool origin_is_new(const struct book_request *request, struct arena *arena,
                          struct error *err)
{
    for (size_t i = 0; i < request->admins; i++) {
        if (!visit_is_first(arena, request->origin, request->admin[i], err)) {
            return false;
        }
    }
    return true;
}

/* The admins have seen the beginning that they signed. */
static bool admins_visit(struct office *office, const struct book_request *request,
                         struct error *err)
{
    for (size_t i = 0; i < request->admins; i++) {
        if (!visitor_looks_back(office, request->admin[i], request->warn, err)) {
            return false;
        }
    }
    return true;
}

static bool fill_folder(struct office *office, const struct book_request *request,
                        struct made_keys *made, struct error *err)
{
    struct canon *policy = NULL; /* first: a policy with a mistake leaves no keys either */

    struct policy_text text = {request->policy_file, request->policy_bytes, request->policy_length};

    return policy_set_request(&office->arena, &text, request->opening_day, &policy, err) &&
           privacy_keys_create(office->service_folder, err) &&
           admin_keys_exist(request, &office->arena, made, err) &&
           export_key_exists(request, &office->arena, made, err) &&
           store_open(office->store_path, STORE_CREATE, &office->store, err) &&
           write_beginning(office, request, policy, err) &&
           high_water_create(office->high_water_path, &office->tip, err) &&
           head_create(office->head_path, &office->tip, err) &&
           book_facts_load(office->store, &office->lasting, &office->facts, err) &&
           open_day_load(office->store, &office->day, err) && admins_visit(office, request, err);
}

/* Takes back what a failed beginning left: both folders are this command's own. */
static void remove_folders(struct office *office, const struct made_keys *made)
{
    const char *const files[] = {
        office->head_path,
        office->high_water_path,
        office->store_path,
        arena_printf(&office->arena, "%s-wal", office->store_path),
        arena_printf(&office->arena, "%s-shm", office->store_path),
        arena_printf(&office->arena, "%s/privacy.key", office->service_folder),
    };

    office->store = store_close(office->store);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        (void)unlink(files[i]);
    }
    for (size_t i = 0; i < made->count; i++) {
        (void)unlink(made->path[i]);
    }
    log_keys_remove(office->service_folder, &office->log_keys);
    (void)rmdir(office->folder);
    (void)rmdir(office->service_folder);
}

bool book_init(const struct book_request *request, struct office *ret, struct error *err)
{
    AUTO_INTERRUPTION interruption = {0}; /* Ctrl-C leaves no half book */
    struct made_keys made = {.count = 0};

    *ret = (struct office){0};
    if (!check_request(request, err)) {
        return false;
    }
    interruption_hold(&interruption);
    office_paths(ret, request->folder);
    if (!origin_is_new(request, &ret->arena, err) || !make_folder(ret, ret->folder, err)) {
        office_release(ret);
        return false;
    }
    if (!make_folder(ret, ret->service_folder, err)) {
        (void)rmdir(ret->folder);
        office_release(ret);
        return false;
    }
    if (!fill_folder(ret, request, &made, err)) {
        remove_folders(ret, &made);
        office_release(ret);
        return false;
    }
    ret->visits_due = true;
    return true;
}
