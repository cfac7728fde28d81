// Where the results of packaging go.

package import LibAV

/// Takes what the renditions of a package produce; one call at a time for each rendition.
package struct PackageReceiver: Sendable {
    /// A rendition's name and what became ready.
    package var rendition: @Sendable (String, RenditionEvent) throws -> Void
    /// A cue of the subtitle rendition at this place in the plan.
    package var cue: @Sendable (Int, SubtitleCue) throws -> Void

    /// A receiver of two functions.
    package init(
        rendition: @escaping @Sendable (String, RenditionEvent) throws -> Void,
        cue: @escaping @Sendable (Int, SubtitleCue) throws -> Void
    ) {
        self.rendition = rendition
        self.cue = cue
    }
}
