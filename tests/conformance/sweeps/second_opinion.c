#include "tests/conformance/sweeps/second_opinion.h"

#include "ledger/audit/tile_builder.h"
#include "ledger/base/text.h"
#include "tests/conformance/attacks/export_forgery.h"

#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define FILES_MAX (COPY_HEADS_MAX + 4)
#define PATH_SIZE 4096

/* It learns keys from events, and knows no roles, quorums of admins, clocks or command ids; it asks
 * that some witness has signed something, and not whether it was enough, or lately; it has kept no
 * head of its own, asks for no seal at the end of a day that no head was kept of, and reads neither
 * tables nor reports nor the manifest. */
static struct {
    const char *code;
    int64_t times; /* told by ours alone */
} unasked[] = {
    {"E_KEY", 0},   {"E_SIGNER", 0},   {"E_TIME", 0},  {"E_DUP", 0},       {"E_QUORUM", 0},
    {"E_STALE", 0}, {"E_ROLLBACK", 0}, {"E_FORK", 0},  {"E_EPOCH", 0},     {"E_ROWS", 0},
    {"E_RULE", 0},  {"E_REPORT", 0},   {"E_CANON", 0}, {"E_CONTAINER", 0},
};

static struct {
    const char *checker; /* NULL: nobody is asked */
    int64_t every;
    int64_t cases, asked, accepted;
    const char *forgiven; /* NULL: none */
    int64_t forgiven_times;
} second;

void second_opinion_begin(int argc, char **argv)
{
    if (argc == 4 && text_equal(argv[1], "go")) {
        second.checker = argv[2];
        second.every = strtoll(argv[3], NULL, 10);
        assert_true(second.every > 0);
    }
}

void second_opinion_forgive(const char *code)
{
    second.forgiven = code;
}

static bool is_due(void)
{
    return second.checker != NULL && second.cases++ % second.every == 0;
}

static bool accepts(const char *folder, const char *card)
{
    char *const arguments[] = {(char *)(uintptr_t)second.checker, (char *)(uintptr_t)folder,
                               (char *)(uintptr_t)card, NULL};
    posix_spawn_file_actions_t files;
    pid_t child = 0;
    int status = 0;

    assert_int_equal(posix_spawn_file_actions_init(&files), 0);
    assert_int_equal(posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0), 0);
    assert_int_equal(posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0), 0);
    assert_int_equal(posix_spawn(&child, second.checker, &files, NULL, arguments, environ), 0);
    assert_int_equal(posix_spawn_file_actions_destroy(&files), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_true(WEXITSTATUS(status) <= 1); /* 2 would be a panic */
    second.asked++;
    second.accepted += WEXITSTATUS(status) == 0 ? 1 : 0;
    return WEXITSTATUS(status) == 0;
}

/* A code of a verdict that only ours asks for; counted. */
static bool is_unasked(const char *code, size_t length)
{
    for (size_t i = 0; i < COUNT_OF(unasked); i++) {
        if (strlen(unasked[i].code) == length && memcmp(unasked[i].code, code, length) == 0) {
            unasked[i].times++;
            return true;
        }
    }
    bool forgiven = second.forgiven != NULL && strlen(second.forgiven) == length &&
                    memcmp(second.forgiven, code, length) == 0;
    second.forgiven_times += forgiven ? 1 : 0;
    return forgiven;
}

/* Words with an @ in them are codes. */
static void compare(const char *verdict, bool accepted, bool unread)
{
    if (!accepted && text_equal(verdict, "proven")) {
        fail_msg("proven by ours, and refused by %s", second.checker);
    }
    for (const char *word = verdict; accepted && !unread && *word != '\0';) {
        size_t length = strcspn(word, " ");
        size_t code = strcspn(word, "@");
        if (code < length && !is_unasked(word, code)) {
            fail_msg("accepted by %s: %s", second.checker, verdict);
        }
        word += length + (word[length] == '\0' ? 0 : 1);
    }
}

/* A log as an export with what the other program reads of one -----------------------------------
 */

struct laying_out {
    const char *folder;
    char file[FILES_MAX][PATH_SIZE];
    size_t files;
};

static void lay(struct laying_out *out, const char *name, const void *bytes, size_t length)
{
    assert_true(out->files < FILES_MAX);
    char *path = out->file[out->files++];
    (void)snprintf(path, PATH_SIZE, "%s/%s", out->folder, name);
    export_put_file(path, bytes, length);
}

static bool lay_tile(void *context, const struct tile *tile, const struct buffer *bytes,
                     struct error *err)
{
    char path[TILE_PATH_SIZE];
    (void)err;
    lay(context, tile_path(tile, path), bytes->data, bytes->length);
    return true;
}

static void lay_log(struct laying_out *out, const struct log_copy *copy)
{
    struct error err = {0};
    AUTO_TILE_BUILDER tiles;
    tile_builder_init(&tiles, (struct tile_sink){out, lay_tile});
    for (size_t i = 0; i < copy->events; i++) {
        check_ok(tile_builder_add(&tiles, copy->leaf[i].start, copy->leaf[i].length, &err), &err);
    }
    check_ok(tile_builder_end(&tiles, &err), &err);
    for (size_t i = 0; i < copy->heads; i++) {
        char name[64];
        bool newest = i + 1 == copy->heads;
        (void)snprintf(name, sizeof name, "checkpoints/%" PRIu64, copy->head[i].size);
        lay(out, newest ? "checkpoint" : name, copy->head[i].note.start, copy->head[i].note.length);
    }
}

static void make_folders(const char *folder)
{
    static const char *const below[] = {"",
                                        "/checkpoints",
                                        "/tile",
                                        "/tile/entries",
                                        "/tile/0",
                                        "/tile/0/000.p",
                                        "/tile/entries/000.p"};
    char path[PATH_SIZE];
    for (size_t i = 0; i < COUNT_OF(below); i++) {
        (void)snprintf(path, sizeof path, "%s%s", folder, below[i]);
        (void)mkdir(path, 0700); /* may be there from the case before */
    }
}

static const char *card_of(struct scene *scene, char ret[static PATH_SIZE])
{
    (void)snprintf(ret, PATH_SIZE, "%s/second.card", scene->book.folder);
    export_put_file(ret, scene->card_text, scene->card_length);
    return ret;
}

void second_opinion_on_log(const struct log_copy *copy, const char *verdict)
{
    static struct laying_out out;
    char folder[PATH_SIZE];
    char card[PATH_SIZE];

    if (!is_due()) {
        return;
    }
    (void)snprintf(folder, sizeof folder, "%s/second", copy->scene->book.folder);
    make_folders(folder);
    out = (struct laying_out){.folder = folder};
    lay_log(&out, copy);
    compare(verdict, accepts(folder, card_of(copy->scene, card)), false);
    for (size_t i = 0; i < out.files; i++) {
        assert_int_equal(unlink(out.file[i]), 0);
    }
}

void second_opinion_on_export(struct scene *scene, const char *folder, const char *verdict,
                              bool unread)
{
    char card[PATH_SIZE];

    if (is_due()) {
        compare(verdict, accepts(folder, card_of(scene, card)), unread);
    }
}

int second_opinion_end(void)
{
    if (second.checker == NULL) {
        return 0;
    }
    print_message("%lld of %lld cases asked, %lld accepted\n", (long long)second.asked,
                  (long long)second.cases, (long long)second.accepted);
    for (size_t i = 0; i < COUNT_OF(unasked); i++) {
        if (unasked[i].times > 0) {
            print_message("told by ours alone: %s, %lld times\n", unasked[i].code,
                          (long long)unasked[i].times);
        }
    }
    if (second.forgiven_times > 0) {
        print_message("forgiven %lld times\n", (long long)second.forgiven_times);
    }
    return second.asked == 0 || second.asked == second.accepted ? 1 : 0;
}
