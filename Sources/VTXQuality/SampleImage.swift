// Views of frames that somebody else owns: planes of samples with padding between rows.

/// One plane of samples in memory that outlives the view.
package struct SamplePlane {
    /// Left sample of the top row.
    package let base: UnsafeRawPointer
    /// Bytes from one row to the next.
    package let stride: Int
    /// Samples of a row.
    package let width: Int
    /// Rows.
    package let height: Int

    /// A view of `width` × `height` samples that begin at `base`.
    package init(base: UnsafeRawPointer, stride: Int, width: Int, height: Int) {
        self.base = base
        self.stride = stride
        self.width = width
        self.height = height
    }

    @inline(__always)
    func row<Sample>(_ y: Int, of: Sample.Type = Sample.self) -> UnsafePointer<Sample> {
        base.advanced(by: y * stride).assumingMemoryBound(to: Sample.self)
    }
}

/// A frame: luma, and two planes of chroma if it has color.
package struct SampleImage {
    /// Y, or Y, U and V.
    package let planes: [SamplePlane]
    /// Bits of a sample: 8 in one byte; 9 and 10 in two, in the machine's byte order.
    package let depth: Int

    /// A frame of planes of the same depth.
    package init(planes: [SamplePlane], depth: Int) {
        precondition((8...10).contains(depth) && !planes.isEmpty)
        self.planes = planes
        self.depth = depth
    }

    /// The largest value of a sample.
    package var peak: Double { Double((1 << depth) - 1) }

    var luma: SamplePlane { planes[0] }
}

/// What a frame of video looks like to the metrics: the same for all frames of both sides.
package struct SampleFormat: Hashable, Sendable {
    /// Samples of a row of luma.
    package var width: Int
    /// Rows of luma.
    package var height: Int
    /// Bits of a sample, 8 to 10.
    package var depth: Int

    /// A format of `width` × `height` samples of luma.
    package init(width: Int, height: Int, depth: Int) {
        self.width = width
        self.height = height
        self.depth = depth
    }
}
