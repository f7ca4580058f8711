#include "ledger/base/alloc.h"
#include "ledger/base/arena.h"
#include "tests/support/check.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    for (size_t size = 0; size < 3000; size++) {
        unsigned char *memory = arena_alloc(&arena, size);
        check_int_equal((int64_t)((uintptr_t)memory % alignof(max_align_t)), 0);
        for (size_t i = 0; i < size; i++) {
            check_int_equal(memory[i], 0);
        }
        memset(memory, 0xA5, size);
    }
}

static void objects_do_not_overlap(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    unsigned char *object[300];
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    for (size_t i = 0; i < COUNT_OF(object); i++) {
        object[i] = arena_alloc(&arena, 7 * i + 1);
        memset(object[i], (int)(i % 251), 7 * i + 1);
    }
    for (size_t i = 0; i < COUNT_OF(object); i++) {
        for (size_t at = 0; at < 7 * i + 1; at++) {
            check_int_equal(object[i][at], (int64_t)(i % 251));
        }
    }
}

static void memory_is_zeroed_again_after_a_reset(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    for (int round = 0; round < 5; round++) {
        unsigned char *small = arena_alloc(&arena, 100);
        unsigned char *large = arena_alloc(&arena, 50000);
        for (size_t i = 0; i < 100; i++) {
            check_int_equal(small[i], 0);
        }
        for (size_t i = 0; i < 50000; i++) {
            check_int_equal(large[i], 0);
        }
        memset(small, 0xFF, 100);
        memset(large, 0xFF, 50000);
        arena_reset(&arena);
        check_int_equal((int64_t)arena.used, 0);
        assert_non_null(arena.last);
    }
}

static void a_list_grows_and_keeps_what_it_has(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    int64_t *items = NULL;
    size_t capacity = 0;
    for (int64_t n = 0; n < 1000; n++) {
        int64_t *before = items;
        bool full = (size_t)n == capacity;
        items = arena_grow(&arena, items, (size_t)n, &capacity, sizeof *items);
        assert_true((size_t)n < capacity);
        assert_true(full || items == before);
        check_int_equal(items[n], 0);
        items[n] = n * n;
    }
    for (int64_t n = 0; n < 1000; n++) {
        check_int_equal(items[n], n * n);
    }
}

static void text_is_copied(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    char original[] = "张三 borrows";
    arena_init(&arena, 1000);
    char *copy = arena_text(&arena, original);
    original[0] = 'x';
    check_text_equal(copy, "张三 borrows");
    check_text_equal(arena_text_n(&arena, "abcdef", 3), "abc");
    check_text_equal(arena_text_n(&arena, NULL, 0), "");
    check_text_equal(arena_text_n(&arena, "a\0b", 3) + 2, "b");
    check_text_equal(arena_printf(&arena, "%d of %s", 3, "five"), "3 of five");
    check_text_equal(arena_printf(&arena, "%s", ""), "");
}

static void an_arena_that_was_only_zeroed_is_released(void **state)
{
    (void)state;
    struct arena arena = {0};
    arena_release(&arena);
    arena_reset(&arena);
    arena_init(&arena, 100);
    arena_alloc(&arena, 1);
    arena_release(&arena);
    arena_release(&arena);
    assert_null(arena.last);
}

/* The exit code of a child that runs fn. */
static int ending_of(void (*fn)(void))
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(STDERR_FILENO);
        fn();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void fill_to_the_limit(void)
{
    AUTO_ARENA arena;
    arena_init(&arena, 1024);
    for (int i = 0; i < 16; i++) {
        arena_alloc(&arena, 64);
    }
}

static void go_past_the_limit(void)
{
    AUTO_ARENA arena;
    arena_init(&arena, 1024);
    for (int i = 0; i < 17; i++) {
        arena_alloc(&arena, 64);
    }
}

static void ask_for_more_than_there_is(void)
{
    AUTO_ARENA arena;
    arena_init(&arena, SIZE_MAX);
    arena_alloc(&arena, SIZE_MAX - 4);
}

static void ask_for_a_product_that_wraps(void)
{
    AUTO_ARENA arena;
    arena_init(&arena, SIZE_MAX);
    arena_alloc_array(&arena, SIZE_MAX / 2 + 2, 2);
}

static void resize_to_a_product_that_wraps(void)
{
    free(alloc_resized(NULL, SIZE_MAX / 2 + 2, 2));
}

static void zero_a_product_that_wraps(void)
{
    free(alloc_zeroed(SIZE_MAX / 2 + 2, 2));
}

static void the_limit_ends_the_process(void **state)
{
    (void)state;
    check_int_equal(ending_of(fill_to_the_limit), 0);
    check_int_equal(ending_of(go_past_the_limit), 70);
    check_int_equal(ending_of(ask_for_more_than_there_is), 70);
    check_int_equal(ending_of(ask_for_a_product_that_wraps), 70);
    check_int_equal(ending_of(resize_to_a_product_that_wraps), 70);
    check_int_equal(ending_of(zero_a_product_that_wraps), 70);
}

static void the_end_is_announced(void **state)
{
    (void)state;
    int ends[2];
    char said[100] = "";
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        alloc_exhausted(1234567);
    }
    close(ends[1]);
    size_t length = 0;
    ssize_t got = 0;
    while ((got = read(ends[0], said + length, sizeof said - 1 - length)) > 0) {
        length += (size_t)got;
    }
    close(ends[0]);
    waitpid(child, NULL, 0);
    check_text_equal(said, "yicang: out of memory, bytes wanted: 1234567\n");
}

static void heap_memory_is_never_null(void **state)
{
    (void)state;
    unsigned char *zeroed = alloc_zeroed(10, 10);
    for (size_t i = 0; i < 100; i++) {
        check_int_equal(zeroed[i], 0);
    }
    zeroed[99] = 7;
    zeroed = alloc_resized(zeroed, 1000, 1);
    check_int_equal(zeroed[99], 7);
    free(zeroed);
    void *nothing = alloc_zeroed(0, 8);
    assert_non_null(nothing);
    nothing = alloc_resized(nothing, 0, 0);
    assert_non_null(nothing);
    free(nothing);
    char *text = alloc_text("备查");
    check_text_equal(text, "备查");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(objects_do_not_overlap),
        cmocka_unit_test(memory_is_zeroed_again_after_a_reset),
        cmocka_unit_test(a_list_grows_and_keeps_what_it_has),
        cmocka_unit_test(text_is_copied),
        cmocka_unit_test(an_arena_that_was_only_zeroed_is_released),
        cmocka_unit_test(the_limit_ends_the_process),
        cmocka_unit_test(the_end_is_announced),
        cmocka_unit_test(heap_memory_is_never_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
