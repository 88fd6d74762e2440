/* A program that was started for the engine, from then until all that there is to say of it was said. */
#ifndef PLAYHOUSE_PROGRAM_H
#define PLAYHOUSE_PROGRAM_H
#include "wire.h"
#include <poll.h>
#include <sys/types.h>

enum { MAX_FDS = 3 }; /* that one program can wait for */

struct program {
  struct program *next;
  uint32_t channel;
  pid_t pid;
  bool detached, exited;
  int status;               /* of waitpid */
  int input, streams[2];    /* our ends of its pipes; -1: closed */
  uint8_t *text;            /* the request, whose end is what the program is still to be given */
  size_t text_at, text_end;
};

/* Starts what a RUN frame asks for and takes over the frame's payload. NULL when nothing came of it: the engine was told. */
struct program *program_start(const struct frame *frame);
/* To the program and what it started. */
void program_signal(const struct program *program, int number);
/* Moves what can be moved without waiting. */
void program_move(struct program *program);
/* True once it has ended and its output was handed on: the engine was told, and what is left is to be freed. */
bool program_over(const struct program *program);
void program_free(struct program *program);
/* Adds what it waits for. */
size_t program_poll(const struct program *program, struct pollfd *fds);
#endif
