/* Runs a command and writes down how long it took and how much memory at most.
 *
 *   peak RESULT.json COMMAND... */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    double start = now_s();
    pid_t child = fork();
    if (child == 0) {
        execv(argv[2], argv + 2);
        _exit(127);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) < 0) return 1;
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    double cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                   (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    double wall_s = now_s() - start, peak_mib = (double)usage.ru_maxrss / 1024;
    printf("took %.2f s (%.2f s of CPU), at most %.0f MiB\n", wall_s, cpu_s, peak_mib);
    FILE *out = fopen(argv[1], "w");
    if (!out) return 1;
    fprintf(out, "{\"seconds\": %.3f, \"cpu_seconds\": %.3f, \"peak_mib\": %.0f}\n", wall_s, cpu_s,
            peak_mib);
    if (fclose(out)) return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
