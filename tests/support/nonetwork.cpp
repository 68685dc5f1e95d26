#include <cstddef>
#include <cstdio>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

// Linked into every test of the label "unit": from before main() on, a socket of the Internet's
// families ends the process with SIGSYS, in this process and in those that it starts. So a unit
// test that asks the network, even loopback, fails wherever it is run. Where a kernel cannot do so
// it is testnonetwork.cpp alone that fails.

namespace {

#if defined(__x86_64__)
constexpr unsigned ownCalls = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned ownCalls = AUDIT_ARCH_AARCH64;
#else
#error "which architecture's system calls these are is not known here"
#endif

[[gnu::constructor]] void forbidTheNetwork()
{
    sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ownCalls, 0, 5),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    const sock_fprog filter{sizeof program / sizeof *program, program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
        || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
        std::perror("the network cannot be forbidden to a unit test"); // one of them fails for it
}

} // namespace
