"""The self-test of scripts/structure: small source trees, of which each but the first breaks a rule."""

import contextlib
import io
import re
import tempfile
import textwrap
from pathlib import Path

# Path and text of each file. `<<rule>>` marks a line that must be reported, and by which rule; no other line may be.
# Each broken tree is the clean one with some files replaced or added.
CLEAN = {
    "Sources/CLinux/linux.c": 'const char *text = "--exempt";\n',
    "Sources/VTXModel/Shape.swift": r'''
        // Not code: struct Ghost { /* " and --no-flag
        /* /* func ghost( } */ " class Ghost { --no-flag */
        public import Glibc

        /// A shape.
        @available(*, deprecated)
        #if os(Linux)
        @frozen
        #endif
        public struct Shape: Sendable {
            /// Text that looks like code, <!-- and -->, and x-- of --.
            public var name = #"} raw " \(Circle) \#(Colour.red) { "# + """
                " } Circle \("{" + "\("}")") {
                <!--comment--> a--b --name:#fff;color:var(--name)
                """
            /// Names.
            @discardableResult
            public func `default`(Circle: Int, of circle: Int) -> Int { circle + self.circle + Circle }
            /** The area. */ public static let circle = 1, other = { () -> Int in let circle = 2; return circle }()
            /// Only the setter is not public.
            public private(set) var area: Double {
                get { circle(2) }
                set {}
            }
            private func circle(_ radius: Double) -> Double { radius }
            init<Circle: Sendable>(_ all: [Circle]) where Circle: Equatable { helper() }
            private struct Hidden { var circle: Int }
            private var hidden: Hidden?
            func generic<Circle: Sendable>(_ all: [Circle]) -> Circle where Circle: Equatable { all[0] as Circle }
        }

        private func area(of shape: Shape) -> Int { [1].map { circle in circle + 1 }[0] }
        private enum Hidden { case circle, Circle(Int) }
        private let total = area(of: Shape())
        struct Box<Circle>: Sendable where Circle: Sendable { var area: Double }
        extension Box where Circle: Sendable {
            func first(_ all: [Circle]) -> Circle? { area > Foundation.Circle.none ? all.first : nil }
        }
        ''',
    "Sources/VTXModel/Circle.swift": """
        /// Uses Shape, which names `Circle` only where it means something else.
        struct Circle { var shape: Shape }
        func circle(_ radius: Double) -> Double { radius }
        func area(of circle: Circle) -> Int { 0 }
        enum Hidden {}
        private func helper() {}
        extension Shape { struct Corner {}; static func corner() -> Corner { Corner() } }
        """,
    "Sources/VTXModel/Colour.swift": """
        // structure: long because it is a table
        enum Colour { case red }
        struct Companion {
        """ + "        // …\n" * 40 + """        }
        struct Large {
            // structure: long because each step needs the one before
            /// Long.
            func long() {
        """ + "        // …\n" * 400 + """    }
        }
        private struct AlsoLarge {
        """ + "        // …\n" * 41 + """        }
        """,
    "Sources/LibAV/Video.swift":
        "import CLibAV\nimport struct VTXModel.Shape\n#if canImport(Glibc)\nimport Glibc\n#endif\n",
    "Sources/vtx/Main.swift": 'import ArgumentParser\nimport VTXModel\nlet option = "--allowed"\n',
}
BROKEN = {
    "a circle by an interpolation": {
        "Sources/VTXModel/Colour.swift": 'enum Colour {\n    case red\n    var text: String { "\\(Circle.self)" }\n}\n',
        "Sources/VTXModel/Circle.swift": "struct Circle { var shape: Shape } // <<circles>>\n",
    },
    "a circle by a call": {
        "Sources/VTXModel/Circle.swift": "func circle() { // …\n    let square = square() // <<circles>>\n}\n",
        "Sources/VTXModel/Square.swift": "func `square`() -> Int { circle(square: 1) }\n",
    },
    "a circle by a function as a value": {
        "Sources/VTXModel/Circle.swift": "let circle = [1].map(square) // <<circles>>\n",
        "Sources/VTXModel/Square.swift": "func square(_ x: Int) -> Int { [x: circle, 2: 3] }\n",
    },
    "a circle by a nested type": {
        "Sources/VTXModel/Shape.swift": "enum Shape {}\nenum Other { typealias A = Shape.Corner }\n",
        "Sources/VTXModel/Circle.swift": "extension Shape { // <<circles>>\n    struct Corner {}\n}\n",
    },
    "a circle by an overload that only the labels tell apart": {
        "Sources/VTXModel/A.swift": "func f(_ x: Int) {}\nfunc a() { f(of: 1) } // <<circles>>\n",
        "Sources/VTXModel/B.swift": "func f(of x: Int, by y: Int = 2) { a() }\n",
    },
    "a circle by names with their module and by Self": {
        "Sources/VTXModel/A.swift": "struct A {\n    func f() { VTXModel.f() } // <<circles>>\n}\n",
        "Sources/VTXModel/B.swift": "func f() {}\nextension A { struct B {} }\n",
        "Sources/LibAV/A.swift": "struct A {\n    var b: Self.B { .init() } // <<circles>>\n}\n",
        "Sources/LibAV/B.swift": "extension A { struct B {} }\n",
    },
    "a circle of three": {
        "Sources/LibAV/A.swift": "struct A {\n    var b: B // <<circles>>\n}\n",
        "Sources/LibAV/B.swift": "struct B { var c: C }\n",
        "Sources/LibAV/C.swift": "class C {}\nextension A: Sendable {}\n",
    },
    "imports": {
        "Sources/VTXModel/Up.swift": "import Glibc\n@testable internal import LibAV // <<layers>>\n",
        "Sources/VTXKit/C.swift": "import CLibAV // <<layers>>\nimport Yams\n",
        "Sources/VTXPlanning/Y.swift": "import Yams // <<layers>>\nimport Unheard // <<layers>>\n",
        "Sources/VTXServe/S.swift": "import NIOCore\nimport ArgumentParser // <<layers>>\n",
    },
    "a folder without a row": {"Sources/VTXNew/New.swift": "import Glibc // <<layers>>\n"},
    "flags": {
        "Sources/VTXModel/Flag.swift":
            'let a = "use --crf 20" // <<flags>>\n'
            'let b = """\n    --of\\(a) <<flags>>\n    text\n    \\("--b") <<flags>>\n    """\n'
            'let c = #"--x"# /* <<flags>> */\n'
            'let d = "--\\(a)" // --no <<flags>>\n'
            'let e = "--bitrate: no" // <<flags>>\n',
    },
    "no docstring": {
        "Sources/VTXModel/Public.swift": """
            /// Not directly before.

            public struct A { // <<documented>>
                // A plain comment is none.
                public var a = 1 /// Nor is this. // <<documented>>
                @inlinable
                public func f() {} // <<documented>>
                /// Right.
                public init() {}
                public init(a: Int) {} // <<documented>>
                /// Not directly before.
                // structure of it
                public let b = 1 // <<documented>>
                public static subscript(a: Int) -> Int { a } // <<documented>>
            }
            public extension A { func g() {} }
            //// Nor is this.
            open class B {} // <<documented>>
            """,
    },
    "a long file": {"Sources/VTXModel/Long.swift": "// <<sizes>>\n" + "//\n" * 400},
    "a long file without a reason":
        {"Sources/VTXModel/Long.swift": "// <<sizes>>\n// structure: long because\n" + "//\n" * 399},
    "long functions": {
        "Sources/VTXModel/Long.swift":
            "func a( // <<sizes>>\n    b: Int\n) -> Int {\n" + "    //\n" * 57 + "}\n"
            "func b() {\n" + "    //\n" * 58 + "}\n"
            "enum E {\n    static var c: Int { // <<sizes>>\n" + "        //\n" * 59 + "    }\n"
            "    private init() { // <<sizes>>\n        func inner() {\n" + "        //\n" * 57 + "        }\n    }\n"
            "    static let table = {\n" + "        //\n" * 60 + "    }()\n}\n",
    },
    "brackets without counterparts": {
        "Sources/VTXModel/Open.swift": "struct A {\n    func f( { // <<unreadable>>\n",
        "Sources/VTXModel/Closed.swift": "struct B {}\n} // <<unreadable>>\n",
        "Sources/VTXModel/End.swift": "struct",
    },
    "two types in a file": {
        "Sources/VTXModel/Two.swift":
            "struct A {\n" + "    //\n" * 41 + "}\nextension A {\n" + "    //\n" * 41 + "}\n"
            "final class B { // <<types>>\n" + "    //\n" * 41 + "}\n",
    },
}


def self_test(main, targets):
    """Checks that exactly the marked lines are reported; returns an exit status."""
    status, above = 0, set()
    for target, allowed in targets.items():
        if not above >= set(allowed.split()):
            print(f"self-test: the row of {target} names a target that is not above it")
            status = 1
        above.add(target)
    for name, changed in [("the clean tree", {}), *BROKEN.items()]:
        with tempfile.TemporaryDirectory(prefix="vtx-structure.") as root:
            expected = set()
            for path, text in {**CLEAN, **changed}.items():
                text = textwrap.dedent(text)
                for number, line in enumerate(text.split("\n"), 1):
                    expected.update((path, number, rule) for rule in re.findall(r"<<(\w+)>>", line))
                file = Path(root, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                ended = main(["--root", root])
            lines = printed.getvalue().splitlines()
            found = [re.match(r"([^:]+):(\d+): (\w+): \S", line) for line in lines]
            named = {(match[1], int(match[2]), match[3]) for match in found if match}
            if named != expected or len(lines) != len(expected) or ended != bool(expected):
                missing = [f"{path}:{line}: {rule}" for path, line, rule in sorted(expected - named)]
                print(f"self-test: {name}: status {ended}, not reported: {missing}, reported:", *lines, sep="\n  ")
                status = 1
    return status
