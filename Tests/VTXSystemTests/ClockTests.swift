import Testing
import VTXSystem

struct ClockTests {
    @Test("The clock does not go backwards")
    func monotonic() {
        let first = now()
        #expect(now() >= first)
    }
}
