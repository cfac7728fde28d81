#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int vtx_exchange_paths(const char *one, const char *other) {
    return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE) == 0 ? 0 : errno;
}

int vtx_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }

void vtx_sync_around(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    syncfs(file);
    close(file);
}

/* A read lease is granted only while nobody writes. It is given back at once; SIGIO tells of its breaking meanwhile. */
int vtx_is_being_written(const char *path) {
    signal(SIGIO, SIG_IGN);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return -1;
    int result = fcntl(file, F_SETLEASE, F_RDLCK) == 0 ? 0 : errno == EAGAIN ? 1 : -1;
    if (result == 0) fcntl(file, F_SETLEASE, F_UNLCK);
    close(file);
    return result;
}

int vtx_nameless_file(const char *directory) {
    int file = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    /* What file systems and kernels without it answer. */
    if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return file >= 0 ? file : -errno;
    char path[4096];
    if (snprintf(path, sizeof path, "%s/.vtx-XXXXXX", directory) >= (int)sizeof path) return -ENAMETOOLONG;
    file = mkostemp(path, O_CLOEXEC);
    if (file < 0) return -errno;
    unlink(path);
    return file;
}
