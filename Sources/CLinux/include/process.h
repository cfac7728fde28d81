/* Starting programs and hearing of their end: what has to happen between fork and exec, and calls that Swift lacks. */

#ifndef VTX_PROCESS_H
#define VTX_PROCESS_H

#include <sys/types.h>

struct vtx_program {
    const char *path;
    char *const *arguments;   /* ends with NULL, as the next */
    char *const *environment;
    int output;               /* becomes standard output */
    int errors;               /* becomes standard error; standard input is empty */
    int kept;                 /* stays open, as descriptor 3; -1: nothing does */
    int niceness;             /* added to this process's own */
};

/*
 * Starts a program in a process group of its own. It gets SIGKILL when the thread that called this ends, however that
 * happens: call it on the main thread. No other descriptor is inherited.
 *
 * Returns its process number, or an errno as a negative number if it could not be started.
 */
pid_t vtx_spawn(const struct vtx_program *program);

/* Blocks these signals for this thread and those it starts later; they are read from the descriptor. -errno if not. */
int vtx_signal_descriptor(const int *signals, int count);

/* The next signal of such a descriptor, without waiting; 0 if there is none. */
int vtx_next_signal(int descriptor);

/* A pipe that programs do not inherit: reading end, writing end. Returns 0 or an errno. */
int vtx_pipe(int ends[2]);

/* Brings everything in the file system of a path to the disk. */
void vtx_sync_around(const char *path);

/* Whether another process has a file open for writing: 1 yes, 0 no, -1 if the file system does not tell. */
int vtx_is_being_written(const char *path);

#endif
