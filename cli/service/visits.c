#include "cli/service/visits.h"

#include "cli/service/key_ring.h"
#include "ledger/audit/checkpoint_store.h"
#include "ledger/audit/visit.h"
#include "ledger/base/clock.h"
#include "ledger/base/text.h"

#include <inttypes.h>
#include <string.h>

/* Somebody who signs through this office. */
struct visitor {
    struct visitor *next;
    char *staff;
    const char *path;
    struct visit visit;
    struct merkle_range range; /* as far as it was compared */
};

const char *visit_folder_of(struct arena *arena, const char *origin)
{
    char *path = arena_text(arena, key_path_of(arena, origin, ""));
    *strrchr(path, '/') = '\0';
    return path;
}

const char *visit_path_of(struct arena *arena, const char *origin, const char *staff)
{
    return arena_printf(arena, "%s/%s" VISIT_ENDING, visit_folder_of(arena, origin), staff);
}

static void tell(struct office *office, const struct error *why)
{
    if (office->warn_of_visits != NULL && !office->warned_of_visits) {
        office->warn_of_visits(why);
    }
    office->warned_of_visits = true;
}

static bool is_known(const struct office *office, const char *staff)
{
    const struct visitor *at = office->visitors;
    while (at != NULL && !text_equal(at->staff, staff)) {
        at = at->next;
    }
    return at != NULL;
}

static void tell_emptied(struct office *office, const struct visitor *visitor)
{
    struct error why = {0};
    (void)error_set(&why, FAULT_STORE, "visit.empty",
                    _("%s is empty, which a power cut may leave: how far %s saw this book is not "
                      "known any more"),
                    visitor->path, visitor->staff);
    tell(office, &why);
}

/* What cannot be read is told and stops nobody; what was changed does. */
static bool read_visit(struct office *office, struct visitor *visitor, struct error *err)
{
    struct error why = {0};

    if (visit_read(visitor->path, office->facts.origin, &visitor->visit, &why)) {
        if (visitor->visit.empty) {
            tell_emptied(office, visitor);
        }
        return true;
    }
    if (why.fault != FAULT_STORE) {
        *err = why;
        return false;
    }
    tell(office, &why);
    return true;
}

/* Whoever is here for the first time takes the log as it stands. */
static bool compare(struct office *office, struct visitor *visitor, struct error *err)
{
    AUTO_BUFFER head;

    buffer_init(&head, CHECKPOINT_NOTE_MAX);
    if (office->visitors == NULL &&
        !visit_newest_head(office->store, office->facts.origin, &office->tip, &head, err)) {
        return false;
    }
    if (!visitor->visit.present) {
        return log_range_load(office->store, &visitor->range, err);
    }
    visitor->range = visitor->visit.range;
    return visit_follow(&visitor->visit, visitor->path, visitor->staff, office->store, &office->tip,
                        &visitor->range, err);
}

bool visitor_looks_back(struct office *office, const char *staff, visit_warning warn,
                        struct error *err)
{
    if (is_known(office, staff)) {
        return true;
    }
    struct visitor *visitor = arena_alloc(&office->lasting, sizeof *visitor);
    *visitor = (struct visitor){
        .staff = arena_text(&office->lasting, staff),
        .path = visit_path_of(&office->lasting, office->facts.origin, staff),
        .next = office->visitors,
    };
    office->warn_of_visits = warn;
    if (!read_visit(office, visitor, err) || !compare(office, visitor, err)) {
        return false;
    }
    office->visitors = visitor;
    return true;
}

static bool keep(struct office *office, struct visitor *visitor, const struct log_tip *tip,
                 const struct buffer *head, struct error *err)
{
    struct error why = {0};

    if (!visit_follow(&visitor->visit, visitor->path, visitor->staff, office->store, tip,
                      &visitor->range, err)) {
        return false;
    }
    if (!visit_write(visitor->path, office->facts.origin, clock_now(), &visitor->range, head,
                     &why)) {
        tell(office, &why);
    }
    return true;
}

/* In one snapshot: others may have written since. */
bool visits_keep(struct office *office, struct error *err)
{
    struct log_tip tip;
    AUTO_TRANSACTION snapshot = {0};
    AUTO_BUFFER head;

    buffer_init(&head, CHECKPOINT_NOTE_MAX);
    if (office->visitors == NULL || !office->visits_due) {
        return true;
    }
    office->visits_due = false;
    if (!transaction_begin_read(office->store, &snapshot, err) ||
        !log_tip_load(office->store, &tip, err) ||
        !visit_newest_head(office->store, office->facts.origin, &tip, &head, err)) {
        return false;
    }
    for (struct visitor *at = office->visitors; at != NULL; at = at->next) {
        if (!keep(office, at, &tip, &head, err)) {
            return false;
        }
    }
    return true;
}

bool visit_is_first(struct arena *arena, const char *origin, const char *staff, struct error *err)
{
    struct visit visit;
    char at[INSTANT_TEXT_SIZE];
    const char *path = visit_path_of(arena, origin, staff);

    if (!visit_read(path, origin, &visit, err)) {
        return false;
    }
    if (!visit.present) {
        return true;
    }
    (void)error_set(err, FAULT_REFUSED, "book.origin-seen",
                    _("%s saw a book of origin %s with %" PRIu64 " events at %s"), staff, origin,
                    visit.range.size, instant_format(visit.at, at));
    error_limit(err, _("an origin belongs to one book for ever"));
    return error_next(err,
                      _("choose another origin; if that book was an exercise and is gone, remove "
                        "%s"),
                      path);
}
