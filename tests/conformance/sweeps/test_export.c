/* An export with any bit turned, any byte another, one more or one less, cut at any length, longer
 * by a byte, a line or itself (audit-log.md 6, groups 1 to 3); then the same with the manifest made
 * true again by a thief of the key that signs exports.
 *
 *     conformance_sweeps_export [full]     some fifteen places of each file, and of the reports
 * under a true manifest one alone; full: every one */
#include "tests/conformance/attacks/export_forgery.h"
#include "tests/conformance/sweeps/second_opinion.h"

#include "ledger/audit/bundle_manifest.h"
#include "ledger/base/text.h"
#include "tests/support/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACES 15 /* of a file, unless all */

static bool is_full;

struct damaging {
    struct scene *scene;
    struct manifest manifest;
    const char *folder;
    struct arena arena; /* of one file */
    bool stolen;        /* the manifest is made true after each damage */
    const char *name, *path;
    char *bytes; /* of the file, as it was */
    size_t length;
    int64_t tried;
};

static int set_up(void **state)
{
    static struct damaging d;
    void *scene = NULL;
    size_t length = 0;
    struct error err = {0};

    scene_set_up(&scene);
    d = (struct damaging){.scene = scene};
    d.folder = scene_export(d.scene);
    scene_restore(d.scene);
    arena_init(&d.arena, (size_t)16 << 20);
    char *text = file_read(arena_printf(&d.scene->arena, "%s/MANIFEST", d.folder), &length);
    check_ok(manifest_parse(text, length, &d.manifest, &err), &err);
    free(text);
    *state = &d;
    return 0;
}

static int tear_down(void **state)
{
    struct damaging *d = *state;
    void *scene = d->scene;

    manifest_release(&d->manifest);
    arena_release(&d->arena);
    return scene_tear_down(&scene);
}

/* --- one damage --------------------------------------------------------------------------------
 */

/* Of the bytes that no signature covers: the first line of the signature of the manifest. */
static bool is_covered(const struct damaging *d, size_t at)
{
    return strcmp(d->name, "MANIFEST.minisig") != 0 || at > strcspn(d->bytes, "\n");
}

/* With the export key in hand: copies that nobody trusts say what they like. */
static bool is_trusted(const struct damaging *d)
{
    return strcmp(d->name, "keys.vkey") != 0 && strcmp(d->name, "policy") != 0;
}

/* The check in Go takes keys from the card and does not look at what binds the files of an export
 * together. */
static bool is_read_by_others(const struct damaging *d)
{
    return strncmp(d->name, "MANIFEST", strlen("MANIFEST")) != 0 && is_trusted(d);
}

static bool is_report(const char *name)
{
    return strncmp(name, "reports/", strlen("reports/")) == 0;
}

/* The file holds these bytes instead, from which `at` on it differs. */
static void try(struct damaging *d, const char *bytes, size_t length, size_t at, const char *what)
{
    export_put_file(d->path, bytes, length);
    if (d->stolen) {
        export_sign_again(d->scene, d->folder);
    }
    const char *verdict = scene_export_verdict(d->scene, d->folder);
    bool told = d->stolen ? strcmp(verdict, "proven") != 0
                          : strcmp(verdict, "E_CONTAINER@-1 tampering") == 0;
    bool covered = d->stolen ? is_trusted(d) : is_covered(d, at);
    if (covered && !told) {
        fail_msg("%s, %s at %zu: %s", d->name, what, at, verdict);
    }
    second_opinion_on_export(d->scene, d->folder, verdict, !is_read_by_others(d));
    d->tried++;
}

static size_t stride_of(const struct damaging *d)
{
    return is_full ? 1 : 1 + d->length / PLACES;
}

static void turn_bits(struct damaging *d)
{
    char *bytes = arena_text_n(&d->arena, d->bytes, d->length);

    for (size_t bit = 0; bit < 8 * d->length; bit += is_full ? 1 : 8 * stride_of(d) + 1) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        try(d, bytes, d->length, bit / 8, "a bit turned");
        bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
}

static void overwrite(struct damaging *d)
{
    static const char others[] = {0, (char)0xff, '\n', ' '};
    char *bytes = arena_text_n(&d->arena, d->bytes, d->length);

    for (size_t at = 0; at < d->length; at += stride_of(d)) {
        for (size_t i = 0; i < sizeof others; i++) {
            if (d->bytes[at] != others[i]) {
                bytes[at] = others[i];
                try(d, bytes, d->length, at, "another byte");
            }
        }
        bytes[at] = d->bytes[at];
    }
}

static void insert_and_delete(struct damaging *d)
{
    char *bytes = arena_alloc(&d->arena, d->length + 1);

    for (size_t at = 0; at < d->length; at += stride_of(d)) {
        memcpy(bytes, d->bytes, at);
        bytes[at] = 'x';
        memcpy(bytes + at + 1, d->bytes + at, d->length - at);
        try(d, bytes, d->length + 1, at, "a byte more");
        memcpy(bytes + at, d->bytes + at + 1, d->length - at - 1);
        try(d, bytes, d->length - 1, at, "a byte less");
    }
}

static void cut_and_lengthen(struct damaging *d)
{
    char *bytes = arena_alloc(&d->arena, 2 * d->length + 1);

    for (size_t length = 0; length < d->length; length += stride_of(d)) {
        try(d, d->bytes, length, d->length, "cut");
    }
    memcpy(bytes, d->bytes, d->length);
    memcpy(bytes + d->length, d->bytes, d->length);
    try(d, bytes, 2 * d->length, d->length, "itself again");
    bytes[d->length] = '\n';
    try(d, bytes, d->length + 1, d->length, "a line more");
    bytes[d->length] = '\0';
    try(d, bytes, d->length + 1, d->length, "a byte more");
}

/* --- every file --------------------------------------------------------------------------------
 */

static void damage_file(struct damaging *d, const char *name)
{
    arena_reset(&d->arena);
    d->name = name;
    d->path = arena_printf(&d->arena, "%s/%s", d->folder, name);
    d->bytes = file_read(d->path, &d->length);
    /* A report with a true digest is known by what it says alone, so all has to be read. */
    d->scene->scope.structure = !d->stolen || !is_report(name);
    turn_bits(d);
    overwrite(d);
    insert_and_delete(d);
    cut_and_lengthen(d);
    export_put_file(d->path, d->bytes, d->length);
    free(d->bytes);
}

static void any_damage_to_any_file_is_told(void **state)
{
    struct damaging *d = *state;

    d->tried = 0;
    for (size_t i = 0; i < d->manifest.lines; i++) {
        damage_file(d, d->manifest.line[i].path);
    }
    damage_file(d, "MANIFEST");
    damage_file(d, "MANIFEST.minisig");
    print_message("%lld cases\n", (long long)d->tried);
    check_text_equal(scene_export_verdict(d->scene, d->folder), "proven");
}

/* Then events, tiles, heads and reports themselves tell. */
static void any_damage_under_a_true_manifest_is_told(void **state)
{
    struct damaging *d = *state;

    d->tried = 0;
    d->stolen = true;
    for (size_t i = 0; i < d->manifest.lines; i++) {
        const char *path = d->manifest.line[i].path;
        if (is_full || !is_report(path) || strstr(path, "fund-statement") != NULL) {
            damage_file(d, path);
        }
    }
    export_sign_again(d->scene, d->folder);
    print_message("%lld cases\n", (long long)d->tried);
    check_text_equal(scene_export_verdict(d->scene, d->folder), "proven");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_damage_to_any_file_is_told),
        cmocka_unit_test(any_damage_under_a_true_manifest_is_told),
    };

    is_full = argc > 1 && strcmp(argv[1], "full") == 0;
    second_opinion_begin(argc, argv);
    int failed = cmocka_run_group_tests_name("damage to an export", tests, set_up, tear_down);
    return failed + second_opinion_end();
}
