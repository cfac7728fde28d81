// Each family of hardware encoders with its traits.

extension HardwareEngine {
    /// The name as text for people writes it: `NVENC`.
    public var title: String { traits.title }

    /// All that is particular to it.
    package var traits: any HardwareTraits {
        switch self {
        case .nvenc: NVENC()
        case .qsv: QuickSync()
        case .vaapi: VAAPI()
        }
    }
}
