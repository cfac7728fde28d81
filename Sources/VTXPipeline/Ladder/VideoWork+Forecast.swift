// What of a ladder's video will have to be encoded again.

extension VideoWork {
    /// Frames of a rung that are expected to be dropped yet; 0 for other renditions.
    func foreseen(of name: String, _ state: RenditionProgress) -> Int {
        guard let rung = video.rungs.first(where: { $0.name == name }), let buffer = rung.encode.rateBuffer else {
            return 0
        }
        let forecast = RetryForecast(store.chunks(of: name), buffer: buffer) { chunk in
            schedule.retry(of: name, chunk)?.isLast == true
        }
        let due = (schedule.source ?? plan.expectedFrames).map { Int($0) / max(1, rung.frameDivisor) }
        return forecast.total(dropped: state.dropped, due: due)
    }
}
