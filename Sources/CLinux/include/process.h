/* Starting programs: what has to happen between fork and exec, where Swift may not run. */

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

#endif
