/* Frames on the wire between host and agent, both ways (docs/guest-agent.md):
 * magic "PHG1", u32 channel, u8 type, u32 length, payload. All numbers are little-endian. */
#ifndef PLAYHOUSE_FRAME_H
#define PLAYHOUSE_FRAME_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HEADER_SIZE = 13, MAX_PAYLOAD = 32768, MAX_FRAME = HEADER_SIZE + MAX_PAYLOAD };

enum frame_type {
  HELLO = 0x01, EXEC, STDIN, STDIN_EOF, KILL, WRITE_FILE, WRITE_DATA, WRITE_END, SET_TIME, RESEED, SYNC, FREEZE, THAW,
  REMOVE, EXISTS, GET_TIME, AUTHORIZE,
  LAST_REQUEST = AUTHORIZE,
  READY = 0x81, STDOUT, STDERR, EXIT, OK, ERROR, STDIN_CREDIT,
};

struct frame { uint32_t channel; uint8_t type; uint32_t length; const uint8_t *payload; };

/* Incoming bytes. Anything that is not a frame is skipped up to the next magic. */
struct parser { size_t start, end; uint8_t bytes[2 * MAX_FRAME]; };
void parser_reset(struct parser *parser);
/* Space to read into; call parser_filled() with how much came. Never empty after parser_next() has returned false. */
uint8_t *parser_space(struct parser *parser, size_t *size);
void parser_filled(struct parser *parser, size_t size);
bool parser_next(struct parser *parser, struct frame *frame);

/* Outgoing bytes. Producers of bulk data ask outbox_has_room() first; short replies always fit. */
struct outbox { size_t start, end; uint8_t bytes[16 * MAX_FRAME]; };
void outbox_reset(struct outbox *outbox);
bool outbox_has_room(const struct outbox *outbox);
void outbox_put(struct outbox *outbox, uint32_t channel, uint8_t type, const void *payload, size_t length);
/* OK, or ERROR with the errno and a text. */
void outbox_reply(struct outbox *outbox, uint32_t channel, int error, const char *text);
/* Writes what the descriptor takes without blocking. Returns false when the other side is gone. */
bool outbox_flush(struct outbox *outbox, int fd);

uint32_t read_u32(const uint8_t *bytes);
void write_u32(uint8_t *bytes, uint32_t value);
#endif
