/* What the kernel's scheduler is asked for. These are wishes: where they are not granted, all goes
 * on as usual. */
#ifndef YZ_GEO_BASE_PACE_H
#define YZ_GEO_BASE_PACE_H

#include <stdint.h>

/* This thread is let in ahead of all others when it wakes (SCHED_RR of the least priority), where
 * the system grants that (RLIMIT_RTPRIO, CAP_SYS_NICE), and works a tenth of a millisecond at a
 * time otherwise (Linux 6.12 and later: EEVDF with slices of one's own, PREEMPT_SHORT; earlier
 * kernels take no notice): for loops that answer at once. What it starts does not inherit it. */
void pace_prompt(void);
/* Each time that a prompt thread has something to do: one that worked more than half of the time
 * stands in line with the others until it works less than a quarter, so that a flood of questions
 * does not keep from writing whoever was promised it. Looks at the clocks once in 64 turns. */
void pace_turn(void);
/* For how long this thread works at a time; 0 where the kernel does not say, or it comes first. */
uint64_t pace_slice_ns(void);

/* This process gives way to the one that started it (10 steps of nice, SCHED_BATCH), and still
 * comes to its end where that never rests: for long work that others need not wait for. */
void pace_patient(void);

#endif
