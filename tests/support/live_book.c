#include "tests/support/live_book.h"

#include "cli/service/book_check.h"
#include "cli/service/book_init.h"
#include "cli/service/visits.h"
#include "ledger/base/text.h"
#include "tests/support/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ORIGIN "demo.invalid/ledger-00000001"
#define HIRING_COMMANDS UINT64_C(0xfeed000000000000)

static char *joined(const char *folder, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, name) < 0) {
        fail_msg("out of memory");
    }
    return path;
}

static void make_folder(const char *path)
{
    if (mkdir(path, 0700) != 0) {
        fail_msg("%s cannot be made", path);
    }
}

void live_book_prepare(struct live_book *book)
{
    *book = (struct live_book){.folder = scratch_create()};
    book->disk = joined(book->folder, "disk");
    book->path = joined(book->disk, "book");
    char *keys = joined(book->folder, "keys");
    char *run = joined(book->folder, "run");

    make_folder(book->disk);
    make_folder(run);
    setenv("YICANG_KEYS", keys, 1);
    setenv("XDG_RUNTIME_DIR", run, 1);
    unsetenv("YICANG_SERVICE_KEYS");
    free(keys);
    free(run);
}

bool live_book_init(struct live_book *book, const char *opening_day, struct error *err)
{
    static const char *const admin[] = {"admin"};
    size_t length = 0;
    char *policy = file_read(TEST_SOURCE_DIR "/rules/policies/county-pilot.yaml", &length);
    struct book_request request = {.folder = book->path,
                                   .origin = ORIGIN,
                                   .name = "live",
                                   .office = "test",
                                   .opening_day = day(opening_day),
                                   .policy_file = "county-pilot",
                                   .policy_bytes = policy,
                                   .policy_length = length,
                                   .admin = admin,
                                   .admins = 1,
                                   .quorum = 1};

    book->open = book_init(&request, &book->office, err);
    free(policy);
    return book->open;
}

static void hire(struct live_book *book, uint64_t command, const char *staff, const char *role)
{
    struct act_result done;
    struct error err = {0};
    check_ok(live_act(book, command, "admin", "key.add", live_hire_request(book, staff, role),
                      &done, &err),
             &err);
}

void live_book_create(struct live_book *book, const char *opening_day)
{
    static const char *const people[][2] = {{"clerk", "clerk"},
                                            {"approver", "approver"},
                                            {"manager", "manager"},
                                            {"risk", "risk-officer"},
                                            {"bureau", "bureau-officer"}};
    struct error err = {0};

    live_book_prepare(book);
    check_ok(live_book_init(book, opening_day, &err), &err);
    for (size_t i = 0; i < COUNT_OF(people); i++) {
        hire(book, HIRING_COMMANDS + i, people[i][0], people[i][1]);
    }
    live_book_close(book);
}

void live_book_release(struct live_book *book)
{
    if (book->open) {
        office_release(&book->office);
    }
    scratch_remove(book->folder);
    free(book->disk);
    free(book->path);
    *book = (struct live_book){0};
}

bool live_book_try_open(struct live_book *book, struct error *err)
{
    book->open = office_open(book->path, STORE_WRITE, &book->office, err);
    return book->open;
}

void live_book_open(struct live_book *book)
{
    struct error err = {0};
    check_ok(live_book_try_open(book, &err), &err);
}

void live_book_close(struct live_book *book)
{
    struct error err = {0};
    book->open = false;
    check_ok(office_close(&book->office, &err), &err);
}

void live_book_forget(void)
{
    AUTO_ARENA arena;
    size_t count = 0;
    arena_init(&arena, (size_t)1 << 20);
    const char *folder = visit_folder_of(&arena, ORIGIN);
    if (access(folder, F_OK) != 0) {
        return;
    }
    char **names = folder_list(folder, &count);
    for (size_t i = 0; i < count; i++) {
        if (strstr(names[i], VISIT_ENDING) != NULL) {
            assert_int_equal(unlink(arena_printf(&arena, "%s/%s", folder, names[i])), 0);
        }
    }
    folder_list_free(names);
}

struct uuid live_command(uint64_t number)
{
    struct uuid id = {{0}};
    for (size_t i = 0; i < sizeof number; i++) {
        id.byte[UUID_SIZE - 1 - i] = (uint8_t)(number >> (8 * i));
    }
    return id;
}

bool live_act(struct live_book *book, uint64_t command, const char *as, const char *type,
              const struct canon *request, struct act_result *ret, struct error *err)
{
    struct act_options options = {.as = as, .command = live_command(command)};

    if (!text_equal(type, "household.add")) {
        return act(&book->office, &options, type, request, ret, err);
    }
    /* The serial stands in the village's name: "村7". */
    struct personal_data person;
    const char *village = canon_get_text(request, "village");
    int64_t serial = 0;
    check_ok(text_parse_int(village + strlen("村"), 0, 999, &serial, err), err);
    struct canon *again = live_household_request(book, (int)serial, &person);
    return act_with_persons(&book->office, &options, type, again, &person, 1, ret, err);
}

struct canon *live_hire_request(struct live_book *book, const char *staff, const char *role)
{
    struct arena *arena = &book->office.arena;
    struct canon *request = canon_object(arena);
    struct new_key key;
    struct error err = {0};

    if (!staff_key_show(arena, ORIGIN, staff, NULL, &key, &err)) {
        check_ok(staff_key_create(arena, ORIGIN, staff, NULL, &key, &err), &err);
    }
    canon_set_text(request, "actor", staff);
    canon_set_text(request, "role", role);
    canon_set_text(request, "office", "test");
    canon_set_text(request, "vkey", arena_text(arena, key.vkey));
    canon_set_text(request, "pop", arena_text(arena, key.proof));
    return request;
}

struct canon *live_amount_request(struct live_book *book, int64_t fen)
{
    struct canon *request = canon_object(&book->office.arena);
    canon_set_int(request, "amount_fen", fen);
    return request;
}

/* A made-up identity number of GB 11643: area 510000, born 1980-03-01. */
static const char *identity_of(struct arena *arena, int serial)
{
    static const int weight[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    const char *body = arena_printf(arena, "51000019800301%03d", serial);
    int sum = 0;

    for (size_t i = 0; i < COUNT_OF(weight); i++) {
        sum += weight[i] * (body[i] - '0');
    }
    return arena_printf(arena, "%s%c", body, "10X98765432"[sum % 11]);
}

struct canon *live_household_request(struct live_book *book, int serial,
                                     struct personal_data *ret_person)
{
    struct arena *arena = &book->office.arena;
    struct canon *request = canon_object(arena);
    struct canon *persons = canon_array(arena);
    struct canon *head = canon_object(arena);

    canon_set_text(head, "relation", "head");
    canon_add(persons, head);
    canon_set_text(request, "area_code", "510000");
    canon_set_text(request, "village", arena_printf(arena, "村%d", serial));
    canon_set_text(request, "status", "registered");
    canon_set(request, "persons", persons);
    *ret_person = (struct personal_data){{NULL}};
    ret_person->field[FIELD_NAME] = "示例户";
    ret_person->field[FIELD_ID_NO] = identity_of(arena, serial);
    return request;
}

void live_of_event(struct live_book *book, struct canon *request, uint64_t seq)
{
    struct sha256 leaf_hash = {{0}};
    struct error err = {0};

    AUTO_STATEMENT struct statement *query =
        store_query(book->office.store, "SELECT leaf_hash FROM event WHERE seq = $1");
    bind_int(query, 1, (int64_t)seq);
    if (statement_one(query)) {
        leaf_hash = column_sha256(query, 0);
    }
    check_ok(statement_end(query, &err), &err);
    canon_set_int(request, "of_seq", (int64_t)seq);
    canon_set_sha256(request, "of_leaf", &leaf_hash);
}

static bool first_finding(const struct findings *findings, struct error *err)
{
    if (findings->total == 0) {
        return true;
    }
    const struct finding *first = &findings->list[0];
    return error_set(err, FAULT_INTEGRITY, "E_FOUND", "%s at %lld: %s", first->code,
                     (long long)first->seq, first->text);
}

bool live_book_is_sound(struct live_book *book, struct error *err)
{
    struct findings findings;
    struct verify_summary summary;

    findings_init(&findings);
    bool ok = book_check(&book->office, &findings, err) &&
              book_verify(&book->office, &(struct verify_scope){.plan_again = true}, &findings,
                          &summary, err) &&
              first_finding(&findings, err);
    findings_release(&findings);
    return ok;
}
