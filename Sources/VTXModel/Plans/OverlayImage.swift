// An image that is laid over the video.

/// Where an image lies.
public enum OverlayPlace: String, Hashable, Codable, Sendable, CaseIterable {
    case topLeft = "top-left"
    case topRight = "top-right"
    case bottomLeft = "bottom-left"
    case bottomRight = "bottom-right"
    case center
}

/// An image file that is laid over the video.
public struct OverlayImage: Hashable, Codable, Sendable {
    /// Path of the file.
    public var path: String
    /// Where it lies.
    public var place = OverlayPlace.bottomRight
    /// How much of the video's width it takes, from 0.01 to 1.
    public var share = 0.15
    /// From 0.01 to 1; 1: as its alpha channel says.
    public var opacity = 1.0

    /// An image in the lower right corner.
    public init(path: String) { self.path = path }

    /// Reads `FILE[:place[:size%[:opacity]]]`; `nil` for anything else. What follows a colon and is no place belongs to the
    /// name of the file.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let place = parts.indices.dropFirst().last { OverlayPlace(rawValue: parts[$0].lowercased()) != nil }
        guard let place else {
            guard !text.isEmpty else { return nil }
            self.init(path: text)
            return
        }
        let values = parts[(place + 1)...]
        self.init(path: parts[..<place].joined(separator: ":"))
        self.place = OverlayPlace(rawValue: parts[place].lowercased()) ?? .bottomRight
        guard !path.isEmpty, values.count <= 2 else { return nil }
        if let size = values.first {
            guard let percent = Double(size.hasSuffix("%") ? String(size.dropLast()) : size),
                (1...100).contains(percent)
            else { return nil }
            share = percent / 100
        }
        if values.count == 2, let last = values.last {
            let isPercent = last.hasSuffix("%")
            guard let value = Double(isPercent ? String(last.dropLast()) : last) else { return nil }
            opacity = isPercent ? value / 100 : value
            guard (0.01...1).contains(opacity) else { return nil }
        }
    }
}
