#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __NR_close_range
#define __NR_close_range 436
#endif

/* Only calls that are safe after fork in a process with threads. Returns if something failed: errno says what. */
static void become(const struct vtx_program *program, pid_t parent, int *report) {
    /* The parent may have ended before the request: then nobody would tell. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return;
    if (getppid() != parent) _exit(127);
    setpgid(0, 0);
    if (program->niceness != 0) setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + program->niceness);

    /* Out of the way of 0 to 4, which are about to be given away. */
    int null = open("/dev/null", O_RDONLY);
    int output = fcntl(program->output, F_DUPFD, 10), errors = fcntl(program->errors, F_DUPFD, 10);
    int kept = program->kept < 0 ? -1 : fcntl(program->kept, F_DUPFD, 10);
    int told = fcntl(*report, F_DUPFD, 10);
    if (null < 0 || output < 0 || errors < 0 || told < 0) return;
    *report = told;
    if (dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0) return;
    if (kept >= 0 && dup2(kept, 3) < 0) return;
    if (dup2(told, 4) < 0) return;
    *report = 4;
    fcntl(4, F_SETFD, FD_CLOEXEC);
    if (kept < 0) close(3);
    if (syscall(__NR_close_range, 5U, ~0U, 0U) != 0)
        for (int file = 5; file < 1024; file++) close(file);

    signal(SIGPIPE, SIG_DFL);
    signal(SIGIO, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(program->path, program->arguments, program->environment);
}

pid_t vtx_spawn(const struct vtx_program *program) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return -errno;
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        int descriptor = report[1];
        become(program, parent, &descriptor);
        int reason = errno;
        (void)!write(descriptor, &reason, sizeof reason);
        _exit(127);
    }
    int failure = child < 0 ? errno : 0;
    close(report[1]);
    /* exec closes the child's end; until then this waits. */
    while (child > 0 && read(report[0], &failure, sizeof failure) < 0 && errno == EINTR) continue;
    close(report[0]);
    /* Nobody else learns of a child that did not become the program. */
    while (failure != 0 && child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR) continue;
    return failure != 0 ? -failure : child;
}
