#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights and fields that headers older than the kernel do not name (Documentation/userspace-api/landlock.rst). */
#define FS_REFER (1ULL << 13)     /* version 2 */
#define FS_TRUNCATE (1ULL << 14)  /* version 3 */
#define FS_IOCTL_DEV (1ULL << 15) /* version 5 */
#define NET_BIND_TCP (1ULL << 0)  /* version 4 */
#define NET_CONNECT_TCP (1ULL << 1)
#define SCOPE_ABSTRACT_UNIX_SOCKET (1ULL << 0) /* version 6 */
#define SCOPE_SIGNAL (1ULL << 1)

#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_add_rule 445
#define __NR_landlock_restrict_self 446
#endif
#ifndef __NR_io_uring_setup
#define __NR_io_uring_setup 425
#endif

struct ruleset {
    uint64_t fs;
    uint64_t net;
    uint64_t scoped;
};

/* All of version 1: execute, write, read, read directories, remove and make everything. */
#define FS_VERSION_1 ((1ULL << 13) - 1)
#define FS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_OF_FILES \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

int vtx_sandbox_version(void) {
    long version = syscall(__NR_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < 0 ? 0 : (int)version;
}

static int allow(int ruleset, const char *const *paths, uint64_t rights) {
    for (; *paths; paths++) {
        int file = open(*paths, O_PATH | O_CLOEXEC);
        if (file < 0) continue;
        struct stat status;
        struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = file};
        long code = fstat(file, &status);
        if (code == 0) {
            if (!S_ISDIR(status.st_mode)) rule.allowed_access &= FS_OF_FILES;
            code = syscall(__NR_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
        }
        int reason = errno;
        close(file);
        /* Pipes and the like belong to no file system that could be restricted. */
        if (code < 0 && reason != EBADFD) return reason;
    }
    return 0;
}

static int restrict_files(const char *const *readable, const char *const *writable, int version) {
    struct ruleset attributes = {.fs = FS_VERSION_1};
    size_t size = sizeof attributes.fs;
    if (version >= 2) attributes.fs |= FS_REFER;
    if (version >= 3) attributes.fs |= FS_TRUNCATE;
    if (version >= 5) attributes.fs |= FS_IOCTL_DEV;
    if (version >= 4) {
        attributes.net = NET_BIND_TCP | NET_CONNECT_TCP;
        size = offsetof(struct ruleset, scoped);
    }
    if (version >= 6) {
        attributes.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL;
        size = sizeof attributes;
    }
    int ruleset = (int)syscall(__NR_landlock_create_ruleset, &attributes, size, 0);
    if (ruleset < 0) return errno;
    int code = allow(ruleset, readable, attributes.fs & FS_READ);
    if (code == 0) code = allow(ruleset, writable, attributes.fs & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE);
    if (code == 0 && syscall(__NR_landlock_restrict_self, ruleset, 0) < 0) code = errno;
    close(ruleset);
    return code;
}

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#endif

/* Calls that decoding a file never needs. io_uring would make sockets past this filter. */
#define REFUSE(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

static int restrict_calls(void) {
#ifdef NATIVE
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        /* x86's x32 calls have this bit. */
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        REFUSE(__NR_socket),
        REFUSE(__NR_socketpair),
        REFUSE(__NR_execve),
        REFUSE(__NR_execveat),
        REFUSE(__NR_io_uring_setup),
        REFUSE(__NR_bpf),
        REFUSE(__NR_perf_event_open),
        REFUSE(__NR_unshare),
        REFUSE(__NR_setns),
        REFUSE(__NR_mount),
        REFUSE(__NR_keyctl),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    if (syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0) return errno;
#endif
    return 0;
}

int vtx_sandbox_enter(const char *const *readable, const char *const *writable) {
    int version = vtx_sandbox_version();
    if (version == 0) return ENOSYS;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    int code = restrict_files(readable, writable, version);
    return code != 0 ? code : restrict_calls();
}
