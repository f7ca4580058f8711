#include "cli/service/policy_shelf.h"

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"
#include "ledger/books/policy_record.h"

#include <stdlib.h>
#include <string.h>

#define POLICIES_MAX 1000

struct policy_shelf {
    struct policy **policy;
    size_t count;
    const struct policy *supposed; /* NULL: what the book says counts */
    struct date supposed_from;
};

struct policy_shelf *policy_shelf_new(void)
{
    return alloc_zeroed(1, sizeof(struct policy_shelf));
}

struct policy_shelf *policy_shelf_free(struct policy_shelf *shelf)
{
    if (shelf != NULL) {
        for (size_t i = 0; i < shelf->count; i++) {
            shelf->policy[i] = policy_free(shelf->policy[i]);
        }
        free(shelf->policy);
        free(shelf);
    }
    return NULL;
}

static bool shelf_add(struct policy_shelf *shelf, const struct sha256 *digest, const char *bytes,
                      size_t length, const struct policy **ret, struct error *err)
{
    struct sha256 found = sha256_of(bytes, length);

    if (!sha256_equal(&found, digest)) {
        return error_set(err, FAULT_INTEGRITY, "policy.damaged",
                         _("a policy in the book does not have the digest it is known by"));
    }
    if (shelf->count == POLICIES_MAX) {
        return error_set(err, FAULT_INTEGRITY, "policy.too-many",
                         _("the book uses more than %d policies"), POLICIES_MAX);
    }
    char name[SHA256_HEX_SIZE];
    struct policy *policy = NULL;
    if (!policy_load(hex_format(digest->byte, SHA256_SIZE, name), bytes, length, &policy, err)) {
        return false;
    }
    shelf->policy = alloc_resized(shelf->policy, shelf->count + 1, sizeof(struct policy *));
    shelf->policy[shelf->count++] = policy;
    *ret = policy;
    return true;
}

bool policy_with_digest(struct policy_shelf *shelf, struct store *store,
                        const struct sha256 *digest, const struct policy **ret, struct error *err)
{
    struct sha256 supposed = policy_supposed_digest();

    if (shelf->supposed != NULL && sha256_equal(digest, &supposed)) {
        *ret = shelf->supposed;
        return true;
    }
    for (size_t i = 0; i < shelf->count; i++) {
        struct sha256 known = policy_digest(shelf->policy[i]);
        if (sha256_equal(&known, digest)) {
            *ret = shelf->policy[i];
            return true;
        }
    }
    AUTO_BUFFER bytes;
    bool found = false;

    buffer_init(&bytes, POLICY_BYTES_MAX);
    if (!policy_record_load(store, digest, &bytes, &found, err)) {
        return false;
    }
    if (!found) {
        return error_set(err, FAULT_INTEGRITY, "policy.not-in-book",
                         _("the book names a policy that it does not hold"));
    }
    return shelf_add(shelf, digest, bytes.data, bytes.length, ret, err);
}

bool policy_in_force(struct policy_shelf *shelf, struct store *store, struct date day,
                     const struct policy **ret, struct error *err)
{
    struct sha256 digest;
    bool found = false;

    if (shelf->supposed != NULL && date_compare(day, shelf->supposed_from) >= 0) {
        *ret = shelf->supposed;
        return true;
    }
    if (!policy_activated_on(store, day, &digest, &found, err)) {
        return false;
    }
    if (!found) {
        char text[DATE_TEXT_SIZE];
        error_set(err, FAULT_REFUSED, "policy.none-in-force", _("no policy is in force on %s"),
                  date_format(day, text));
        return error_next(err, _("activate a policy first"));
    }
    return policy_with_digest(shelf, store, &digest, ret, err);
}

bool policy_version_after(struct policy_shelf *shelf, struct store *store, struct date day,
                          bool *ret_found, struct date *ret, struct error *err)
{
    const struct date *from = &shelf->supposed_from;

    if (shelf->supposed != NULL && date_compare(day, *from) >= 0) {
        *ret_found = false;
        return true;
    }
    if (!policy_activation_after(store, day, ret_found, ret, err)) {
        return false;
    }
    if (shelf->supposed != NULL) {
        *ret = *ret_found ? date_min(*ret, *from) : *from;
        *ret_found = true;
    }
    return true;
}

void policy_suppose(struct policy_shelf *shelf, const struct policy *policy, struct date from)
{
    shelf->supposed = policy;
    shelf->supposed_from = from;
}

struct sha256 policy_supposed_digest(void)
{
    return (struct sha256){{0}};
}
