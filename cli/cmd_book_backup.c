/* cmd_book_backup.c - a copy of a book that is whole, and putting it back. */
#include "cli/acting.h"
#include "cli/book_runs.h"
#include "cli/service/book_backup.h"
#include "ledger/base/text.h"

const struct option book_backup_options[BOOK_BACKUP_OPTIONS] = {
    {"folder", OPTION_FILE, true, "DIR", N_("the folder to make"), true},
};

const struct option book_restore_options[BOOK_RESTORE_OPTIONS] = {
    {"backup", OPTION_FILE, true, "DIR", N_("folder of the backup"), true},
    {"reason", OPTION_TEXT, true, "TEXT", N_("why the book has to be restored"), false},
    {"with", OPTION_TEXT, false, "CODE,CODE", N_("further admins who sign"), false},
};

static void show_facts(const struct backup_facts *facts, struct result *result)
{
    char hex[SHA256_HEX_SIZE];

    result_int(result, "events", _("events"), (int64_t)facts->tip.size);
    result_text(result, "root", _("root"), hex_format(facts->tip.root.byte, SHA256_SIZE, hex));
}

bool book_run_backup(const struct invocation *invocation, struct error *err)
{
    const char *folder = invocation_value(invocation, "folder")->text;
    struct backup_facts facts;
    struct result result;
    char hex[SHA256_HEX_SIZE];
    AUTO_OFFICE office = {0};

    if (!desk_open(invocation, &office, err) || !book_backup(&office, folder, &facts, err)) {
        return false;
    }
    result_init(&result, invocation->arena);
    result_text(&result, "backup", _("backup"), folder);
    show_facts(&facts, &result);
    result_text(&result, "sha256", "SHA-256", hex_format(facts.sha256.byte, SHA256_SIZE, hex));
    if (!output_result(invocation, &result, err)) {
        return false;
    }
    output_note(_("the service keys in %s are not in it: keep a copy of them elsewhere, apart from "
                  "the backups; without them nobody writes in the book or reads personal data"),
                office.service_folder);
    return office_close(&office, err);
}

static bool show_restored(const struct invocation *invocation, const struct act_options *options,
                          const struct restore_facts *facts, struct error *err)
{
    struct result result;
    char hex[UUID_HEX_SIZE];

    result_init(&result, invocation->arena);
    if (facts->event.dry_run) {
        result_word(&result, "dry_run", _("dry run"), word_of_act, "nothing was written");
    } else {
        result_int(&result, "event", _("event"), (int64_t)facts->event.seq);
    }
    result_text(&result, "command_id", _("command id"), uuid_to_hex(&options->command, hex));
    if (facts->event.repeated) {
        result_word(&result, "repeated", _("repeated"), word_of_act,
                    "done before; this is the first answer");
    }
    result_text(&result, "book", _("book"), invocation->globals->book);
    show_facts(&facts->backup, &result);
    result_text(&result, "aside", _("the old folder"), facts->aside);
    return output_result(invocation, &result, err);
}

bool book_run_restore(const struct invocation *invocation, struct error *err)
{
    struct act_options options;
    struct restore_facts facts;
    const struct restore_request request = {
        .book = invocation->globals->book,
        .backup = invocation_value(invocation, "backup")->text,
        .reason = invocation_value(invocation, "reason")->text,
    };

    desk_options(invocation, &options);
    return book_restore(&request, &options, invocation->arena, &facts, err) &&
           show_restored(invocation, &options, &facts, err);
}
