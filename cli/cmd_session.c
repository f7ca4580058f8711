#include "cli/acting.h"
#include "cli/commands.h"
#include "ledger/base/text.h"

static const struct option staff_options[] = {
    {"staff", OPTION_TEXT, true, "CODE", N_("staff code"), true},
};

static const struct word session_open_word = {"open", "open", "已打开"};
static const struct word session_closed_word = {"closed", "closed", "已关闭"};

static bool say(const struct invocation *invocation, bool open, const char *path, struct error *err)
{
    struct result result;
    result_init(&result, invocation->arena);
    result_text(&result, "staff", _("staff"), invocation_value(invocation, "staff")->text);
    result_word(&result, "session", _("session"), open ? &session_open_word : &session_closed_word);
    result_text(&result, "file", _("file"), path);
    return output_result(invocation, &result, err);
}

static bool run_open(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    const char *path = NULL;
    struct passphrase_source source = desk_passphrase(invocation);

    return desk_open(invocation, &office, err) &&
           session_open(office.facts.origin, invocation_value(invocation, "staff")->text, &source,
                        &path, invocation->arena, err) &&
           say(invocation, true, path, err);
}

static bool run_close(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    bool was_open = false;

    return desk_open(invocation, &office, err) &&
           session_close(office.facts.origin, invocation_value(invocation, "staff")->text,
                         &was_open, err) &&
           say(invocation, false, NULL, err);
}

static bool run_status(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};

    return desk_open(invocation, &office, err) &&
           say(invocation,
               session_is_open(office.facts.origin, invocation_value(invocation, "staff")->text),
               NULL, err);
}

const struct command session_commands[] = {
    {.noun = "session",
     .verb = "open",
     .run = run_open,
     .needs = NEEDS_BOOK,
     .summary = N_("open a person's key for a working session"),
     .option = staff_options,
     .options = COUNT_OF(staff_options),
     .example = "yicang session open wang.li"},
    {.noun = "session",
     .verb = "close",
     .run = run_close,
     .needs = NEEDS_BOOK,
     .summary = N_("close the session and wipe the key"),
     .option = staff_options,
     .options = COUNT_OF(staff_options),
     .example = "yicang session close wang.li"},
    {.noun = "session",
     .verb = "status",
     .run = run_status,
     .needs = NEEDS_BOOK,
     .summary = N_("show whether a session is open"),
     .option = staff_options,
     .options = COUNT_OF(staff_options),
     .example = "yicang session status wang.li"},
    {.verb = NULL},
};
