/* Names and memory of threads: pthread_setname_np and mallopt are GNU extensions that Swift's Glibc module hides. */

#ifndef VTX_THREADS_H
#define VTX_THREADS_H

/* Names the calling thread for debuggers and top -H; the kernel keeps 15 bytes. */
void vtx_name_thread(const char *name);

/*
 * Lets threads use memory that others have freed: with an arena for each, as glibc has it, every thread that a frame
 * passes through holds on to its own. And gives large pieces back to the system when they are freed: encoders that come
 * and go with chunks would leave holes between them.
 */
void vtx_share_memory(void);

#endif
