import Foundation
import Testing
import VTXSystem

struct ClockTests {
    @Test("The clock does not go backwards")
    func monotonic() {
        let first = now()
        #expect(now() >= first)
    }

    @Test("The wall clock counts from 1970")
    func wall() {
        #expect(abs(wallTime() - Date().timeIntervalSince1970) < 5)
    }
}
