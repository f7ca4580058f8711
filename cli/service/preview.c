#include "cli/service/preview.h"

#include "ledger/base/text.h"

#include <assert.h>

struct planning preview_planning(struct office *office)
{
    struct planning planning = {.store = office->store,
                                .arena = &office->arena,
                                .policies = office->policies,
                                .origin = office->facts.origin,
                                .day = office->day,
                                .seq = office->tip.size,
                                .out = canon_object(&office->arena),
                                .rows = canon_array(&office->arena)};
    entry_list_init(&planning.entries, &office->arena);
    return planning;
}

bool preview_rows(struct office *office, const char *type, const struct canon *request,
                  const char *nothing, const struct canon **ret, struct error *err)
{
    const struct use_case *use_case = use_case_find(type);
    struct planning planning = preview_planning(office);

    assert(use_case != NULL);
    if (!use_case->plan(&planning, request, err)) {
        if (!text_equal(err->reason, nothing)) {
            return false;
        }
        *err = (struct error){0};
        *ret = canon_array(&office->arena);
        return true;
    }
    *ret = planning.rows;
    return true;
}
