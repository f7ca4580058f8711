#include "cli/service/log_plans.h"

#include "ledger/audit/log.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/audit/proof.h"
#include "ledger/base/text.h"

#include <inttypes.h>

#define CODE_MAX 23
#define CODES_MAX 100
#define KEPT_SIZES_MAX 200
#define VERSION_MAX 60
#define REASON_MAX 600

static bool leaf_hash_of(void *context, uint64_t seq, struct sha256 *ret, struct error *err)
{
    return event_leaf_hash(context, seq, ret, err);
}

bool plan_recorded_root(const struct planning *planning, int64_t size, const struct sha256 *root,
                        struct error *err)
{
    struct merkle_range range;
    struct sha256 real;
    struct leaf_source leaves = {planning->store, leaf_hash_of};
    struct tree_source tree = tree_source_of_leaves(&leaves);

    if (size < 1 || (uint64_t)size > planning->seq) {
        error_set(err, FAULT_REFUSED, "audit.recorded-size", _("a log of %" PRId64 " events"),
                  size);
        return error_limit(err, _("the log has %llu"), (unsigned long long)planning->seq);
    }
    if (!log_range_load(planning->store, &range, err)) {
        return false;
    }
    if (range.size != planning->seq) {
        return true;
    }
    real = merkle_range_root(&range);
    if ((uint64_t)size < planning->seq && !tree_root(&tree, (uint64_t)size, &real, err)) {
        return false;
    }
    return sha256_equal(&real, root) ||
           error_set(err, FAULT_REFUSED, "audit.recorded-root",
                     _("the first %" PRId64 " events have another root"), size);
}

/* {"code", "count"}, each code once, in order. */
static bool findings_are_well_formed(const struct canon *findings, int64_t *ret_count)
{
    const char *before = "";

    *ret_count = 0;
    if (canon_kind_of(findings) != CANON_ARRAY || canon_count(findings) > CODES_MAX) {
        return false;
    }
    for (size_t i = 0; i < canon_count(findings); i++) {
        const char *code = canon_get_text(canon_at(findings, i), "code");
        int64_t count = 0;
        if (code == NULL || !text_starts_with(code, "E_") || strlen(code) > CODE_MAX ||
            strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != strlen(code) ||
            strcmp(before, code) >= 0 || !canon_get_int(canon_at(findings, i), "count", &count) ||
            count < 1 || count > INT64_MAX - *ret_count) {
            return false;
        }
        *ret_count += count;
        before = code;
    }
    return true;
}

/* Sizes of kept heads, ascending. */
static bool kept_is_well_formed(const struct canon *kept)
{
    int64_t before = 0;

    if (kept == NULL) {
        return true;
    }
    if (canon_kind_of(kept) != CANON_ARRAY || canon_count(kept) == 0 ||
        canon_count(kept) > KEPT_SIZES_MAX) {
        return false;
    }
    for (size_t i = 0; i < canon_count(kept); i++) {
        const char *text = canon_as_text(canon_at(kept, i));
        int64_t size = 0;
        struct error ignored;
        if (text == NULL || !text_parse_int(text, 1, INT64_MAX, &size, &ignored) ||
            size <= before) {
            return false;
        }
        before = size;
    }
    return true;
}

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; word != NULL && i < count; i++) {
        if (text_equal(word, words[i])) {
            return true;
        }
    }
    return false;
}

/* What was proven has no findings, and what was not has some. */
static bool result_fits(const struct canon *request)
{
    int64_t count = 0;
    int64_t total = 0;
    int64_t result = 0;
    const struct canon *findings = canon_get(request, "findings");

    return findings != NULL && findings_are_well_formed(findings, &count) &&
           canon_get_int(request, "findings_total", &total) && total >= count &&
           (total == 0) == (count == 0) && canon_get_int(request, "result", &result) &&
           result >= 0 && result <= 2 && (result == 0) == (total == 0);
}

static bool genesis_is_well_formed(const struct canon *request)
{
    struct sha256 genesis;
    return canon_get(request, "card_genesis") == NULL ||
           canon_get_sha256(request, "card_genesis", &genesis);
}

bool plan_verify_run(struct planning *planning, const struct canon *request, struct error *err)
{
    static const char *const modes[] = {"full", "structure", "since"};
    const char *version = canon_get_text(request, "version");
    struct sha256 root;
    int64_t size = 0;

    if (!is_one_of(canon_get_text(request, "mode"), modes, COUNT_OF(modes)) || version == NULL ||
        version[0] == '\0' || strlen(version) > VERSION_MAX || !result_fits(request) ||
        !kept_is_well_formed(canon_get(request, "kept")) || !genesis_is_well_formed(request) ||
        !canon_get_int(request, "size", &size) || !canon_get_sha256(request, "root", &root)) {
        return request_malformed("mode, size, root, result, findings, version, kept", err);
    }
    return plan_recorded_root(planning, size, &root, err);
}

bool plan_db_restore(struct planning *planning, const struct canon *request, struct error *err)
{
    const char *reason = canon_get_text(request, "reason");
    struct sha256 root, copy;
    int64_t size = 0;

    if (reason == NULL || reason[0] == '\0' || strlen(reason) > REASON_MAX) {
        error_set(err, FAULT_USAGE, "restore.reason", _("why is not said"));
        error_limit(err, _("in up to %d bytes"), REASON_MAX);
        return error_next(err, _("say it with --reason"));
    }
    if (!canon_get_int(request, "size", &size) || !canon_get_sha256(request, "root", &root) ||
        !canon_get_sha256(request, "copy_sha256", &copy)) {
        return request_malformed("size, root, copy_sha256", err);
    }
    return plan_recorded_root(planning, size, &root, err);
}
