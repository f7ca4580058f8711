/* Attacks on an export, with and without the key that signs exports. */
#include "tests/conformance/attacks/attack_scene.h"
#include "tests/conformance/attacks/attacks.h"
#include "tests/conformance/attacks/export_forgery.h"

#include "cli/service/export_reports.h"

#include "ledger/base/text.h"
#include "tests/support/file.h"

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *folder; /* of the export, genuine between two attacks */

static int make_export(void **state)
{
    int failed = scene_set_up(state);
    folder = scene_export(*state);
    return failed;
}

#define FILES_MAX 200
static char *files[FILES_MAX];
static size_t file_count;

static int note_file(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)place;
    if (kind == FTW_F && file_count < FILES_MAX) {
        files[file_count++] = strdup(path);
    }
    return 0;
}

static void check_refused_copy(struct scene *scene, const char *path, const char *what)
{
    const char *verdict = scene_export_verdict(scene, folder);
    if (!text_equal(verdict, "E_CONTAINER@-1 tampering")) {
        fail_msg("%s, %s: %s", path, what, verdict);
    }
}

/* Every file damaged, cut, made longer, removed. The first line of a minisign signature is covered
 * by nothing, so of that file other bytes are taken. */
static void damage(struct scene *scene, const char *path)
{
    size_t length = 0;
    char *bytes = file_read(path, &length);
    bool signature = strstr(path, "MANIFEST.minisig") != NULL;
    const size_t place[] = {signature ? 40 : 0, length / 2, length - 1};
    for (size_t i = 0; i < COUNT_OF(place); i++) {
        bytes[place[i]] ^= 1;
        export_put_file(path, bytes, length);
        check_refused_copy(scene, path, "a bit turned");
        bytes[place[i]] ^= 1;
    }
    export_put_file(path, bytes, length - 1);
    check_refused_copy(scene, path, "cut");
    export_put_file(path, bytes, length);
    FILE *file = fopen(path, "abe");
    assert_non_null(file);
    assert_int_equal(fputc('\n', file), '\n');
    assert_int_equal(fclose(file), 0);
    check_refused_copy(scene, path, "made longer");
    assert_int_equal(unlink(path), 0);
    check_refused_copy(scene, path, "removed");
    assert_int_equal(symlink("/dev/null", path), 0);
    check_refused_copy(scene, path, "a link");
    assert_int_equal(unlink(path), 0);
    export_put_file(path, bytes, length);
    free(bytes);
}

static void any_damage_to_any_file(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    check_text_equal(scene_export_verdict(scene, folder), "proven");
    file_count = 0;
    assert_int_equal(nftw(folder, note_file, 16, FTW_PHYS), 0);
    assert_true(file_count > 10 && file_count < FILES_MAX);
    for (size_t i = 0; i < file_count; i++) {
        damage(scene, files[i]);
        free(files[i]);
    }
    check_text_equal(scene_export_verdict(scene, folder), "proven");
}

static void a_file_too_many(void **state)
{
    struct scene *scene = *state;
    static const char *const names[] = {"more", "checkpoints/999", "tile/0/001", "reports/more"};
    scene_restore(scene);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *path = arena_printf(&scene->arena, "%s/%s", folder, names[i]);
        export_put_file(path, "x", 1);
        check_refused_copy(scene, path, "added");
        assert_int_equal(unlink(path), 0);
    }
}

static const char *in_export(struct scene *scene, const char *name)
{
    return arena_printf(&scene->arena, "%s/%s", folder, name);
}

/* One file changed by a callback and everything signed again; the verdict; all put back. */
static const char *forged(struct scene *scene, const char *name, const char *from, const char *to)
{
    size_t length = 0;
    const char *path = in_export(scene, name);
    char *bytes = file_read(path, &length);
    char *changed = arena_text_n(&scene->arena, bytes, length);
    size_t at = 0;
    while (at + strlen(from) <= length && memcmp(changed + at, from, strlen(from)) != 0) {
        at++;
    }
    assert_true(at + strlen(from) <= length);
    assert_int_equal(strlen(from), strlen(to));
    memcpy(changed + at, to, strlen(to));
    export_put_file(path, changed, length);
    export_sign_again(scene, folder);
    const char *verdict = scene_export_verdict(scene, folder);
    export_put_file(path, bytes, length);
    export_sign_again(scene, folder);
    free(bytes);
    return verdict;
}

static void an_edited_entry_under_a_true_manifest(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    const char *entries = arena_printf(&scene->arena, "tile/entries/000.p/%" PRIu64, scene->size);
    check_text_equal(forged(scene, entries, "村101", "村109"),
                     "E_SIG@8 E_CHAIN@9 E_ROOT@10 E_CONTAINER@-1 tampering");
    check_text_equal(scene_export_verdict(scene, folder), "proven");
}

/* A file of the export with other bytes, everything signed again; the verdict; all put back. */
static const char *replaced(struct scene *scene, const char *name, bool was_there, const char *text)
{
    size_t length = 0;
    const char *path = in_export(scene, name);
    char *bytes = was_there ? file_read(path, &length) : NULL;
    export_put_file(path, text, strlen(text));
    export_sign_again(scene, folder);
    const char *verdict = scene_export_verdict(scene, folder);
    if (was_there) {
        export_put_file(path, bytes, length);
    } else {
        assert_int_equal(unlink(path), 0);
    }
    export_sign_again(scene, folder);
    free(bytes);
    return verdict;
}

/* The two closed days ended on 2016-10-21; the fund was opened with 1,000,000.00 yuan. */
static void a_report_that_tells_otherwise(void **state)
{
    struct scene *scene = *state;
    static const char *const tampering = "E_REPORT@-1 tampering";
    static const char fund[] = "reports/fund-statement.2016-10-21.csv";
    scene_restore(scene);
    check_text_equal(forged(scene, fund, "1000000.00", "1000001.00"), tampering);
    check_text_equal(
        forged(scene, "reports/trial-balance.bank.2016-10-21.csv", "1000000.00", "1000000.01"),
        tampering);
    check_text_equal(forged(scene, fund, "top_ups", "top_upz"), tampering);
    check_text_equal(replaced(scene, fund, true, ""), tampering);
    check_text_equal(replaced(scene, fund, true, "year,closing\r\n"), tampering);
    check_text_equal(replaced(scene, fund, true, "year,closing\r\n2016,1000000.00\r\n\r\n"),
                     tampering);
    /* Of another day, which shows the same but for its name: what it tells is true. */
    check_text_equal(replaced(scene, "reports/fund-statement.2016-10-20.csv", false,
                              "year,closing\r\n2016,1000000.00\r\n"),
                     "proven");
    check_text_equal(replaced(scene, "reports/fund-statement.2016-10-20.csv", false,
                              "year,closing\r\n2016,999999.99\r\n"),
                     tampering);
}

static void a_report_that_nobody_makes(void **state)
{
    struct scene *scene = *state;
    static const char *const names[] = {
        "reports/fund-statement.csv",
        "reports/fund-statement.2016-10-22.csv",
        "reports/fund-statement.2016-13-01.csv",
        "reports/fund-statement.fund.2016-10-21.csv",
        "reports/trial-balance.2016-10-21.csv",
        "reports/borrower-statement.2016-10-21.csv",
        "reports/letter.txt",
    };
    scene_restore(scene);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *verdict = replaced(scene, names[i], false, "year,closing\r\n2016,1.00\r\n");
        if (!text_equal(verdict, "E_REPORT@-1 tampering")) {
            fail_msg("%s: %s", names[i], verdict);
        }
    }
}

/* The report of a program that knew fewer columns, in another order. */
static void a_report_of_an_earlier_program(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    check_text_equal(replaced(scene, "reports/fund-statement.2016-10-21.csv", true,
                              "closing,year\r\n1000000.00,2016\r\n"),
                     "proven");
}

static void more_reports_than_are_made_again(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    for (int i = 0; i < EXPORT_REPORTS_MAX; i++) {
        export_put_file(in_export(scene, arena_printf(&scene->arena, "reports/a.%03d", i)), "x", 1);
    }
    export_sign_again(scene, folder);
    check_text_equal(scene_export_verdict(scene, folder), "E_REPORT@-1 tampering");
    for (int i = 0; i < EXPORT_REPORTS_MAX; i++) {
        assert_int_equal(unlink(in_export(scene, arena_printf(&scene->arena, "reports/a.%03d", i))),
                         0);
    }
    export_sign_again(scene, folder);
    check_text_equal(scene_export_verdict(scene, folder), "proven");
}

static void heads_under_a_true_manifest(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    const char *cosigned = arena_printf(&scene->arena, "checkpoints/%" PRIu64, scene->cosigned);
    const char *seal = arena_printf(&scene->arena, "checkpoints/%" PRIu64, scene->seal);
    /* The witness under another name is nobody the card knows. */
    check_text_equal(forged(scene, cosigned, "/witness/1 ", "/witness/2 "),
                     "E_QUORUM@-1 not proven");
    check_text_equal(forged(scene, seal, "/day ", "/dax "),
                     arena_printf(&scene->arena, "E_EPOCH@%" PRIu64 " tampering", scene->seal - 1));
    check_text_equal(forged(scene, seal, "demo.invalid", "demo.invalie"),
                     arena_printf(&scene->arena, "E_CPSIG@%" PRIu64 " tampering", scene->seal - 1));
}

static void an_export_of_another_log(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    scene->card.genesis.byte[0] ^= 1;
    check_text_equal(scene_export_verdict(scene, folder), "E_TRUST@0 not proven");
    scene_restore(scene);
    scene->card.minisign.public_key[0] ^= 1;
    check_text_equal(scene_export_verdict(scene, folder), "E_CONTAINER@-1 tampering");
    scene_restore(scene);
    scene->trust.card = NULL;
    check_text_equal(scene_export_verdict(scene, folder), "E_TRUST@-1 not proven");
}

static void an_export_against_a_kept_head(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    struct sha256 root = scene_root(scene, scene->seal);
    scene_keep(scene, scene->seal, &root);
    check_text_equal(scene_export_verdict(scene, folder), "proven");
    root.byte[0] ^= 1;
    scene_keep(scene, scene->seal, &root);
    scene_keep(scene, scene->size + 1, &root);
    check_text_equal(
        scene_export_verdict(scene, folder),
        arena_printf(&scene->arena, "E_FORK@%" PRIu64 " E_ROLLBACK@-1 tampering", scene->seal - 1));
}

int attacks_on_export(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_damage_to_any_file),
        cmocka_unit_test(a_file_too_many),
        cmocka_unit_test(an_edited_entry_under_a_true_manifest),
        cmocka_unit_test(a_report_that_tells_otherwise),
        cmocka_unit_test(a_report_that_nobody_makes),
        cmocka_unit_test(a_report_of_an_earlier_program),
        cmocka_unit_test(more_reports_than_are_made_again),
        cmocka_unit_test(heads_under_a_true_manifest),
        cmocka_unit_test(an_export_of_another_log),
        cmocka_unit_test(an_export_against_a_kept_head),
    };
    return cmocka_run_group_tests(tests, make_export, scene_tear_down);
}
