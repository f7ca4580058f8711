/* What is remembered of people is what the store would answer, after everything that may change it;
 * and it is remembered: a row written behind everybody's back goes unseen until then. */
#include "ledger/books/staff_memory.h"
#include "tests/support/journal_book.h"

struct scene {
    struct journal_book book;
    struct staff_memory memory;
    uint64_t seq;
};

static const struct instant noon = {1476936000};

static void hire(struct scene *scene, const char *code, const char *person)
{
    struct error err = {0};
    check_ok(staff_put(scene->book.store, scene->seq, code, person, "Xinhe",
                       journal_book_day(&scene->book), &err),
             &err);
}

static void begin(struct scene *scene)
{
    *scene = (struct scene){0};
    journal_book_open(&scene->book, "2016-10-20");
    scene->seq = journal_book_begin(&scene->book);
    hire(scene, "wang.li", "wang.li");
    hire(scene, "li.na", "li.na");
}

static void end(struct scene *scene)
{
    journal_book_roll_back(&scene->book);
    journal_book_close(&scene->book);
}

static struct staff_answer ask(struct scene *scene, const char *code)
{
    struct error err = {0};
    struct staff_answer answer;
    check_ok(staff_ask(scene->book.store, &scene->memory, code, &answer, &err), &err);
    return answer;
}

static struct grant_answer ask_grant(struct scene *scene, const char *role, int64_t later)
{
    struct error err = {0};
    struct grant_answer answer;
    struct instant at = {noon.seconds + later};
    check_ok(staff_ask_grant(scene->book.store, &scene->memory, "wang.li", role, at, &answer, &err),
             &err);
    return answer;
}

static void give(struct scene *scene, uint64_t seq, int64_t limit_fen, int64_t until)
{
    struct error err = {0};
    struct staff_grant grant = {.role = "clerk",
                                .has_limit = limit_fen > 0,
                                .limit = money_from_fen(limit_fen),
                                .has_until = until != 0,
                                .until = {noon.seconds + until}};
    check_ok(staff_role_put(scene->book.store, seq, "wang.li", &grant, &err), &err);
}

/* As nobody does: without a word to those who remember. */
static void write_unseen(struct scene *scene, const char *sql)
{
    struct error err = {0};
    check_ok(statement_run(store_query(scene->book.store, sql), &err), &err);
}

static void a_person_is_remembered_until_somebody_is_hired(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene);
    check_text_equal(ask(&scene, "wang.li").person, "wang.li");
    check_text_equal(ask(&scene, "wang.li.2").person, "wang.li.2"); /* nobody yet */
    write_unseen(&scene, "INSERT INTO staff (code, person, office, added_on, seq)"
                         " VALUES ('wang.li.2', 'wang.li', 'Xinhe', 0, 0)");
    check_text_equal(ask(&scene, "wang.li.2").person, "wang.li.2");
    hire(&scene, "zhao.min", "zhao.min");
    check_text_equal(ask(&scene, "wang.li.2").person, "wang.li");
    end(&scene);
}

static void relatives_are_remembered_until_one_is_named(void **state)
{
    (void)state;
    struct scene scene;
    struct error err = {0};
    begin(&scene);
    assert_false(ask(&scene, "wang.li").has_relatives);
    write_unseen(&scene, "INSERT INTO staff_relative (person, household_id, seq)"
                         " VALUES ('wang.li', 1, 0)");
    assert_false(ask(&scene, "wang.li").has_relatives);
    assert_false(ask(&scene, "li.na").has_relatives);
    check_ok(staff_relative_put(scene.book.store, scene.seq, "li.na", 1, &err), &err);
    assert_true(ask(&scene, "wang.li").has_relatives);
    assert_true(ask(&scene, "li.na").has_relatives);
    end(&scene);
}

static void a_duty_is_remembered_until_one_is_given_or_taken_away(void **state)
{
    (void)state;
    struct scene scene;
    struct error err = {0};
    begin(&scene);
    assert_false(ask_grant(&scene, "clerk", 0).found);
    give(&scene, 0, 5000, 0);
    check_fen(ask_grant(&scene, "clerk", 0).grant.limit, 5000);
    write_unseen(&scene, "INSERT INTO staff_role_ended (code, role, seq)"
                         " VALUES ('wang.li', 'clerk', 7)");
    check_fen(ask_grant(&scene, "clerk", 9).grant.limit, 5000);
    assert_false(ask_grant(&scene, "approver", 9).found); /* another duty of the same person */
    check_fen(ask_grant(&scene, "clerk", 9).grant.limit, 5000);
    end(&scene);

    begin(&scene);
    give(&scene, 0, 5000, 0);
    check_fen(ask_grant(&scene, "clerk", 0).grant.limit, 5000);
    check_ok(staff_role_end(scene.book.store, scene.seq, "wang.li", "clerk", &err), &err);
    assert_false(ask_grant(&scene, "clerk", 0).found);
    end(&scene);
}

/* The first duty ends by itself after 60 seconds; the clock may be set back. */
static void a_duty_that_ends_by_itself_is_asked_each_time(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene);
    give(&scene, 0, 9000, 60);
    give(&scene, scene.seq, 5000, 0);
    check_fen(ask_grant(&scene, "clerk", 0).grant.limit, 9000);
    check_fen(ask_grant(&scene, "clerk", 59).grant.limit, 9000);
    check_fen(ask_grant(&scene, "clerk", 60).grant.limit, 5000);
    check_fen(ask_grant(&scene, "clerk", 61).grant.limit, 5000);
    check_fen(ask_grant(&scene, "clerk", 59).grant.limit, 9000);
    end(&scene);
}

static void nothing_is_remembered_into_the_next_transaction(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene);
    journal_book_commit(&scene.book);
    journal_book_begin(&scene.book);
    assert_false(ask(&scene, "wang.li").has_relatives);
    write_unseen(&scene, "INSERT INTO staff_relative (person, household_id, seq)"
                         " VALUES ('wang.li', 1, 0)");
    assert_false(ask(&scene, "wang.li").has_relatives);
    journal_book_commit(&scene.book);
    assert_true(ask(&scene, "wang.li").has_relatives);
    journal_book_begin(&scene.book);
    assert_true(ask(&scene, "wang.li").has_relatives);
    end(&scene);
}

static void without_a_memory_the_store_is_asked(void **state)
{
    (void)state;
    struct scene scene;
    struct error err = {0};
    struct staff_answer answer;
    struct grant_answer grant;
    begin(&scene);
    for (int64_t fen = 0; fen < 2; fen++) { /* before there is a duty, and with it */
        check_ok(staff_ask(scene.book.store, NULL, "wang.li", &answer, &err), &err);
        check_int_equal(answer.has_relatives, fen);
        check_ok(staff_ask_grant(scene.book.store, NULL, "wang.li", "clerk", noon, &grant, &err),
                 &err);
        check_int_equal(grant.found, fen);
        give(&scene, (uint64_t)fen, 100, 0);
        write_unseen(&scene, "INSERT INTO staff_relative (person, household_id, seq)"
                             " VALUES ('wang.li', 1, 0) ON CONFLICT DO NOTHING");
    }
    end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_is_remembered_until_somebody_is_hired),
        cmocka_unit_test(relatives_are_remembered_until_one_is_named),
        cmocka_unit_test(a_duty_is_remembered_until_one_is_given_or_taken_away),
        cmocka_unit_test(a_duty_that_ends_by_itself_is_asked_each_time),
        cmocka_unit_test(nothing_is_remembered_into_the_next_transaction),
        cmocka_unit_test(without_a_memory_the_store_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
