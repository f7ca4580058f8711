/* R11, commands sent 1 to 5 times, mixed with others, over processes that end, and with one field
 * changed: one effect each, and the changed field is refused by name. 1,000 sends; 100,000 with the
 * argument full. */
#include "ledger/books/journal.h"
#include "tests/support/live_book.h"
#include "tests/support/random.h"

#include "ledger/base/text.h"

#include <stdio.h>
#include <string.h>

#define COMMANDS_MAX 100000
#define HOUSEHOLDS_MAX 900

enum kind { DEPOSIT, HOUSEHOLD, APPLICATION, DAY, KINDS };

struct command {
    enum kind kind;
    int64_t number; /* fen, serial of the household, fen of the application */
    int64_t household;
    uint64_t seq; /* of its one event */
    struct sha256 leaf_hash;
};

struct model {
    struct live_book book;
    struct random_source random;
    struct command *command;
    int64_t commands;
    int64_t households;
    bool has_applied[HOUSEHOLDS_MAX + 1]; /* one application of a person waits at a time */
    int64_t deposited;
    uint64_t events;
    int64_t sent;
    int64_t repeated;
    int64_t refused;
};

static bool is_full;

static bool send(struct model *m, int64_t id, const struct command *command, const char *as,
                 struct act_result *ret, struct error *err)
{
    struct live_book *book = &m->book;
    struct personal_data ignored;
    struct canon *request = canon_object(&book->office.arena);
    const char *type = "day.close";

    m->sent++;
    switch (command->kind) {
    case DEPOSIT:
        type = "fund.deposit";
        request = live_amount_request(book, command->number);
        break;
    case HOUSEHOLD:
        type = "household.add";
        request = live_household_request(book, (int)command->number, &ignored);
        break;
    case APPLICATION:
        type = "loan.apply";
        canon_set_text(request, "product", "household");
        canon_set_text(request, "purpose", "planting");
        canon_set_int(request, "household", command->household);
        canon_set_int(request, "borrower", command->household);
        canon_set_int(request, "amount_fen", command->number);
        canon_set_int(request, "rate_ppm", 43500);
        canon_set_int(request, "term_months", 12);
        canon_set_int(request, "age", 40);
        break;
    case DAY:
    case KINDS:
        break;
    }
    return live_act(book, (uint64_t)id + 1000, as, type, request, ret, err);
}

static const char *actor_of(const struct command *command)
{
    return command->kind == DEPOSIT ? "bureau" : "clerk";
}

static struct command new_command(struct model *m)
{
    struct command command = {.kind = (enum kind)random_between(&m->random, 0, (int64_t)KINDS - 1)};

    if (command.kind == DAY && random_between(&m->random, 0, 9) > 0) {
        command.kind = DEPOSIT; /* days are few */
    }
    if (m->households == 0 || (command.kind == HOUSEHOLD && m->households < HOUSEHOLDS_MAX)) {
        command.kind = HOUSEHOLD;
        command.number = m->households;
        return command;
    }
    if (command.kind == HOUSEHOLD) {
        command.kind = DEPOSIT;
    }
    command.household = random_between(&m->random, 1, m->households);
    command.number = random_between(&m->random, 1, 5000000);
    if (command.kind == APPLICATION) {
        command.kind = m->has_applied[command.household] ? DEPOSIT : APPLICATION;
        m->has_applied[command.household] = true;
    }
    return command;
}

static void send_new(struct model *m)
{
    struct command *command = &m->command[m->commands];
    struct act_result done;
    struct error err = {0};

    *command = new_command(m);
    check_ok(send(m, m->commands, command, actor_of(command), &done, &err), &err);
    assert_false(done.repeated);
    check_int_equal((int64_t)done.seq, (int64_t)m->events);
    command->seq = done.seq;
    command->leaf_hash = done.leaf_hash;
    m->events++;
    m->commands++;
    m->households += command->kind == HOUSEHOLD;
    m->deposited += command->kind == DEPOSIT ? command->number : 0;
}

static void send_again(struct model *m, int64_t id)
{
    const struct command *command = &m->command[id];
    struct act_result done;
    struct error err = {0};

    check_ok(send(m, id, command, actor_of(command), &done, &err), &err);
    assert_true(done.repeated);
    check_int_equal((int64_t)done.seq, (int64_t)command->seq);
    assert_true(sha256_equal(&done.leaf_hash, &command->leaf_hash));
    m->repeated++;
}

/* One field of it is another: amount, household, person, kind, or who asks. */
static void send_changed(struct model *m, int64_t id)
{
    struct command changed = m->command[id];
    const char *as = actor_of(&changed);
    struct act_result done;
    struct error err = {0};

    switch (random_between(&m->random, 0, 2)) {
    case 0:
        if (changed.kind != DAY) {
            changed.number = changed.number == 0 ? 1 : changed.number - 1;
            break;
        }
        __attribute__((fallthrough));
    case 1:
        as = text_equal(as, "clerk") ? "manager" : "clerk";
        break;
    default:
        changed.kind = changed.kind == DEPOSIT ? DAY : DEPOSIT;
        break;
    }
    check_refused(send(m, id, &changed, as, &done, &err), &err, "command-id.other-request");
    assert_int_equal(err.fault, FAULT_REFUSED);
    m->refused++;
}

/* A process ends, and the next command comes in another. */
static void end_process(struct model *m)
{
    live_book_close(&m->book);
    live_book_open(&m->book);
    check_int_equal((int64_t)m->book.office.tip.size, (int64_t)m->events);
}

static void step(struct model *m)
{
    int64_t choice = random_between(&m->random, 0, 9);
    /* Mostly recent ones, as a client that lost its answer would. */
    int64_t newest = m->commands - 1;
    int64_t id = choice % 2 == 0 ? random_between(&m->random, newest > 5 ? newest - 5 : 0, newest)
                                 : random_between(&m->random, 0, newest);
    if (choice < 4) {
        send_new(m);
    } else if (choice < 8) {
        send_again(m, id);
    } else {
        send_changed(m, id);
    }
    struct log_tip tip;
    struct error err = {0};
    check_ok(log_tip_load(m->book.office.store, &tip, &err), &err);
    check_int_equal((int64_t)tip.size, (int64_t)m->events);
    if (m->sent % 20 == 0) {
        end_process(m);
    }
}

static void commands_sent_again_have_one_effect(void **state)
{
    struct model m = {.random = random_start("repeats")};
    struct act_result done;
    struct money balance = MONEY_ZERO;
    struct error err = {0};
    const int64_t sends = is_full ? 100000 : 1000;

    (void)state;
    m.command = calloc(COMMANDS_MAX, sizeof *m.command);
    assert_non_null(m.command);
    live_book_create(&m.book, "2016-10-20");
    live_book_open(&m.book);
    check_ok(
        live_act(&m.book, 1, "bureau", "fund.open", live_amount_request(&m.book, 1), &done, &err),
        &err);
    m.events = m.book.office.tip.size;
    send_new(&m);
    while (m.sent < sends) {
        step(&m);
    }
    check_ok(account_balance(m.book.office.store, ACCOUNT_SPECIAL_ACCOUNT, &balance, &err), &err);
    check_fen(balance, m.deposited + 1);
    check_ok(live_book_is_sound(&m.book, &err), &err);
    live_book_close(&m.book);
    print_message("repeats: %lld sends of %lld commands: %lld again, %lld changed and refused\n",
                  (long long)m.sent, (long long)m.commands, (long long)m.repeated,
                  (long long)m.refused);
    assert_true(m.sent >= sends && m.repeated > sends / 5 && m.refused > sends / 10);
    live_book_release(&m.book);
    free(m.command);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_sent_again_have_one_effect),
    };
    is_full = argc > 1 && strcmp(argv[1], "full") == 0;
    return cmocka_run_group_tests_name("repeats", tests, NULL, NULL);
}
