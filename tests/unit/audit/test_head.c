#include "tests/unit/audit/sample_log.h"

#include "ledger/audit/head.h"
#include "tests/support/file.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLOT 4096

static struct log_tip tip_of(uint64_t size)
{
    struct log_tip tip = {.size = size};
    char text[32];
    int length = snprintf(text, sizeof text, "leaf %llu", (unsigned long long)size);
    tip.leaf_hash = sha256_of(text, (size_t)length);
    tip.root = sha256_of(text + 1, (size_t)length - 1);
    return tip;
}

static const char *head_path(struct sample *s)
{
    return arena_printf(&s->arena, "%s/head", s->folder);
}

static const char *new_head(struct sample *s, uint64_t size)
{
    struct error err = {0};
    struct log_tip tip = tip_of(size);
    const char *path = head_path(s);
    check_ok(head_create(path, &tip, &err), &err);
    return path;
}

static void advance_to(const char *path, uint64_t size)
{
    struct error err = {0};
    struct log_tip tip = tip_of(size);
    check_ok(head_write(path, NULL, &tip, size % 2 == 0, &err), &err);
}

static void check_head(const char *path, uint64_t size)
{
    struct error err = {0};
    struct head head;
    struct log_tip want = tip_of(size);
    check_ok(head_read(path, &head, &err), &err);
    assert_true(head.present);
    check_int_equal((int64_t)head.tip.size, (int64_t)size);
    assert_memory_equal(&head.tip, &want, sizeof want);
}

static void spoil(const char *path, off_t at, const char *bytes, size_t length)
{
    int file = open(path, O_WRONLY);
    assert_true(file >= 0);
    assert_int_equal(pwrite(file, bytes, length, at), (ssize_t)length);
    close(file);
}

static void the_head_is_read_as_it_was_written(void **state)
{
    struct sample *s = *state;
    const char *path = new_head(s, 2);
    check_head(path, 2);
    for (uint64_t size = 3; size < 20; size++) {
        advance_to(path, size);
        check_head(path, size);
    }
    advance_to(path, UINT64_C(1000000000000));
    check_head(path, UINT64_C(1000000000000));
}

static void a_person_can_read_the_file(void **state)
{
    struct sample *s = *state;
    size_t length = 0;
    struct log_tip tip = {.size = 7};
    struct error err = {0};
    check_ok(head_create(head_path(s), &tip, &err), &err);
    char *text = file_read(head_path(s), &length);
    assert_int_equal(length, 2 * SLOT);
    /* printf '%s' 'yicang-head/v1 7 00..00 00..00' | sha256sum | cut -c1-16 */
    static const char want[] =
        "yicang-head/v1 7 0000000000000000000000000000000000000000000000000000000000000000 "
        "0000000000000000000000000000000000000000000000000000000000000000 a24ed78b998efc88\n\n";
    assert_memory_equal(text, want, strlen(want));
    assert_memory_equal(text + SLOT, want, strlen(want));
    free(text);
}

static void the_slots_are_written_in_turn(void **state)
{
    struct sample *s = *state;
    const char *path = new_head(s, 2);
    for (uint64_t size = 3; size < 9; size++) {
        size_t length = 0;
        char *before = file_read(path, &length);
        advance_to(path, size);
        char *after = file_read(path, &length);
        bool first = memcmp(before, after, SLOT) != 0;
        bool second = memcmp(before + SLOT, after + SLOT, SLOT) != 0;
        assert_true(first != second);
        assert_int_equal(first, size % 2 == 0); /* 3 went into the second */
        free(before);
        free(after);
    }
}

static void a_torn_slot_leaves_the_older_one(void **state)
{
    struct sample *s = *state;
    const char *path = new_head(s, 2);
    advance_to(path, 3); /* second slot */
    advance_to(path, 4); /* first slot */
    spoil(path, 40, "torn", 4);
    check_head(path, 3);
    advance_to(path, 5); /* over the torn one */
    check_head(path, 5);
    spoil(path, SLOT + 40, "torn", 4);
    check_head(path, 5);
}

static void the_slot_that_does_not_count_may_hold_anything(void **state)
{
    struct sample *s = *state;
    const char *path = new_head(s, 2);
    advance_to(path, 3);
    spoil(path, 0, "", 1); /* a NUL byte */
    check_head(path, 3);
    assert_int_equal(truncate(path, SLOT), 0);
    struct error err = {0};
    struct head head;
    check_refused(head_read(path, &head, &err), &err, "book.head-damaged");
}

static void every_flipped_bit_leaves_one_of_the_two(void **state)
{
    struct sample *s = *state;
    size_t length = 0;
    const char *path = new_head(s, 2);
    advance_to(path, 3);
    char *bytes = file_read(path, &length);
    size_t line = strcspn(bytes + SLOT, "\n") + 1;
    for (size_t bit = 0; bit < 8 * line; bit++) {
        char flipped = (char)(bytes[SLOT + bit / 8] ^ (1 << bit % 8));
        spoil(path, (off_t)(SLOT + bit / 8), &flipped, 1);
        check_head(path, 2);
        spoil(path, (off_t)(SLOT + bit / 8), bytes + SLOT + bit / 8, 1);
    }
    check_head(path, 3);
    free(bytes);
}

static void the_head_never_goes_back(void **state)
{
    struct sample *s = *state;
    const char *path = new_head(s, 2);
    advance_to(path, 9);
    advance_to(path, 5);
    advance_to(path, 9);
    check_head(path, 9);
}

static void another_tip_of_the_same_size_is_refused(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    const char *path = new_head(s, 2);
    struct log_tip other = tip_of(2);
    other.root.byte[31] ^= 1;
    check_refused(head_write(path, NULL, &other, false, &err), &err, "book.head-mismatch");
    check_head(path, 2);
}

static void a_head_without_a_valid_slot_is_damaged(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    struct head head;
    struct log_tip tip = tip_of(3);
    const char *path = new_head(s, 2);
    spoil(path, 5, "x", 1);
    spoil(path, SLOT + 5, "x", 1);
    check_refused(head_read(path, &head, &err), &err, "book.head-damaged");
    check_refused(head_write(path, NULL, &tip, true, &err), &err, "book.head-damaged");
    assert_int_equal(truncate(path, 0), 0);
    check_refused(head_read(path, &head, &err), &err, "book.head-damaged");
}

static void a_head_is_created_once(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    struct log_tip tip = tip_of(9);
    const char *path = new_head(s, 2);
    check_refused(head_create(path, &tip, &err), &err, "head.write");
    check_head(path, 2);
    check_refused(head_create(arena_printf(&s->arena, "%s/none/head", s->folder), &tip, &err), &err,
                  "head.write");
}

static void a_missing_head_is_not_written(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    struct head head;
    struct log_tip tip = tip_of(9);
    check_refused(head_write(head_path(s), NULL, &tip, true, &err), &err, "head.write");
    check_ok(head_read(head_path(s), &head, &err), &err);
    assert_false(head.present);
    check_refused(head_compare(&head, s->store, &err), &err, "book.head-missing");
}

static void a_symbolic_link_is_not_followed(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    struct head head;
    struct log_tip tip = tip_of(9);
    const char *path = new_head(s, 2);
    const char *link = arena_printf(&s->arena, "%s/link", s->folder);
    assert_int_equal(symlink(path, link), 0);
    check_refused(head_read(link, &head, &err), &err, "store.io");
    check_refused(head_write(link, NULL, &tip, true, &err), &err, "head.write");
}

static void keep_at(const char *path, struct kept_file *kept, uint64_t size)
{
    struct error err = {0};
    struct log_tip tip = tip_of(size);
    check_ok(head_write(path, kept, &tip, size % 2 == 0, &err), &err);
    check_head(path, size);
}

/* A head put back from a backup takes the place of the one that is open. */
static void a_file_kept_open_is_left_for_the_one_put_in_its_place(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    struct kept_file kept = {0};
    struct log_tip tip = tip_of(4);
    const char *path = new_head(s, 2);
    const char *other = arena_printf(&s->arena, "%s/other", s->folder);
    const char *moved = arena_printf(&s->arena, "%s/moved", s->folder);
    keep_at(path, &kept, 3);
    check_ok(head_create(other, &tip, &err), &err);
    assert_int_equal(rename(path, moved), 0);
    assert_int_equal(rename(other, path), 0);
    keep_at(path, &kept, 5);
    check_head(moved, 3);
    assert_int_equal(unlink(path), 0);
    tip = tip_of(6);
    check_refused(head_write(path, &kept, &tip, false, &err), &err, "head.write");
    kept_file_close(&kept);
}

struct writer {
    const char *path;
    uint64_t first;
    bool ok;
};

static void *write_every_other(void *argument)
{
    struct writer *writer = argument;
    writer->ok = true;
    for (uint64_t size = writer->first; size <= 2000; size += 2) {
        struct error err;
        struct log_tip tip = tip_of(size);
        writer->ok = head_write(writer->path, NULL, &tip, false, &err) && writer->ok;
    }
    return NULL;
}

static void two_writers_and_a_reader_see_sizes_that_only_grow(void **state)
{
    struct sample *s = *state;
    const char *path = new_head(s, 2);
    struct writer even = {path, 4, false}, odd = {path, 3, false};
    pthread_t a, b;
    uint64_t last = 0;
    assert_int_equal(pthread_create(&a, NULL, write_every_other, &even), 0);
    assert_int_equal(pthread_create(&b, NULL, write_every_other, &odd), 0);
    while (last < 1900) {
        struct error err = {0};
        struct head head;
        check_ok(head_read(path, &head, &err), &err);
        struct log_tip want = tip_of(head.tip.size);
        assert_true(head.tip.size >= last);
        assert_memory_equal(&head.tip, &want, sizeof want);
        last = head.tip.size;
    }
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert_true(even.ok && odd.ok);
    check_head(path, 2000);
}

/* Head and book ------------------------------------------------------------------------------- */

static bool compare(struct sample *s, const struct log_tip *tip, struct error *err)
{
    struct head head = {true, *tip};
    return head_compare(&head, s->store, err);
}

static void the_tip_of_the_book_fits_and_so_does_each_tip_before_it(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    struct log_tip tips[8];
    sample_genesis(s, 2);
    tips[0] = s->tip;
    sample_key_add(s, &s->clerk, "clerk");
    tips[1] = s->tip;
    for (int i = 2; i < 8; i++) {
        struct event_draft draft =
            sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "x"));
        sample_append(s, &draft);
        tips[i] = s->tip;
    }
    for (int i = 0; i < 8; i++) {
        check_ok(compare(s, &tips[i], &err), &err);
    }
    struct log_tip none = {0, sha256_of("", 0), sha256_of("", 0)};
    check_ok(compare(s, &none, &err), &err);
}

static void lost_events_are_named(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    sample_fill(s, 5);
    struct log_tip tip = s->tip;
    sample_tamper(s, "DELETE FROM event WHERE seq > 3", NULL, 0);
    /* The compact range of 4 events is one hash: the root. */
    struct merkle_range range;
    merkle_range_init(&range);
    for (int64_t seq = 0; seq < 4; seq++) {
        size_t length = 0;
        char *leaf = sample_leaf(s, seq, &length);
        struct sha256 hash = merkle_leaf_hash(leaf, length);
        merkle_range_append(&range, &hash);
    }
    sample_tamper(s, "UPDATE frontier SET size = 4, hashes = $1", range.hash, SHA256_SIZE);
    check_refused(compare(s, &tip, &err), &err, "book.events-lost");
    assert_non_null(strstr(err.text, "events 4 to 6 are lost"));
    assert_int_equal(err.fault, FAULT_INTEGRITY);
}

static void a_head_of_another_book_is_refused(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    sample_fill(s, 5);
    struct log_tip tip = tip_of(3);
    check_refused(compare(s, &tip, &err), &err, "book.head-mismatch");
    tip = s->tip;
    tip.root.byte[0] ^= 1;
    check_refused(compare(s, &tip, &err), &err, "book.head-mismatch");
    tip = s->tip;
    tip.leaf_hash.byte[0] ^= 1;
    check_refused(compare(s, &tip, &err), &err, "book.head-mismatch");
}

static void a_tail_that_does_not_chain_from_the_head_is_refused(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    size_t length = 0;
    sample_fill(s, 2);
    struct log_tip tip = s->tip;
    for (int i = 0; i < 3; i++) {
        struct event_draft draft =
            sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "tail"));
        sample_append(s, &draft);
    }
    check_ok(compare(s, &tip, &err), &err);
    /* The columns still agree with each other: only hashing the leaves shows it. */
    char *leaf = sample_leaf(s, 5, &length);
    memcpy(strstr(leaf, "tail"), "tale", 4);
    sample_tamper(s, "UPDATE event SET leaf = $1 WHERE seq = 5", leaf, length);
    check_refused(compare(s, &tip, &err), &err, "book.head-mismatch");
}

static void a_changed_event_under_the_head_is_refused(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    size_t length = 0;
    sample_fill(s, 2);
    char *leaf = sample_leaf(s, 3, &length);
    memcpy(strstr(leaf, "note 1"), "note 9", 6);
    sample_tamper(s, "UPDATE event SET leaf = $1 WHERE seq = 3", leaf, length);
    check_refused(compare(s, &s->tip, &err), &err, "book.head-mismatch");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_head_is_read_as_it_was_written),
        TEST(a_person_can_read_the_file),
        TEST(the_slots_are_written_in_turn),
        TEST(a_torn_slot_leaves_the_older_one),
        TEST(the_slot_that_does_not_count_may_hold_anything),
        TEST(every_flipped_bit_leaves_one_of_the_two),
        TEST(the_head_never_goes_back),
        TEST(another_tip_of_the_same_size_is_refused),
        TEST(a_head_without_a_valid_slot_is_damaged),
        TEST(a_head_is_created_once),
        TEST(a_missing_head_is_not_written),
        TEST(a_symbolic_link_is_not_followed),
        TEST(a_file_kept_open_is_left_for_the_one_put_in_its_place),
        TEST(two_writers_and_a_reader_see_sizes_that_only_grow),
        TEST(the_tip_of_the_book_fits_and_so_does_each_tip_before_it),
        TEST(lost_events_are_named),
        TEST(a_head_of_another_book_is_refused),
        TEST(a_tail_that_does_not_chain_from_the_head_is_refused),
        TEST(a_changed_event_under_the_head_is_refused),
    };
    return cmocka_run_group_tests_name("head", tests, NULL, NULL);
}
