// The system's functions for names: text becomes the very bytes of the name (VTXModel/Text/FileNames).
//
// Their arguments fit better than those of Glibc's, so that a call with a `String` is a call of these wherever VTXSystem
// is imported. errno is as Glibc left it.

import Glibc
import VTXModel

/// open(2).
package func open(_ path: String, _ flags: Int32) -> Int32 { path.withCName { Glibc.open($0, flags) } }

/// open(2) of a file that may be new.
package func open(_ path: String, _ flags: Int32, _ mode: UInt32) -> Int32 {
    path.withCName { Glibc.open($0, flags, mode) }
}

/// openat(2).
package func openat(_ directory: Int32, _ name: String, _ flags: Int32) -> Int32 {
    name.withCName { Glibc.openat(directory, $0, flags) }
}

/// access(2).
package func access(_ path: String, _ mode: Int32) -> Int32 { path.withCName { Glibc.access($0, mode) } }

/// mkdir(2).
package func mkdir(_ path: String, _ mode: UInt32) -> Int32 { path.withCName { Glibc.mkdir($0, mode) } }

/// rmdir(2).
@discardableResult package func rmdir(_ path: String) -> Int32 { path.withCName { Glibc.rmdir($0) } }

/// unlink(2).
@discardableResult package func unlink(_ path: String) -> Int32 { path.withCName { Glibc.unlink($0) } }

/// rename(2).
@discardableResult package func rename(_ old: String, _ path: String) -> Int32 {
    old.withCName { old in path.withCName { Glibc.rename(old, $0) } }
}

/// link(2).
package func link(_ old: String, _ path: String) -> Int32 {
    old.withCName { old in path.withCName { Glibc.link(old, $0) } }
}

/// opendir(3).
package func opendir(_ path: String) -> OpaquePointer? { path.withCName { Glibc.opendir($0) } }

/// realpath(3).
package func realpath(
    _ path: String, _ buffer: UnsafeMutablePointer<CChar>?
) -> UnsafeMutablePointer<CChar>? { path.withCName { Glibc.realpath($0, buffer) } }

/// strdup(3).
package func strdup(_ text: String) -> UnsafeMutablePointer<CChar>? { text.withCName { Glibc.strdup($0) } }

/// fnmatch(3).
package func fnmatch(_ pattern: String, _ path: String, _ flags: Int32) -> Int32 {
    pattern.withCName { pattern in path.withCName { Glibc.fnmatch(pattern, $0, flags) } }
}

/// inotify_add_watch(2).
// swift-format-ignore: AlwaysUseLowerCamelCase
package func inotify_add_watch(_ queue: Int32, _ path: String, _ mask: UInt32) -> Int32 {
    path.withCName { Glibc.inotify_add_watch(queue, $0, mask) }
}
