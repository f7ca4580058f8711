#include "cli/acting.h"
#include "cli/commands.h"
#include "ledger/base/digest.h"
#include "ledger/base/text.h"

#include <string.h>

static const struct option close_options[] = {
    {"through", OPTION_DATE, false, "YYYY-MM-DD",
     N_("last day to close; else the open day alone (--dry-run shows the first)"), false},
};

/* Each event has a command id of its own, made from the one given, so that a command broken off
 * half way goes on where it stopped when it is sent again. */
static struct uuid id_of_part(const struct uuid *command, const char *type, const char *part)
{
    struct sha256_stream stream;
    struct uuid id;

    sha256_begin(&stream);
    sha256_add(&stream, type, strlen(type));
    sha256_add(&stream, command->byte, UUID_SIZE);
    sha256_add(&stream, part, strlen(part));
    struct sha256 digest = sha256_end(&stream);
    memcpy(id.byte, digest.byte, UUID_SIZE);
    return id;
}

/* Closes one day; sent again, the first answer comes back. */
static bool close_day(struct office *office, const struct act_options *options, struct date day,
                      struct act_result *ret, struct error *err)
{
    struct act_options one = *options;
    struct canon *request = canon_object(&office->arena);
    char text[DATE_TEXT_SIZE];

    canon_set_date(request, "day", day);
    one.command = id_of_part(&options->command, "day.close", date_format(day, text));
    one.has_date = false;
    return act(office, &one, "day.close", request, ret, err);
}

/* The answer of the last day, with the loans that had something due on any of the days. */
static const struct canon *with_loans(struct arena *arena, const struct canon *body, int64_t loans)
{
    struct canon *out = canon_copy(arena, canon_get(body, "out"), "loans");
    struct canon *whole = canon_copy(arena, body, "out");

    canon_set_int(out, "loans", loans);
    canon_set(whole, "out", out);
    return whole;
}

static bool close_through(struct office *office, const struct act_options *options,
                          struct date last, int64_t *ret_days, struct act_result *ret,
                          struct error *err)
{
    struct date day = date_min(office->day, last);
    int64_t loans = 0;

    do {
        int64_t due = 0;
        if (!close_day(office, options, day, ret, err)) {
            return false;
        }
        if (!canon_get_int(canon_get(ret->body, "out"), "loans", &due)) {
            return event_malformed("loans", err);
        }
        loans += due;
        (*ret_days)++;
        day = date_add_days(day, 1);
    } while (!options->dry_run && date_compare(day, last) <= 0);
    ret->body = with_loans(&office->arena, ret->body, loans);
    return true;
}

/* Once a command, however many days it closed: the key that signed them is destroyed. */
static bool turn_day_key(struct office *office, const struct act_options *options,
                         struct error *err)
{
    struct act_options turn = *options;
    struct act_result ignored;

    turn.command = id_of_part(&options->command, "key.rotate", "");
    turn.has_date = false;
    return act(office, &turn, "key.rotate", canon_object(&office->arena), &ignored, err);
}

static bool run_close(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct act_options options;
    struct act_result closed = {0};
    struct result result;
    int64_t days = 0;
    const struct option_value *through = invocation_value(invocation, "through");

    if (!desk_open(invocation, &office, err)) {
        return false;
    }
    desk_options(invocation, &options);
    if (through->given) {
        if (!close_through(&office, &options, through->date, &days, &closed, err)) {
            return false;
        }
    } else {
        if (!act(&office, &options, "day.close", canon_object(&office.arena), &closed, err)) {
            return false;
        }
        days = 1;
    }
    if (!turn_day_key(&office, &options, err)) {
        return false;
    }
    desk_result(invocation, &office, &options, &closed, &result);
    result_int(&result, "days", _("days closed"), days);
    /* A dry run leaves the day open, and says which would be. */
    result_date(&result, "open_day", _("open day"),
                closed.dry_run ? date_add_days(office.day, 1) : office.day);
    return output_result(invocation, &result, err) && office_close(&office, err);
}

static bool run_status(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct result result;
    struct date period = {0};
    bool any = false;

    if (!desk_open(invocation, &office, err) ||
        !closed_period_load(office.store, &any, &period, err)) {
        return false;
    }
    result_init(&result, invocation->arena);
    result_date(&result, "open_day", _("open day"), office.day);
    if (any) {
        result_date(&result, "period_closed_through", _("periods closed through"), period);
    }
    return output_result(invocation, &result, err) && office_close(&office, err);
}

const struct command day_commands[] = {
    {.noun = "day",
     .verb = "close",
     .run = run_close,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_(
         "close business days: settle interest, mark overdue, stop accrual; on the last day of a "
         "month also the period"),
     .option = close_options,
     .options = COUNT_OF(close_options),
     .example = "yicang day close --through 2016-12-31 --as wang.li"},
    {.noun = "day",
     .verb = "status",
     .run = run_status,
     .needs = NEEDS_BOOK,
     .summary = N_("show the open business day and the periods closed"),
     .example = "yicang day status"},
    {.verb = NULL},
};
