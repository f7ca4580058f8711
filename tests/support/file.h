/* file.h - reading the files a test brings along. */
#ifndef YICANG_TESTS_SUPPORT_FILE_H
#define YICANG_TESTS_SUPPORT_FILE_H

#include <stddef.h>

/* The whole file with a NUL byte behind it, for free(); fails the test if it cannot be read. */
char *file_read(const char *path, size_t *ret_length);

/* The names in a folder that do not begin with a dot, sorted by bytes, ending with NULL; fails the
 * test if it cannot be read. */
char **folder_list(const char *path, size_t *ret_count);
void folder_list_free(char **names);

#endif
