#define _GNU_SOURCE
#include "frame.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const uint8_t MAGIC[4] = {'P', 'H', 'G', '1'};

uint32_t read_u32(const uint8_t *b) {
  return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

void write_u32(uint8_t *b, uint32_t value) {
  for (int i = 0; i < 4; i++) b[i] = (uint8_t)(value >> (8 * i));
}

void parser_reset(struct parser *p) { p->start = p->end = 0; }

uint8_t *parser_space(struct parser *p, size_t *size) {
  memmove(p->bytes, p->bytes + p->start, p->end - p->start);
  p->end -= p->start;
  p->start = 0;
  *size = sizeof p->bytes - p->end;
  return p->bytes + p->end;
}

void parser_filled(struct parser *p, size_t size) { p->end += size; }

bool parser_next(struct parser *p, struct frame *frame) {
  for (;;) {
    const uint8_t *at = p->bytes + p->start;
    size_t have = p->end - p->start;
    const uint8_t *magic = memmem(at, have, MAGIC, sizeof MAGIC);
    if (magic == NULL) {
      size_t keep = have < sizeof MAGIC - 1 ? have : sizeof MAGIC - 1; /* it may be cut in the middle */
      p->start = p->end - keep;
      return false;
    }
    p->start += (size_t)(magic - at);
    have = p->end - p->start;
    if (have < HEADER_SIZE) return false;
    *frame = (struct frame){read_u32(magic + 4), magic[8], read_u32(magic + 9), magic + HEADER_SIZE};
    if (frame->type < HELLO || frame->type > LAST_REQUEST || frame->length > MAX_PAYLOAD) {
      p->start++;
      continue;
    }
    if (have < HEADER_SIZE + frame->length) return false;
    p->start += HEADER_SIZE + frame->length;
    return true;
  }
}

void outbox_reset(struct outbox *o) { o->start = o->end = 0; }

bool outbox_has_room(const struct outbox *o) { return o->end - o->start < sizeof o->bytes / 2; }

void outbox_put(struct outbox *o, uint32_t channel, uint8_t type, const void *payload, size_t length) {
  if (o->end + HEADER_SIZE + length > sizeof o->bytes) {
    memmove(o->bytes, o->bytes + o->start, o->end - o->start);
    o->end -= o->start;
    o->start = 0;
  }
  if (o->end + HEADER_SIZE + length > sizeof o->bytes) return; /* cannot happen: requests stop at half */
  uint8_t *at = o->bytes + o->end;
  memcpy(at, MAGIC, sizeof MAGIC);
  write_u32(at + 4, channel);
  at[8] = type;
  write_u32(at + 9, (uint32_t)length);
  if (length > 0) memcpy(at + HEADER_SIZE, payload, length);
  o->end += HEADER_SIZE + length;
}

void outbox_reply(struct outbox *outbox, uint32_t channel, int error, const char *text) {
  uint8_t payload[256];
  if (error == 0) return outbox_put(outbox, channel, OK, NULL, 0);
  write_u32(payload, (uint32_t)error);
  int size = snprintf((char *)payload + 4, sizeof payload - 4, "%s: %s", text, strerror(error));
  outbox_put(outbox, channel, ERROR, payload, 4 + (size_t)size);
}

bool outbox_flush(struct outbox *o, int fd) {
  while (o->start < o->end) {
    ssize_t wrote = write(fd, o->bytes + o->start, o->end - o->start);
    if (wrote > 0) o->start += (size_t)wrote;
    else if (wrote < 0 && errno == EINTR) continue;
    else return wrote < 0 && errno == EAGAIN;
  }
  outbox_reset(o);
  return true;
}
