/* measured-run PROGRAM ARGUMENTS...: runs the program and prints its exit code, the nanoseconds
 * from before the fork to after its end, and its peak memory in kB. Small itself, since a process
 * counts the memory of the one it was forked from. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        return 2;
    }
    int64_t start = nanoseconds();
    pid_t child = fork();
    if (child == 0) {
        int nothing = open("/dev/null", O_WRONLY);
        if (nothing < 0 || dup2(nothing, STDOUT_FILENO) < 0) {
            _exit(126);
        }
        execv(argv[1], argv + 1);
        _exit(127);
    }
    int status = 0;
    struct rusage usage = {0};
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        return 2;
    }
    int64_t took = nanoseconds() - start;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    printf("%d %" PRId64 " %ld\n", code, took, usage.ru_maxrss);
    return 0;
}
