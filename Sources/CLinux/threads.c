#define _GNU_SOURCE
#include "threads.h"

#include <malloc.h>
#include <pthread.h>
#include <stdio.h>

void vtx_name_thread(const char *name) {
    char shortened[16]; /* the kernel keeps 15 characters */
    snprintf(shortened, sizeof shortened, "%s", name);
    pthread_setname_np(pthread_self(), shortened);
}

void vtx_share_memory(void) {
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
}
