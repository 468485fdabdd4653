/* Runs a fuzz target over the files of a corpus folder, for builds without libFuzzer. */
#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) return 1;
    uint8_t *bytes = malloc(16 << 20);
    size_t len = bytes ? fread(bytes, 1, 16 << 20, file) : 0;
    uint8_t *exact = malloc(len ? len : 1); /* so that ASan sees the very end */
    for (size_t i = 0; exact && i < len; i++)
        exact[i] = bytes[i];
    free(bytes);
    fclose(file);
    if (exact) (void)LLVMFuzzerTestOneInput(exact, len);
    free(exact);
    return 0;
}

int main(int argc, char **argv)
{
    DIR *folder = argc > 1 ? opendir(argv[1]) : NULL;
    int count = 0;
    if (!folder) {
        fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
        return 2;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[PATH_MAX];
        if (entry->d_name[0] == '.') continue;
        (void)snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        if (replay(path) == 0) count++;
    }
    closedir(folder);
    printf("%d inputs replayed\n", count);
    return count ? 0 : 1;
}
