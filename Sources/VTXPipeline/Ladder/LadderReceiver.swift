// Where the results of a ladder go.

package import LibAV

/// Takes what the renditions of a ladder produce. Called on the renditions' threads, one call at a time for each
/// rendition.
package struct LadderReceiver: Sendable {
    /// A rendition's name (of its rung or audio rendition) and what became ready.
    package var rendition: @Sendable (String, RenditionEvent) throws -> Void
    /// A sprite sheet of thumbnails as JPEG.
    package var sheet: @Sendable ([UInt8]) throws -> Void
    /// The poster as JPEG.
    package var poster: @Sendable ([UInt8]) throws -> Void
    /// A cue of the subtitle rendition at this place in the plan.
    package var cue: @Sendable (Int, SubtitleCue) throws -> Void

    /// A receiver of four functions.
    package init(
        rendition: @escaping @Sendable (String, RenditionEvent) throws -> Void,
        sheet: @escaping @Sendable ([UInt8]) throws -> Void,
        poster: @escaping @Sendable ([UInt8]) throws -> Void,
        cue: @escaping @Sendable (Int, SubtitleCue) throws -> Void
    ) {
        self.rendition = rendition
        self.sheet = sheet
        self.poster = poster
        self.cue = cue
    }
}
