/* book_verify.c - a book or an export against its log, from the container to the tables. */
#include "cli/service/book_check.h"
#include "cli/service/replay.h"
#include "ledger/audit/high_water.h"
#include "ledger/audit/log_source.h"
#include "ledger/base/clock.h"
#include "ledger/base/text.h"

/* V1: the container ------------------------------------------------------------------------------
 */

struct container {
    struct findings *findings;
    bool readable; /* every table is the one we know, so that its rows may be read */
};

static bool tell_difference(void *context, const struct schema_difference *difference,
                            struct error *err)
{
    struct container *container = context;
    const char *fact = difference->change == SCHEMA_ADDED     ? _("was added")
                       : difference->change == SCHEMA_MISSING ? _("is missing")
                                                              : _("was changed");
    (void)err;
    findings_add(container->findings, "E_CONTAINER", -1, _("the %s %s %s"), difference->type,
                 difference->name, fact);
    /* A view may hide a table, or never end. */
    if (text_equal(difference->type, "table") || text_equal(difference->type, "view")) {
        container->readable = false;
    }
    return true;
}

static bool note_damage(const struct error *found, const char *code, struct findings *findings,
                        struct error *err)
{
    if (found->fault != FAULT_INTEGRITY) {
        *err = *found;
        return false;
    }
    findings_add(findings, code, -1, "%s", found->text);
    return true;
}

static bool check_container(struct office *office, bool structure, struct container *container,
                            struct error *err)
{
    struct error found = {0};
    return store_compare_schema(office->store, tell_difference, container, err) &&
           (structure || store_verify_file(office->store, false, &found) ||
            note_damage(&found, "E_CONTAINER", container->findings, err));
}

/* The log ----------------------------------------------------------------------------------------
 */

/* Reads the log through a replay unless only its structure is asked for. */
static bool verify_log(const struct log_source *source, const struct verify_scope *scope,
                       struct store *live, struct findings *findings, struct verify_summary *ret,
                       struct error *err)
{
    AUTO_REPLAY struct replay *replay = NULL;
    struct verify_visitor visitor = {.event = replay_event};
    struct verify_request request = {
        .source = source, .trust = scope->trust, .structure = scope->structure};

    if (!scope->structure) {
        if (!replay_open(scope->plan_again, &replay, err)) {
            return false;
        }
        visitor.context = replay;
        request.visitor = &visitor;
    }
    return log_verify(&request, findings, ret, err) &&
           (replay == NULL || live == NULL || replay_compare(replay, live, findings, err));
}

/* Head and high-water file -----------------------------------------------------------------------
 */

struct mark {
    struct head head;
    struct error why; /* set if it could not be read */
};

struct marks {
    struct mark head, high_water;
};

static struct marks marks_of(const struct office *office)
{
    struct marks marks = {0};
    if (head_read(office->head_path, &marks.head.head, &marks.head.why)) {
        marks.head.why.fault = FAULT_NONE;
    }
    if (high_water_read(office->high_water_path, &marks.high_water.head, &marks.high_water.why)) {
        marks.high_water.why.fault = FAULT_NONE;
    }
    return marks;
}

static const char *mark_code(const struct error *found)
{
    if (text_equal(found->reason, "book.events-lost")) {
        return "E_ROLLBACK";
    }
    return text_equal(found->reason, "book.head-mismatch") ? "E_FORK" : "E_CONTAINER";
}

static bool compare_mark(struct office *office, struct mark *mark, struct findings *findings,
                         struct error *err)
{
    bool read = mark->why.fault == FAULT_NONE;
    if (read && head_compare(&mark->head, office->store, &mark->why)) {
        return true;
    }
    return text_equal(mark->why.reason, "log.frontier") || /* told by the log itself */
           note_damage(&mark->why, mark_code(&mark->why), findings, err);
}

/* An auditor does not have the key folder, where the high-water file stands. */
static bool compare_marks(struct office *office, struct marks *marks, struct findings *findings,
                          struct error *err)
{
    bool away = marks->high_water.why.fault == FAULT_NONE && !marks->high_water.head.present;
    return compare_mark(office, &marks->head, findings, err) &&
           (away || compare_mark(office, &marks->high_water, findings, err));
}

/* A book, and an export --------------------------------------------------------------------------
 */

bool book_verify(struct office *office, const struct verify_scope *scope, struct findings *findings,
                 struct verify_summary *ret, struct error *err)
{
    struct container container = {findings, true};
    struct log_source source = log_source_of_book(office->store);
    struct marks marks = marks_of(office); /* before the book is read */
    AUTO_TRANSACTION snapshot = {0};       /* others may write meanwhile */

    *ret = (struct verify_summary){0};
    if (!check_container(office, scope->structure, &container, err)) {
        return false;
    }
    return !container.readable || (transaction_begin_read(office->store, &snapshot, err) &&
                                   compare_marks(office, &marks, findings, err) &&
                                   verify_log(&source, scope, office->store, findings, ret, err));
}

bool export_verify(const char *folder, const struct verify_scope *scope, struct findings *findings,
                   struct verify_summary *ret, struct error *err)
{
    AUTO_BUNDLE struct bundle *bundle = NULL;
    const struct trust_card *card = scope->trust == NULL ? NULL : scope->trust->card;
    struct error found = {0};

    *ret = (struct verify_summary){0};
    if (!bundle_open(folder, card == NULL ? NULL : &card->minisign, &bundle, &found)) {
        return note_damage(&found, "E_CONTAINER", findings, err);
    }
    struct log_source source = log_source_of_bundle(bundle);
    return verify_log(&source, scope, NULL, findings, ret, err);
}

bool office_open_to_verify(const char *folder, struct office *ret, struct error *err)
{
    *ret = (struct office){0};
    office_paths(ret, folder);
    ret->day = clock_date_in_china(clock_now());
    if (store_open(ret->store_path, STORE_READ_ONLY, &ret->store, err)) {
        return true;
    }
    office_release(ret);
    return false;
}
