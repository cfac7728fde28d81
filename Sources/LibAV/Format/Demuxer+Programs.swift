// Programs: groups of streams, each with a clock of its own.

import CLibAV
package import VTXModel

extension Demuxer {
    /// Programs that have streams, in the order of the file.
    package var programs: [ProgramDescription] {
        (0..<Int(context!.pointee.nb_programs)).compactMap { place in
            guard let program = context!.pointee.programs[place]?.pointee, program.nb_stream_indexes > 0 else {
                return nil
            }
            let streams = (0..<Int(program.nb_stream_indexes)).map { Int(program.stream_index[$0]) }
            return ProgramDescription(
                number: Int(program.program_num), name: entries(of: program.metadata)["service_name"],
                streams: Set(streams).sorted())
        }
    }

    /// The clock that each stream follows: video and audio that several programs share make theirs one.
    ///
    /// All streams of a file with fewer than two programs follow clock 0.
    func clockNumbers() -> [Int] {
        var numbers = [Int](repeating: 0, count: streams.count)
        let programs = programs
        guard programs.count > 1 else { return numbers }
        var next = 1
        for program in programs {
            let known = Set(program.streams.filter { numbers[$0] != 0 && leads(streams[$0]!) }.map { numbers[$0] })
            let number = known.min() ?? next
            if known.isEmpty { next += 1 }
            for stream in numbers.indices where known.contains(numbers[stream]) { numbers[stream] = number }
            for stream in program.streams where numbers[stream] == 0 { numbers[stream] = number }
        }
        return numbers
    }

    /// Places where the clock of these streams jumped so far, and how many there are in all; times are without jumps.
    package func jumps(of streams: some Sequence<Int>) -> (first: [ClockJump], count: Int) {
        let numbers = clockNumbers()
        var found: (first: [ClockJump], count: Int) = ([], 0)
        for number in Set(streams.filter(numbers.indices.contains).map { numbers[$0] }).sorted() {
            found.first += clocks[number]?.jumps ?? []
            found.count += clocks[number]?.count ?? 0
        }
        return found
    }

    /// Whether any clock jumped so far.
    package var hasJumps: Bool { clocks.values.contains { $0.count > 0 } }

    /// When the file begins for a stream, in microseconds: with its program, if there are several.
    func firstTime(of stream: Int) -> Int64 {
        let own = streams[stream]!.pointee
        if programs.count > 1, let start = known(own.start_time) {
            return rescale(start, from: timeBase(of: stream), to: MediaTime.microsecond)
        }
        return known(context!.pointee.start_time) ?? 0
    }

    /// Those of `streams` that follow the clock of one of `others`.
    package func sharingClock(_ streams: some Sequence<Int>, with others: some Sequence<Int>) -> [Int] {
        let numbers = clockNumbers()
        let used = Set(others.filter(numbers.indices.contains).map { numbers[$0] })
        return streams.filter { !numbers.indices.contains($0) || used.contains(numbers[$0]) }
    }
}
