#include "wire.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

enum { HEADER_SIZE = 9 };

static uint32_t read_u32(const uint8_t *b) {
  return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

void write_u32(uint8_t *b, uint32_t value) {
  for (int i = 0; i < 4; i++) b[i] = (uint8_t)(value >> (8 * i));
}

static bool read_whole(uint8_t *to, size_t size) {
  while (size > 0) {
    ssize_t got = read(ENGINE, to, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    size -= (size_t)got;
  }
  return true;
}

bool frame_read(struct frame *frame) {
  uint8_t header[HEADER_SIZE];
  if (!read_whole(header, sizeof header)) return false;
  *frame = (struct frame){read_u32(header), read_u32(header + 4), header[8], NULL};
  frame->payload = malloc((size_t)frame->length + 1);
  if (frame->payload != NULL && read_whole(frame->payload, frame->length)) return true;
  free(frame->payload);
  return false;
}

bool frame_write(uint32_t channel, enum frame_type type, const void *payload, size_t length) {
  uint8_t header[HEADER_SIZE];
  write_u32(header, (uint32_t)length);
  write_u32(header + 4, channel);
  header[8] = (uint8_t)type;
  struct iovec part[2] = {{header, sizeof header}, {(void *)payload, length}};
  while (part[0].iov_len + part[1].iov_len > 0) {
    ssize_t wrote = writev(ENGINE, part, 2);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    for (int i = 0; i < 2; i++) {
      size_t taken = (size_t)wrote < part[i].iov_len ? (size_t)wrote : part[i].iov_len;
      part[i].iov_base = (uint8_t *)part[i].iov_base + taken;
      part[i].iov_len -= taken;
      wrote -= (ssize_t)taken;
    }
  }
  return true;
}
