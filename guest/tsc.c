#include "tsc.h"
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

#define SPAN_NS 250000000LL
#define ATTEMPTS 64

struct sample {
  int64_t ns;
  uint64_t ticks;
};

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC_RAW, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Clock and counter at the same instant: of many tries the one that was interrupted the least. */
static struct sample take(void) {
  struct sample best = {0, 0};
  int64_t tightest = INT64_MAX;
  for (int i = 0; i < ATTEMPTS; i++) {
    int64_t before = now();
    uint64_t ticks = __rdtsc();
    int64_t after = now();
    if (after - before >= tightest) continue;
    tightest = after - before;
    best = (struct sample){before + tightest / 2, ticks};
  }
  return best;
}

int print_tsc_khz(void) {
  struct sample first = take();
  struct timespec pause = {0, SPAN_NS};
  nanosleep(&pause, NULL);
  struct sample last = take();
  if (last.ticks <= first.ticks || last.ns <= first.ns) return ERANGE;
  printf("%.0f\n", (double)(last.ticks - first.ticks) * 1e6 / (double)(last.ns - first.ns));
  return 0;
}
