#include "cli/acting.h"
#include "cli/book_runs.h"
#include "cli/commands.h"
#include "cli/findings_table.h"
#include "cli/service/book_check.h"
#include "cli/service/key_check.h"
#include "ledger/base/text.h"

static bool run_info(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct result result;

    if (!desk_open(invocation, &office, err)) {
        return false;
    }
    result_init(&result, invocation->arena);
    result_text(&result, "name", _("name"), office.facts.name);
    result_text(&result, "origin", _("origin"), office.facts.origin);
    result_date(&result, "opening_day", _("opening day"), office.facts.opening_day);
    result_date(&result, "open_day", _("open day"), office.day);
    result_int(&result, "events", _("events"), (int64_t)office.tip.size);
    return output_result(invocation, &result, err) && office_close(&office, err);
}

/* The findings as a table; some are a failure, none is told. */
static bool show_findings(const struct invocation *invocation, const struct office *office,
                          struct findings *findings, struct error *err)
{
    struct table table;

    findings_table(findings, invocation->arena, office->day, &table);
    uint64_t total = findings->total;
    if (!output_table(invocation, &table, err)) {
        return false;
    }
    if (total > 0) {
        return error_set(err, FAULT_REFUSED, "book.check-failed",
                         _("the book contradicts itself: %llu findings"),
                         (unsigned long long)total);
    }
    output_note(_("the book is consistent: %llu events"), (unsigned long long)office->tip.size);
    return true;
}

static bool run_check(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct findings findings;

    findings_init(&findings);
    if (!desk_open(invocation, &office, err)) {
        return false;
    }
    bool ok = book_check(&office, &findings, err) &&
              show_findings(invocation, &office, &findings, err) && office_close(&office, err);
    findings_release(&findings);
    return ok;
}

static const struct option rebuild_options[] = {
    {"rebuild", OPTION_FLAG, false, NULL,
     N_("rebuild from the journal the balances kept beside it"), false},
};

/* What is wrong with the keys does not make the book wrong. */
static bool keys_alone(uint64_t in_book, const struct findings *findings, struct error *err)
{
    if (in_book > 0 || findings->total == 0) {
        return false;
    }
    error_set(
        err, FAULT_REFUSED, "book.keys-unsafe",
        _("the book is consistent, but its keys are not kept as they should be: %llu findings"),
        (unsigned long long)findings->total);
    (void)error_next(err,
                     _("chmod closes what is open; what was left behind goes with the next "
                       "command that writes, or with the next `yicang book rotate-data-keys`"));
    return true;
}

static bool run_doctor(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct findings findings;
    bool rebuild = invocation_value(invocation, "rebuild")->given;
    enum store_mode mode = rebuild ? STORE_WRITE : STORE_READ_ONLY;

    findings_init(&findings);
    if (!office_open(invocation->globals->book, mode, &office, err)) {
        return false;
    }
    bool ok = rebuild ? book_rebuild(&office, &findings, err) : book_check(&office, &findings, err);
    uint64_t in_book = findings.total;
    bool demo = origin_is_demo(office.facts.origin);
    ok = ok && (rebuild || key_check(&office, &findings, err)) &&
         show_findings(invocation, &office, &findings, err) && office_close(&office, err);
    if (!ok && !rebuild && keys_alone(in_book, &findings, err)) {
        ok = false;
    } else if (!ok && !rebuild && findings.total > 0) {
        ok = error_next(err, _("balances that differ from the journal are rebuilt by `yicang book "
                               "doctor --rebuild`; for anything else restore a backup"));
    }
    if (!ok && rebuild && findings.total > 0) {
        ok = error_next(err, _("this is not in what is derived, and nothing was changed; see "
                               "`yicang audit verify`"));
    }
    findings_release(&findings);
    if (demo) {
        output_note(_("DEMO KEYS: this book's keys have no passphrase; it proves nothing about "
                      "people"));
    }
    return ok;
}

static const struct option clock_options[] = {
    {"reason", OPTION_TEXT, true, "TEXT", N_("why the clock had been fast"), false},
    {"with", OPTION_TEXT, false, "CODE,CODE", N_("further admins who sign"), false},
};

static bool run_rotate_data_keys(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct rotation rotation = {0};
    struct result result;
    bool dry_run = invocation->globals->dry_run;

    if (!desk_open(invocation, &office, err) ||
        !privacy_keys_rotate(office.store, office.service_folder, office.facts.origin, dry_run,
                             &rotation, err)) {
        return false;
    }
    result_init(&result, invocation->arena);
    if (dry_run) {
        result_word(&result, "dry_run", _("dry run"), word_of_act, "nothing was written");
    }
    result_int(&result, "epoch", _("epoch of the data keys"), rotation.epoch);
    result_int(&result, "data_keys", _("data keys wrapped anew"), rotation.data_keys);
    return output_result(invocation, &result, err) && office_close(&office, err);
}

const struct command book_commands[] = {
    {.noun = "book",
     .verb = "init",
     .run = book_run_init,
     .needs = NEEDS_NOTHING | ASKS,
     .summary = N_("make a new book with its keys, its first policy and its admins; asks for what "
                   "is not given"),
     .option = book_init_options,
     .options = BOOK_INIT_OPTIONS,
     .example =
         "yicang book init county --origin xinhe.example/ledger-7f3a9c21 --name Xinhe"
         " --opening-day 2016-10-01 --policy county-pilot.yaml --admins chen.admin,he.admin"},
    {.noun = "book",
     .verb = "info",
     .run = run_info,
     .needs = NEEDS_BOOK,
     .summary = N_("show name, origin and open day of a book"),
     .example = "yicang book info --book county"},
    {.noun = "book",
     .verb = "check",
     .run = run_check,
     .needs = NEEDS_BOOK | NEEDS_WHOLE | SHOWS_TABLE,
     .summary = N_("prove the invariants of the books from their rows"),
     .example = "yicang book check --book county"},
    {.noun = "book",
     .verb = "backup",
     .run = book_run_backup,
     .needs = NEEDS_BOOK | NEEDS_WHOLE,
     .summary = N_("copy the book into a folder while others work, and verify the copy"),
     .option = book_backup_options,
     .options = BOOK_BACKUP_OPTIONS,
     .example = "yicang book backup /media/stick/county-2016-10-20 --book county"},
    {.noun = "book",
     .verb = "restore",
     .run = book_run_restore,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("put a backup in the place of the book, if no event is lost by it"),
     .option = book_restore_options,
     .options = BOOK_RESTORE_OPTIONS,
     .example = "yicang book restore /media/stick/county-2016-10-20 --reason 'disk failed'"
                " --as chen.admin --with he.admin"},
    {.noun = "book",
     .verb = "doctor",
     .run = run_doctor,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("look for what is wrong in a book; rebuild what can be derived"),
     .option = rebuild_options,
     .options = COUNT_OF(rebuild_options),
     .example = "yicang book doctor --rebuild --book county"},
    {.noun = "book",
     .verb = "adjust-clock",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("go on at an earlier time, after the clock had been fast"),
     .option = clock_options,
     .options = COUNT_OF(clock_options),
     .event = "clock.adjust",
     .example =
         "yicang book adjust-clock --reason 'battery changed, year was wrong' --as chen.admin"
         " --with he.admin"},
    {.noun = "book",
     .verb = "rotate-data-keys",
     .run = run_rotate_data_keys,
     .needs = NEEDS_BOOK | WRITES,
     .summary =
         N_("replace the key that keeps personal data, and destroy the old one; every quarter"),
     .example = "yicang book rotate-data-keys --book county"},
    {.verb = NULL},
};
