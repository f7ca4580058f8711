#include "cli/acting.h"
#include "cli/agent_key.h"
#include "cli/commands.h"
#include "ledger/base/text.h"

static const struct option staff_options[] = {
    {"staff", OPTION_TEXT, true, "CODE", N_("staff code"), true},
};

static struct cell word_of_session(struct table *table, const char *name)
{
    static const struct word words[] = {{"open", "open", "已打开"}, {"closed", "closed", "已关闭"}};
    return cell_word(table, words, COUNT_OF(words), name);
}

static bool say(const struct invocation *invocation, bool open, const char *path, struct error *err)
{
    struct result result;
    result_init(&result, invocation->arena);
    result_text(&result, "staff", _("staff"), invocation_value(invocation, "staff")->text);
    result_word(&result, "session", _("session"), word_of_session, open ? "open" : "closed");
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

/* Whose key an agent holds has no session, and needs none. */
static bool run_status(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    const char *staff = invocation_value(invocation, "staff")->text;
    struct result result;

    if (!desk_open(invocation, &office, err)) {
        return false;
    }
    const char *origin = office.facts.origin;
    result_init(&result, invocation->arena);
    result_text(&result, "staff", _("staff"), staff);
    result_word(&result, "session", _("session"), word_of_session,
                session_is_open(origin, staff) ? "open" : "closed");
    if (staff_key_is_there(origin, staff)) {
        result_word(&result, "secret_in", _("secret in"), word_of_key_place,
                    key_place(staff_key_is_in_agent(origin, staff)));
    }
    return output_result(invocation, &result, err);
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
