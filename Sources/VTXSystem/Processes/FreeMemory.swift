// How much memory child processes may have without being told.

/// Bytes that programs can have without others being swapped out (`MemAvailable`); 4 GiB where the system does not tell.
package func freeMemory() -> Int64 {
    let line = readText("/proc/meminfo")?.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int64($0) }
    return (kilobytes ?? 4 << 20) * 1024
}
