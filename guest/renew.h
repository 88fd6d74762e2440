/* Requests by which a copy of a machine gets an identity of its own: native, for a program costs an emulated machine ten times as much. */
#ifndef PLAYHOUSE_RENEW_H
#define PLAYHOUSE_RENEW_H
#include "frame.h"

/* Answers REMOVE, EXISTS, GET_TIME and AUTHORIZE. */
void renew(struct outbox *outbox, const struct frame *frame);
#endif
