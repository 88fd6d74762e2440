/* Runs on the host, before a machine is started without KVM: how fast is the time stamp counter that it will see? */
#ifndef PLAYHOUSE_TSC_H
#define PLAYHOUSE_TSC_H

/* Prints the frequency in kHz; returns 0 or an errno. */
int print_tsc_khz(void);
#endif
