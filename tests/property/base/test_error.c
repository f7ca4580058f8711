#include "ledger/base/error.h"
#include "ledger/base/text.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#include <string.h>

/* Text of 1 to 4 bytes a character, longer than any member of an error. */
static size_t random_words(struct random_source *random, char *ret, size_t size)
{
    static const char *const pieces[] = {"a", "é", "户", "𠮷", " "};
    size_t length = 0;
    size_t wanted = (size_t)random_between(random, 0, (int64_t)size - 5);
    while (length < wanted) {
        const char *piece = pieces[random_between(random, 0, 4)];
        memcpy(ret + length, piece, strlen(piece));
        length += strlen(piece);
    }
    ret[length] = '\0';
    return length;
}

/* What is kept is the beginning of what was said, whole characters of it. */
static void check_kept(const char *kept, size_t room, const char *said, size_t length)
{
    size_t have = strnlen(kept, room);
    assert_true(have < room);
    assert_true(text_is_utf8(kept, have));
    if (length < room) {
        check_text_equal(kept, said);
        return;
    }
    size_t same = 0;
    while (same < have && kept[same] == said[same]) {
        same++;
    }
    check_int_equal((int64_t)same, (int64_t)have);
    assert_true(have + 4 >= room); /* at most the 3 bytes of one begun character are given up */
}

static void whatever_is_said_stays_text(void **state)
{
    (void)state;
    struct random_source random = random_start("errors");
    for (int round = 0; round < 20000; round++) {
        struct error err = {0};
        char text[900];
        char limit[900];
        char next[900];
        size_t text_length = random_words(&random, text, sizeof text);
        size_t limit_length = random_words(&random, limit, sizeof limit);
        size_t next_length = random_words(&random, next, sizeof next);
        assert_false(error_set(&err, FAULT_REFUSED, "test.long", "%s", text));
        assert_false(error_limit(&err, "%s", limit));
        assert_false(error_next(&err, "%s", next));
        check_kept(err.text, sizeof err.text, text, text_length);
        check_kept(err.limit, sizeof err.limit, limit, limit_length);
        check_kept(err.next, sizeof err.next, next, next_length);
        check_text_equal(err.reason, "test.long");
        check_int_equal(fault_exit_code(err.fault), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_said_stays_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
