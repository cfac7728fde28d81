/* What Linux can do with files, and Swift's Glibc module does not show: GNU extensions and fcntl's leases. */

#ifndef VTX_FILES_H
#define VTX_FILES_H

/* Exchanges two paths in one step (renameat2). Returns 0 or an errno. */
int vtx_exchange_paths(const char *one, const char *other);

/* A pipe that programs do not inherit: reading end, writing end. Returns 0 or an errno. */
int vtx_pipe(int ends[2]);

/* Brings everything in the file system of a path to the disk (syncfs). */
void vtx_sync_around(const char *path);

/* Whether another process has a file open for writing: 1 yes, 0 no, -1 if the file system does not tell. */
int vtx_is_being_written(const char *path);

/* Opens a new file without a name in a directory, for reading and writing. Returns its descriptor, or -errno. */
int vtx_nameless_file(const char *directory);

#endif
