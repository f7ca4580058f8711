#include "cli/service/policy_shelf.h"

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#include <stdlib.h>
#include <string.h>

#define POLICIES_MAX 1000

struct policy_shelf {
    struct policy **policy;
    size_t count;
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
    for (size_t i = 0; i < shelf->count; i++) {
        struct sha256 known = policy_digest(shelf->policy[i]);
        if (sha256_equal(&known, digest)) {
            *ret = shelf->policy[i];
            return true;
        }
    }
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT bytes FROM policy WHERE sha256 = $1");
    bind_sha256(query, 1, digest);
    if (statement_one(query)) {
        size_t length = 0;
        const char *bytes = column_blob(query, 0, &length);
        if (bytes != NULL && !shelf_add(shelf, digest, bytes, length, ret, err)) {
            return false;
        }
        return statement_end(query, err);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return error_set(err, FAULT_INTEGRITY, "policy.not-in-book",
                     _("the book names a policy that it does not hold"));
}

bool policy_in_force(struct policy_shelf *shelf, struct store *store, struct date day,
                     const struct policy **ret, struct error *err)
{
    struct sha256 digest;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT sha256 FROM policy_activation WHERE from_day <= $1"
                           " ORDER BY from_day DESC, seq DESC LIMIT 1");
    bind_date(query, 1, day);
    bool found = statement_one(query);
    if (found) {
        digest = column_sha256(query, 0);
    }
    if (!statement_end(query, err)) {
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

bool policy_next_activation(struct store *store, struct date day, bool *ret_found, struct date *ret,
                            struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT from_day FROM policy_activation WHERE from_day > $1"
                           " ORDER BY from_day LIMIT 1");
    bind_date(query, 1, day);
    *ret_found = statement_one(query);
    if (*ret_found) {
        *ret = column_date(query, 0);
    }
    return statement_end(query, err);
}
