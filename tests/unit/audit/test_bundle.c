#include "tests/unit/audit/bundle_scene.h"

static void export_of_several_tiles_reads_back(void **state)
{
    struct scene *scene = *state;
    log_fill(scene, 520);
    check_ok(export_write(scene, 520, NULL, 0), &scene->err);
    check_ok(export_read(scene), &scene->err);
    AUTO_BUNDLE struct bundle *bundle = NULL;
    check_ok(bundle_open(scene->export, &scene->secret.key, &bundle, &scene->err), &scene->err);
    const uint64_t *sizes = NULL;
    check_int_equal((int64_t)bundle_size(bundle), 520);
    check_int_equal((int64_t)bundle_checkpoints(bundle, &sizes), 3);
    check_int_equal((int64_t)sizes[0], 3);
    check_int_equal((int64_t)sizes[1], 7);
    check_int_equal((int64_t)sizes[2], 520);
    for (size_t i = 0; i < 3; i++) {
        AUTO_BUFFER note;
        AUTO_BUFFER kept;
        bool found = false;
        buffer_init(&note, CHECKPOINT_NOTE_MAX);
        buffer_init(&kept, CHECKPOINT_NOTE_MAX);
        check_ok(bundle_read_checkpoint(bundle, sizes[i], &note, &scene->err), &scene->err);
        check_ok(checkpoint_store_get(scene->store, sizes[i], &found, &kept, &scene->err),
                 &scene->err);
        check_text_equal(note.data, kept.data);
    }
}

static void rows_of_an_event_are_one_file(void **state)
{
    struct scene *scene = *state;
    static const char *const wanted[] = {NULL, NULL, "one\ntwo\n", NULL, NULL, "three\n", NULL};
    log_fill(scene, 7);
    check_ok(export_write(scene, 7, NULL, 0), &scene->err);
    AUTO_BUNDLE struct bundle *bundle = NULL;
    check_ok(bundle_open(scene->export, &scene->secret.key, &bundle, &scene->err), &scene->err);
    for (uint64_t seq = 0; seq < 7; seq++) {
        AUTO_BUFFER rows;
        bool found = false;
        buffer_init(&rows, 1000);
        check_ok(bundle_read_rows(bundle, seq, &found, &rows, &scene->err), &scene->err);
        assert_true(found == (wanted[seq] != NULL));
        check_text_equal(rows.data, found ? wanted[seq] : "");
    }
}

static void older_size_can_be_exported_again(void **state)
{
    struct scene *scene = *state;
    log_fill(scene, 12);
    check_ok(export_write(scene, 7, NULL, 0), &scene->err);
    check_ok(export_read(scene), &scene->err);
}

static bool folder_is_there(const struct scene *scene, const char *ending)
{
    char path[400];
    struct stat status;
    snprintf(path, sizeof path, "%s%s", scene->export, ending);
    return lstat(path, &status) == 0;
}

static void refused_export_leaves_nothing_behind(void **state)
{
    struct scene *scene = *state;
    log_fill(scene, 12);
    check_refused(export_write(scene, 11, NULL, 0), &scene->err, "bundle.no-checkpoint");
    struct bundle_content elsewhere = {
        "demo.invalid/ledger-00000002", 12, "", "", NULL, 0, &scene->secret};
    check_refused(
        bundle_write(scene->store, scene->export, &elsewhere, &(struct sha256){{0}}, &scene->err),
        &scene->err, "E_CONTAINER");
    const struct bundle_file misplaced = {"reports/../../x", "x", 1};
    check_refused(export_write(scene, 12, &misplaced, 1), &scene->err, "bundle.path");
    const struct bundle_file doubled[] = {{"reports/x", "x", 1}, {"reports/x", "y", 1}};
    check_refused(export_write(scene, 12, doubled, 2), &scene->err, "bundle.write");
    assert_false(folder_is_there(scene, ""));
    assert_false(folder_is_there(scene, ".part"));
    check_ok(export_write(scene, 12, doubled, 1), &scene->err);
    check_refused(export_write(scene, 12, doubled, 1), &scene->err, "bundle.exists");
    check_ok(export_read(scene), &scene->err);
}

static void leaves_that_are_not_those_of_the_head_are_not_exported(void **state)
{
    struct scene *scene = *state;
    log_fill(scene, 12);
    merkle_range_append(&scene->range, &(struct sha256){{1}}); /* a head of other leaves */
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(scene->store, &transaction, &scene->err), &scene->err);
    struct merkle_range kept = scene->range;
    event_put(scene, 12);
    scene->range = kept;
    head_put(scene, CHECKPOINT_TIP);
    check_ok(transaction_commit(&transaction, &scene->err), &scene->err);
    check_refused(export_write(scene, 13, NULL, 0), &scene->err, "E_ROOT");
    assert_false(folder_is_there(scene, ".part"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(export_of_several_tiles_reads_back, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(rows_of_an_event_are_one_file, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(older_size_can_be_exported_again, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(refused_export_leaves_nothing_behind, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(leaves_that_are_not_those_of_the_head_are_not_exported,
                                        scene_open, scene_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
