import Glibc
import Testing
import VTXSystem

extension OneByOne {
    @Suite("locks")
    struct LockTests {
        @Test("A file lock excludes others until it is let go, and tells its holder")
        func fileLock() throws {
            try withDirectory { directory in
                let path = "\(directory)/lock"
                #expect(FileLock.isFree(path))
                let other = try FileLock(path, .file(mode: 0o600))
                do {
                    let lock = try FileLock(path, .file(mode: 0o600))
                    #expect(try lock.take())
                    lock.sign()
                    #expect(try !other.take())
                    #expect(try !other.take(within: 0.15))
                    #expect(other.holder == "\(getpid())")
                    #expect(!FileLock.isFree(path))
                }
                #expect(FileLock.isFree(path))
                #expect(try other.take(within: 1))
                #expect(other.isCurrent)
                unlink(path)
                #expect(!other.isCurrent)
            }
        }

        @Test("A directory can be locked; what is not there cannot")
        func directory() throws {
            try withDirectory { directory in
                let lock = try FileLock(directory, .existing)
                #expect(try lock.take())
                #expect(!FileLock.isFree(directory))
                #expect(throws: SystemFailure("create", errno: ENOENT)) { try FileLock("\(directory)/a", .existing) }
            }
        }

        @Test("A guarded value loses no change")
        func guarded() {
            let sum = Guarded(0)
            let threads = (0..<4).map { _ in
                NamedThread("adder") { for _ in 0..<10_000 { sum.with { $0 += 1 } } }
            }
            for thread in threads { thread.join() }
            #expect(sum.with { $0 } == 40_000)
        }

        @Test("Threads that wait in two queues hand numbers to each other")
        func monitor() {
            let slot = Monitor<Int?>(nil, queues: 2)
            let producer = NamedThread("producer") {
                for number in 1...1000 {
                    slot.wait(in: 0, waking: .one(1), until: { $0 == nil }, then: { $0 = number })
                }
            }
            var sum = 0
            for _ in 1...1000 {
                sum += slot.wait(in: 1, waking: .one(0), until: { $0 != nil }) { value in
                    defer { value = nil }
                    return value ?? 0
                }
            }
            producer.join()
            #expect(sum == 500_500)
        }

        @Test("A wait ends when its time is over, or at once when a change comes")
        func timedWait() {
            let isDone = Monitor(false)
            let began = now()
            #expect(!isDone.wait(atMost: 0.05, until: { $0 }))
            #expect(now() - began > 0.04)
            let thread = NamedThread(nil) { isDone.with(waking: .everybody) { $0 = true } }
            #expect(isDone.wait(atMost: 10, until: { $0 }))
            thread.join()
        }

        @Test("A thread has its name")
        func threadName() {
            let name = Guarded("")
            NamedThread("a name that is too long") {
                name.with { $0 = readText("/proc/thread-self/comm") ?? "" }
            }.join()
            #expect(name.with { $0 } == "a name that is \n")
        }
    }
}
