// The options of `vtx serve`, which two programs read: vtx for help and errors, vtx-server to serve.

package import ArgumentParser
package import VTXModel

/// The command line of `vtx serve` behind the command's name.
package struct ServeArguments: ParsableArguments {
    @Argument(help: "The directory to serve: a package, or one with packages below it.", completion: .directory)
    package var directory: String?

    @Option(help: ArgumentHelp("Port to listen on; 0 selects a free one.", valueName: "n"))
    package var port = 8080

    @Option(help: ArgumentHelp("Host name or address to listen on.", valueName: "host"))
    package var host = "127.0.0.1"

    @Option(
        help: ArgumentHelp(
            "Limit each client's bandwidth: 800k, or steps such as 5M:20s,800k:20s,3M.", valueName: "rate")
    )
    package var throttle: ThrottleArgument?

    @Option(help: ArgumentHelp("Serve only signed links; the secret, or @FILE to read it from.", valueName: "secret"))
    package var token: String?

    @Option(help: ArgumentHelp("Lifetime of the signed links: 90s, 30m, 24h, 7d.", valueName: "time"))
    package var expires: LifetimeArgument?

    @Option(
        help: ArgumentHelp(
            "Allow cross-origin requests from this origin, or '*' for any; may be repeated.", valueName: "origin"))
    package var cors: [String] = []

    @Option(
        help: ArgumentHelp(
            "hls.js for packages without one (default: the installed one, or from a CDN).", valueName: "file"),
        completion: .file())
    package var hlsJs: String?

    @Option(
        help: ArgumentHelp("Append the events reported by player pages to a file.", valueName: "file"),
        completion: .file())
    package var analytics: String?

    @Option(help: ArgumentHelp("Summarize such a file instead of serving.", valueName: "file"), completion: .file())
    package var report: String?

    @OptionGroup(title: "Reporting") package var output: OutputOptions

    package init() {}

    package func validate() throws {
        guard report == nil else {
            if directory != nil || analytics != nil || token != nil || throttle != nil || hlsJs != nil || !cors.isEmpty
                || expires != nil
            {
                throw ValidationError("--report cannot be combined with other options or a directory")
            }
            return
        }
        if directory == nil { throw ValidationError("Missing expected argument '<directory>'") }
        if !(0...65_535).contains(port) { throw ValidationError("--port must be from 0 to 65535") }
        if expires != nil, token == nil { throw ValidationError("--expires requires --token") }
        for origin in cors where origin != "*" {
            let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0].hasSuffix(":"), parts[1].isEmpty, !parts[2].isEmpty else {
                throw ValidationError("--cors must be '*' or an origin such as https://example.org")
            }
        }
    }
}

/// How `--throttle` is written.
package struct ThrottleArgument: ExpressibleByArgument {
    package let profile: ThrottleProfile

    package init?(argument: String) {
        guard let profile = ThrottleProfile(argument) else { return nil }
        self.profile = profile
    }
}

/// How `--expires` is written.
package struct LifetimeArgument: ExpressibleByArgument {
    package let seconds: Int

    package init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let last = argument.last, let unit = units[last], let number = Int(argument.dropLast()), number > 0,
            number <= 1_000_000
        else { return nil }
        seconds = number * unit
    }
}
