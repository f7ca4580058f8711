#include "cli/service/preview.h"

#include "ledger/base/text.h"

#include <assert.h>
#include <string.h>

void preview_planning(struct office *office, struct planning *ret)
{
    *ret = (struct planning){.store = office->store,
                             .policies = office->policies,
                             .origin = office->facts.origin,
                             .day = office->day,
                             .seq = office->tip.size};
    planning_init(ret, &office->arena);
}

/* The rows that the plan left as lines, as an array. */
static bool read_rows(const struct planning *planning, struct arena *arena,
                      const struct canon **ret, struct error *err)
{
    struct canon *list = canon_array(arena);
    const char *at = planning->rows.data;

    for (uint64_t i = 0; i < planning->rows_count; i++) {
        size_t left = planning->rows.length - (size_t)(at - planning->rows.data);
        const char *stop = memchr(at, '\n', left);
        struct canon *row = NULL;
        assert(stop != NULL); /* planning_row() ended each */
        if (!canon_read(arena, at, (size_t)(stop - at), CANON_LINE_MAX, &row, err)) {
            return false;
        }
        canon_add(list, row);
        at = stop + 1;
    }
    *ret = list;
    return true;
}

bool preview_rows(struct office *office, const char *type, const struct canon *request,
                  const char *nothing, const struct canon **ret, struct error *err)
{
    const struct use_case *use_case = use_case_find(type);
    AUTO_PLANNING planning;

    assert(use_case != NULL);
    preview_planning(office, &planning);
    if (!use_case->plan(&planning, request, err)) {
        if (!text_equal(err->reason, nothing)) {
            return false;
        }
        *err = (struct error){0};
        *ret = canon_array(&office->arena);
        return true;
    }
    return read_rows(&planning, &office->arena, ret, err);
}
