#include "cli/service/verify_record.h"

#include "ledger/base/text.h"
#include "ledger/store/store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_SIZES_MAX 200

static int by_code(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* How many of each code, as far as they are listed. */
static struct canon *count_findings(const struct findings *findings, struct arena *arena)
{
    struct canon *list = canon_array(arena);
    const char **code = arena_alloc_array(arena, findings->count + 1, sizeof *code);

    for (size_t i = 0; i < findings->count; i++) {
        code[i] = findings->list[i].code;
    }
    qsort(code, findings->count, sizeof *code, by_code);
    for (size_t i = 0, same = 0; i < findings->count; i += same) {
        for (same = 1; i + same < findings->count && text_equal(code[i], code[i + same]); same++) {
        }
        struct canon *one = canon_object(arena);
        canon_set_text(one, "code", code[i]);
        canon_set_int(one, "count", (int64_t)same);
        canon_add(list, one);
    }
    return list;
}

/* Sizes of the kept heads it was held against, the largest if they are many; NULL if there are
 * none. */
static struct canon *kept_sizes(const struct verify_trust *trust, struct arena *arena)
{
    size_t sizes = 0;
    size_t first = 0;

    if (trust == NULL || trust->kept_count == 0) {
        return NULL;
    }
    uint64_t *size = arena_alloc_array(arena, trust->kept_count, sizeof *size);
    for (size_t i = 0; i < trust->kept_count; i++) {
        if (i == 0 || trust->kept[i].size != trust->kept[i - 1].size) {
            size[sizes++] = trust->kept[i].size;
        }
    }
    if (sizes > KEPT_SIZES_MAX) {
        first = sizes - KEPT_SIZES_MAX;
    }
    struct canon *list = canon_array(arena);
    for (size_t i = first; i < sizes; i++) {
        canon_add_text(list, arena_printf(arena, "%" PRIu64, size[i]));
    }
    return list;
}

bool verify_record(struct office *office, const struct act_options *options,
                   const struct verify_scope *scope, const struct findings *findings,
                   const struct verify_summary *summary, struct act_result *ret, struct error *err)
{
    struct arena *arena = &office->arena;
    struct canon *request = canon_object(arena);
    struct canon *kept = kept_sizes(scope->trust, arena);
    const struct trust_card *card = scope->trust == NULL ? NULL : scope->trust->card;

    canon_set_text(request, "mode",
                   scope->structure       ? "structure"
                   : scope->since != NULL ? "since"
                                          : "full");
    canon_set_int(request, "size", (int64_t)summary->events);
    canon_set_sha256(request, "root", &summary->tip.root);
    canon_set_int(request, "result", findings->tampering ? 1 : findings->incomplete ? 2 : 0);
    canon_set(request, "findings", count_findings(findings, arena));
    canon_set_int(request, "findings_total", (int64_t)findings->total);
    canon_set_text(request, "version", store_program());
    if (kept != NULL) {
        canon_set(request, "kept", kept);
    }
    if (card != NULL) {
        canon_set_sha256(request, "card_genesis", &card->genesis);
    }
    return act(office, options, "verify.run", request, ret, err);
}
