/* Signals that are read from a descriptor; Swift's Glibc module does not show signalfd(2). */

#ifndef VTX_SIGNALS_H
#define VTX_SIGNALS_H

/* Blocks these signals for this thread and those it starts later; they are read from the descriptor. -errno if not. */
int vtx_signal_descriptor(const int *signals, int count);

/* The next signal of such a descriptor, without waiting; 0 if there is none. */
int vtx_next_signal(int descriptor);

#endif
