/* Frames between engine and launcher, both ways: u32 length of the payload, u32 channel, u8 type, payload; little-endian.
 * packages/engine/src/system/launcher/launcher-frames.ts is the other side. Each trusts the other: no resync, no checks of origin. */
#ifndef PLAYHOUSE_WIRE_H
#define PLAYHOUSE_WIRE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ENGINE = 3 }; /* the descriptor that leads to the engine */

enum frame_type {
  /* u8 flags, u16 number of arguments, u16 number of settings; then, each ended by NUL: folder to run in, file for the output,
   * arguments, settings (NAME=value); the rest is the program's input. */
  RUN = 1,
  SIGNAL,         /* u8 number: to the program and what it started */
  STARTED = 0x81, /* u32 pid */
  FAILED,         /* u32 errno: there is no program, and nothing follows */
  OUTPUT,         /* bytes of its standard output */
  ERRORS,         /* bytes of its standard error */
  ENDED,          /* u8 1 when a signal ended it, u8 number of the signal, or exit code; nothing follows */
};

struct frame { uint32_t length, channel; uint8_t type, *payload; };

/* Waits for a whole frame, whose payload is the caller's to free. False when the engine is gone. */
bool frame_read(struct frame *frame);
/* Waits until the engine takes it. False when the engine is gone. */
bool frame_write(uint32_t channel, enum frame_type type, const void *payload, size_t length);
void write_u32(uint8_t *bytes, uint32_t value);
#endif
