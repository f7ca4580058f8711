#include "tests/support/file.h"

#include "tests/support/check.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *file_read(const char *path, size_t *ret_length)
{
    FILE *file = fopen(path, "rbe");
    char *content = NULL;
    size_t size = 0;
    FILE *copy = open_memstream(&content, &size);
    if (file == NULL || copy == NULL) {
        print_error("%s: %s\n", path, strerror(errno));
        _fail(__FILE__, __LINE__);
    }
    char part[4096];
    size_t got = 0;
    while ((got = fread(part, 1, sizeof part, file)) > 0) {
        fwrite(part, 1, got, copy);
    }
    fclose(file);
    fclose(copy);
    *ret_length = size;
    return content;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

char **folder_list(const char *path, size_t *ret_count)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_visible, by_bytes);
    if (count < 0) {
        print_error("%s: %s\n", path, strerror(errno));
        _fail(__FILE__, __LINE__);
    }
    char **names = calloc((size_t)count + 1, sizeof *names);
    for (int i = 0; i < count; i++) {
        names[i] = strdup(entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    *ret_count = (size_t)count;
    return names;
}

void folder_list_free(char **names)
{
    for (char **name = names; *name != NULL; name++) {
        free(*name);
    }
    free(names);
}
