#include "tests/unit/audit/sample_log.h"

#include "ledger/audit/high_water.h"
#include "tests/support/file.h"

#include <stdlib.h>
#include <unistd.h>

static struct log_tip tip_of(uint64_t size)
{
    struct log_tip tip = {.size = size};
    char text[32];
    int length = snprintf(text, sizeof text, "leaf %llu", (unsigned long long)size);
    tip.leaf_hash = sha256_of(text, (size_t)length);
    tip.root = sha256_of(text + 1, (size_t)length - 1);
    return tip;
}

static const char *new_file(struct sample *s, uint64_t size)
{
    struct error err = {0};
    struct log_tip tip = tip_of(size);
    const char *path = arena_printf(&s->arena, "%s/high-water", s->folder);
    check_ok(high_water_create(path, &tip, &err), &err);
    return path;
}

static void append(const char *path, uint64_t size)
{
    struct error err = {0};
    struct log_tip tip = tip_of(size);
    check_ok(high_water_append(path, NULL, &tip, size % 2 == 0, &err), &err);
}

static void append_bytes(const char *path, const char *bytes)
{
    FILE *file = fopen(path, "ab");
    assert_non_null(file);
    fputs(bytes, file);
    assert_int_equal(fclose(file), 0);
}

static void check_mark(const char *path, uint64_t size)
{
    struct error err = {0};
    struct head mark;
    struct log_tip want = tip_of(size);
    check_ok(high_water_read(path, &mark, &err), &err);
    assert_true(mark.present);
    assert_memory_equal(&mark.tip, &want, sizeof want);
}

/* One digit of the last line made another: noise that a power cut may leave. */
static void a_line_with_another_digit_is_none(void **state)
{
    const char *path = new_file(*state, 2);
    append(path, 3);
    size_t length = 0;
    free(file_read(path, &length));
    long end = (long)length;
    for (long back = 2; back < 140; back += 9) {
        FILE *file = fopen(path, "r+b");
        assert_non_null(file);
        assert_int_equal(fseek(file, end - back, SEEK_SET), 0);
        int was = fgetc(file);
        if (was != ' ') {
            assert_int_equal(fseek(file, end - back, SEEK_SET), 0);
            fputc(was == 'f' ? 'e' : 'f', file);
            fflush(file);
            check_mark(path, 2);
            assert_int_equal(fseek(file, end - back, SEEK_SET), 0);
            fputc(was, file);
        }
        assert_int_equal(fclose(file), 0);
        check_mark(path, 3);
    }
}

static void the_last_line_counts(void **state)
{
    const char *path = new_file(*state, 2);
    check_mark(path, 2);
    for (uint64_t size = 3; size < 20; size++) {
        append(path, size);
        check_mark(path, size);
    }
    append(path, UINT64_C(1000000000000000000));
    check_mark(path, UINT64_C(1000000000000000000));
}

static void it_never_goes_back(void **state)
{
    const char *path = new_file(*state, 7);
    append(path, 6);
    append(path, 7);
    check_mark(path, 7);
    size_t length = 0;
    free(file_read(path, &length));
    assert_int_equal(length, 1 + 1 + 64 + 1 + 64 + 1 + 16 + 1); /* one line */
}

/* A write that was cut off was acknowledged to nobody. */
static void a_torn_line_is_passed_over(void **state)
{
    const char *path = new_file(*state, 2);
    append_bytes(path, "3 0123");
    check_mark(path, 2);
    append(path, 4);
    check_mark(path, 4);
}

/* Lines of the last 100 ms are not synced: any of them may be noise or missing after a power cut.
 */
static void noise_behind_the_last_whole_line_is_passed_over(void **state)
{
    static const char *const noise[] = {"nonsense\n", "4 00 00\n", "\n\n", "04 ", NULL};
    const char *path = new_file(*state, 2);
    for (size_t i = 0; noise[i] != NULL; i++) {
        append_bytes(path, noise[i]);
        check_mark(path, 2);
    }
    append(path, 5);
    check_mark(path, 5);
    for (int i = 0; i < 4000; i++) {
        append_bytes(path, "lost sector");
    }
    append_bytes(path, "\n");
    check_mark(path, 5);
    append(path, 6);
    check_mark(path, 6);
}

static void a_file_without_a_whole_line_is_damaged(void **state)
{
    struct error err = {0};
    struct head mark;
    struct log_tip tip = tip_of(9);
    const char *path = new_file(*state, 2);
    for (int i = 0; i < 7000; i++) {
        append_bytes(path, "nonsense\n\n");
    }
    check_refused(high_water_read(path, &mark, &err), &err, "book.head-damaged");
    check_refused(high_water_append(path, NULL, &tip, false, &err), &err, "book.head-damaged");
    assert_int_equal(truncate(path, 0), 0);
    check_refused(high_water_read(path, &mark, &err), &err, "book.head-damaged");
}

static void no_file_is_no_mark(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    struct head mark;
    struct log_tip tip = tip_of(9);
    const char *path = arena_printf(&s->arena, "%s/none", s->folder);
    check_ok(high_water_read(path, &mark, &err), &err);
    assert_false(mark.present);
    check_refused(high_water_append(path, NULL, &tip, true, &err), &err, "head.write");
    assert_int_equal(access(path, F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_last_line_counts, sample_set_up, sample_tear_down),
        cmocka_unit_test_setup_teardown(a_line_with_another_digit_is_none, sample_set_up,
                                        sample_tear_down),
        cmocka_unit_test_setup_teardown(it_never_goes_back, sample_set_up, sample_tear_down),
        cmocka_unit_test_setup_teardown(a_torn_line_is_passed_over, sample_set_up,
                                        sample_tear_down),
        cmocka_unit_test_setup_teardown(noise_behind_the_last_whole_line_is_passed_over,
                                        sample_set_up, sample_tear_down),
        cmocka_unit_test_setup_teardown(a_file_without_a_whole_line_is_damaged, sample_set_up,
                                        sample_tear_down),
        cmocka_unit_test_setup_teardown(no_file_is_no_mark, sample_set_up, sample_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
