/* export_forgery.h - an export of a scene, and what somebody can do to it who has stolen the key
 * that signs exports. */
#ifndef YICANG_TESTS_CONFORMANCE_ATTACKS_EXPORT_FORGERY_H
#define YICANG_TESTS_CONFORMANCE_ATTACKS_EXPORT_FORGERY_H

#include "tests/conformance/attacks/attack_scene.h"

/* Exports the genuine book; the folder. */
const char *scene_export(struct scene *scene);
void export_put_file(const char *path, const char *bytes, size_t length);
/* Makes MANIFEST and its signature true again for whatever the files of the export now hold. */
void export_sign_again(struct scene *scene, const char *folder);

#endif
