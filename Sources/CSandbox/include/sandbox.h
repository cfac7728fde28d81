/* What the process gives up before it reads files that nobody vouches for (Linux: Landlock and seccomp). */

#ifndef VTX_SANDBOX_H
#define VTX_SANDBOX_H

/* Landlock's version in the running kernel; 0 if it has none or does not let us use it. */
int vtx_sandbox_version(void);

/*
 * Leaves this thread, and the threads it starts from here on, these paths: `readable` to read, `writable` to change
 * everything below. Each array ends with NULL; paths that do not exist are skipped. No other file is opened, no TCP
 * connection made, no program run. For the whole process no socket is made and no program run.
 *
 * Returns 0, or an errno. What has been given up stays so.
 */
int vtx_sandbox_enter(const char *const *readable, const char *const *writable);

#endif
