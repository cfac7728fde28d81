// How the directory of an unfinished job is recognized.

/// End of the name of a directory in which a job keeps what it has done: `.NAME.vtx-chunks`.
let workspaceSuffix = ".vtx-chunks"
