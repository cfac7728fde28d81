/*
 * A process that was forked when all libraries were loaded, and forks workers from then on: a worker starts in a few
 * milliseconds instead of the fifty that loading and relocating libav's two hundred libraries takes.
 *
 * It has one thread and does nothing but fork, which is what makes forking without exec safe.
 */

#ifndef VTX_FORK_SERVER_H
#define VTX_FORK_SERVER_H

#include <sys/types.h>

/* How a worker ended. */
struct vtx_ended {
    pid_t worker;
    int status; /* as of wait(2) */
    double cpu; /* seconds */
    long memory; /* kilobytes */
};

/* Longest command line of a worker, in bytes with a NUL after each word. */
#define VTX_FORK_SERVER_LONGEST 98304

/*
 * Starts the fork server; to be called before any thread is. The parent gets its process number and a descriptor. Each
 * worker returns from here too: with 0 and its words, each with a NUL at its end. -errno if it cannot be started.
 */
pid_t vtx_fork_server_start(int *descriptor, char **words, size_t *size);

/*
 * Asks for a worker; like vtx_spawn. It gets SIGKILL when the fork server ends, which gets it when this process does.
 *
 * Returns its process number, or -errno.
 */
pid_t vtx_fork_server_spawn(
    int descriptor, const char *words, size_t size, int output, int errors, int kept, int niceness);

/* The next end of a worker, without waiting; 0 if there is none, -1 if the fork server itself has ended. */
int vtx_fork_server_ended(int descriptor, struct vtx_ended *ended);

#endif
