#define _GNU_SOURCE
#include "fork_server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __NR_close_range
#define __NR_close_range 436
#endif

/* What goes back: the answer to a request, or an end. */
struct message {
    pid_t started; /* or -errno; 0: this is an end */
    struct vtx_ended ended;
};

struct request {
    int niceness;
    int has_kept;
    char words[VTX_FORK_SERVER_LONGEST];
};

/* An end that came while an answer was waited for. Read on one thread only. */
static struct vtx_ended *early;
static size_t early_count;

static int leave_alone(pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
    if (getppid() != parent) _exit(127);
    return 0;
}

/* Receives a request and its descriptors: output, errors, kept. Returns the size of the words, or -1 at the end. */
static ssize_t receive(int socket, struct request *request, int files[3]) {
    char space[CMSG_SPACE(3 * sizeof(int))];
    struct iovec part = {.iov_base = request, .iov_len = sizeof *request};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
    ssize_t size;
    do size = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    while (size < 0 && errno == EINTR);
    struct cmsghdr *control = size > 0 ? CMSG_FIRSTHDR(&header) : NULL;
    if (!control || control->cmsg_type != SCM_RIGHTS) return -1;
    files[2] = -1;
    memcpy(files, CMSG_DATA(control), control->cmsg_len - CMSG_LEN(0));
    return size - (ssize_t)offsetof(struct request, words);
}

/* In the new worker: descriptors in their places, everything else closed, signals as a program finds them. */
static void settle(const struct request *request, int files[3]) {
    setpgid(0, 0);
    if (request->niceness != 0) setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + request->niceness);
    for (int index = 0; index < 3; index++)
        if (files[index] >= 0) files[index] = fcntl(files[index], F_DUPFD, 10);
    int null = open("/dev/null", O_RDONLY);
    dup2(null, 0);
    dup2(files[0], 1);
    dup2(files[1], 2);
    if (files[2] >= 0)
        dup2(files[2], 3);
    else
        close(3);
    if (syscall(__NR_close_range, 4U, ~0U, 0U) != 0)
        for (int file = 4; file < 1024; file++) close(file);
    /* Swift's handlers start a program to print a backtrace, which a worker in its sandbox cannot, and then go on. */
    const int crashes[] = {SIGPIPE, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};
    for (size_t index = 0; index < sizeof crashes / sizeof *crashes; index++) signal(crashes[index], SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    /* The command line stays the batch's; top and ps -o comm tell what this is. */
    char name[16];
    snprintf(name, sizeof name, "vtx-%s", request->words);
    prctl(PR_SET_NAME, name);
}

static void tell_ends(int socket) {
    struct message message = {0};
    struct rusage usage;
    while ((message.ended.worker = wait4(-1, &message.ended.status, WNOHANG, &usage)) > 0) {
        message.ended.cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
                            + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
        message.ended.memory = usage.ru_maxrss;
        if (send(socket, &message, sizeof message, MSG_NOSIGNAL) < 0) _exit(0);
    }
}

/* Forks workers until the other end of the socket is closed. Returns in workers only. */
static void serve(int socket, char **words, size_t *size) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGCHLD);
    /* Signals of the terminal are for the coordinator; workers have none blocked. */
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    static struct request request;
    for (;;) {
        struct pollfd files[2] = {{.fd = socket, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
        if (poll(files, 2, -1) < 0) continue;
        if (files[1].revents) {
            struct signalfd_siginfo info;
            while (read(signals, &info, sizeof info) > 0) continue;
            tell_ends(socket);
        }
        if (!files[0].revents) continue;
        int given[3];
        ssize_t length = receive(socket, &request, given);
        if (length < 0) _exit(0);
        pid_t parent = getpid(), worker = fork();
        if (worker == 0) {
            if (leave_alone(parent) != 0) _exit(127);
            settle(&request, given);
            *words = request.words;
            *size = (size_t)length;
            return;
        }
        struct message message = {.started = worker > 0 ? worker : -errno};
        for (int index = 0; index < 3; index++)
            if (given[index] >= 0) close(given[index]);
        if (send(socket, &message, sizeof message, MSG_NOSIGNAL) < 0) _exit(0);
    }
}

pid_t vtx_fork_server_start(int *descriptor, char **words, size_t *size) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return -errno;
    int room = 2 * VTX_FORK_SERVER_LONGEST;
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    pid_t parent = getpid(), server = fork();
    if (server < 0) return -errno;
    if (server == 0) {
        if (leave_alone(parent) != 0) _exit(127);
        prctl(PR_SET_NAME, "vtx-forkserver");
        close(ends[0]);
        serve(ends[1], words, size);
        return 0;
    }
    close(ends[1]);
    *descriptor = ends[0];
    return server;
}

pid_t vtx_fork_server_spawn(
    int descriptor, const char *words, size_t size, int output, int errors, int kept, int niceness) {
    if (size > VTX_FORK_SERVER_LONGEST) return -E2BIG;
    int files[3] = {output, errors, kept};
    int count = kept < 0 ? 2 : 3;
    char space[CMSG_SPACE(3 * sizeof(int))];
    memset(space, 0, sizeof space);
    int head[2] = {niceness, kept >= 0};
    struct iovec parts[2] = {{.iov_base = head, .iov_len = sizeof head}, {.iov_base = (void *)words, .iov_len = size}};
    struct msghdr header = {
        .msg_iov = parts, .msg_iovlen = 2, .msg_control = space, .msg_controllen = CMSG_SPACE(count * sizeof(int))};
    struct cmsghdr *control = CMSG_FIRSTHDR(&header);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(control), files, count * sizeof(int));
    if (sendmsg(descriptor, &header, MSG_NOSIGNAL) < 0) return -errno;
    for (;;) {
        struct message message;
        ssize_t got = recv(descriptor, &message, sizeof message, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got != sizeof message) return -ECHILD;
        if (message.started != 0) return message.started;
        struct vtx_ended *more = realloc(early, (early_count + 1) * sizeof *early);
        if (!more) return -ENOMEM;
        early = more;
        early[early_count++] = message.ended;
    }
}

int vtx_fork_server_ended(int descriptor, struct vtx_ended *ended) {
    if (early_count > 0) {
        *ended = early[0];
        memmove(early, early + 1, --early_count * sizeof *early);
        return 1;
    }
    struct message message;
    ssize_t got = recv(descriptor, &message, sizeof message, MSG_DONTWAIT);
    if (got == 0) return -1;
    if (got != sizeof message || message.started != 0) return 0;
    *ended = message.ended;
    return 1;
}
