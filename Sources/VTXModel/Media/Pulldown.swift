// Film at 24 frames a second in video at 30.

/// How 3:2 pulldown is stored: four frames of film fill ten fields, so that every other frame is shown for a field more.
public enum Pulldown: String, Hashable, Codable, Sendable {
    /// Each frame is stored once, and flags tell players to repeat a field (`repeat_first_field` of MPEG-2,
    /// ISO/IEC 13818-2, 6.3.10; `pic_struct` of H.264, D.2.3): soft telecine.
    case flags
    /// Fields are stored twice, and two frames of five mix fields of two film frames: hard telecine.
    case fields
}
