#define _GNU_SOURCE
#include "renew.h"
#include "account.h"
#include "keys.h"
#include "machine.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* NUL-ended paths; calls `each` for every one until it gives an errno. */
static void each_path(struct outbox *outbox, const struct frame *frame, int (*each)(const char *path), const char *trouble) {
  const char *path = (const char *)frame->payload, *end = path + frame->length;
  if (frame->length == 0 || end[-1] != '\0') return outbox_reply(outbox, frame->channel, EBADMSG, "malformed list of paths");
  int error = 0;
  for (; error == 0 && path < end; path += strlen(path) + 1) error = each(path);
  outbox_reply(outbox, frame->channel, error, trouble);
}

static int remove_file(const char *path) { return unlink(path) == 0 || errno == ENOENT ? 0 : errno; }

static int look_for(const char *path) { return access(path, F_OK) == 0 ? 0 : errno; }

/* NUL-ended user, keys to add and keys to take out. */
static void authorize(struct outbox *outbox, const struct frame *frame) {
  struct account user;
  const char *end = (const char *)frame->payload + frame->length, *field[3];
  const char *at = (const char *)frame->payload;
  bool whole = frame->length > 0 && end[-1] == '\0';
  for (int i = 0; i < 3; i++, at += whole ? strlen(at) + 1 : 0)
    if (!(whole = whole && at < end)) return outbox_reply(outbox, frame->channel, EBADMSG, "malformed AUTHORIZE");
    else field[i] = at;
  if (!account_find(field[0], &user)) return outbox_reply(outbox, frame->channel, ENOENT, "no such user");
  outbox_reply(outbox, frame->channel, authorize_keys(&user, field[1], field[2], IN_PLACE), "cannot write the keys");
}

static void get_time(struct outbox *outbox, const struct frame *frame) {
  uint8_t payload[8];
  uint64_t now = nanoseconds_now();
  write_u32(payload, (uint32_t)now);
  write_u32(payload + 4, (uint32_t)(now >> 32));
  outbox_put(outbox, frame->channel, OK, payload, sizeof payload);
}

void renew(struct outbox *outbox, const struct frame *frame) {
  switch (frame->type) {
    case REMOVE: return each_path(outbox, frame, remove_file, "cannot remove");
    case EXISTS: return each_path(outbox, frame, look_for, "not there");
    case GET_TIME: return get_time(outbox, frame);
    case AUTHORIZE: return authorize(outbox, frame);
  }
}
