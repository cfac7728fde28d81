// The manifest formats there are.

/// All formats that a package is described in.
package let manifestWriters: [any ManifestWriter] = [ThumbnailIndexWriter(), HLSManifestWriter()]
